"""A recorded plan is read as its resources are, and what is no plan is refused with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies.properties import CannotTell
from policies.report_plan import PlanError, RecordedPlan, parse_plan, read_plan
from policies.rule import Circumstances, Environment
from policies.wire import UNKNOWNS
from tests.policies.test_report import STACK, step


def _plan(*steps: dict[str, Any]) -> RecordedPlan:
    return parse_plan(json.dumps({"config": {"a:b": "c"}, "steps": list(steps)}), "the plan")


def test_a_plan_knows_its_project_its_stack_and_its_configuration() -> None:
    plan = _plan(step(STACK, {}))
    assert (plan.project, plan.stack, plan.config) == ("shop", "prod", {"a:b": "c"})


def test_a_resource_has_its_name_its_inputs_and_what_they_were_computed_from() -> None:
    written = step("aws:eks/cluster:Cluster", {"name": "a", "__defaults": []})
    written["newState"]["propertyDependencies"] = {"roleArn": ["urn:role"], "name": None}
    (resource,) = _plan(written).resources
    assert resource.name == "thing"
    assert resource.inputs.raw == {"name": "a"}
    assert resource.dependencies == {"roleArn": ("urn:role",), "name": ()}


@pytest.mark.parametrize("text", [*sorted(UNKNOWNS), "[secret]"])
def test_what_only_the_update_tells_and_what_is_masked_is_unknown_at_any_depth(text: str) -> None:
    (resource,) = _plan(step("aws:eks/cluster:Cluster", {"a": [{"b": text}]})).resources
    with pytest.raises(CannotTell, match=r"^a\[0\]\.b"):
        resource.inputs.get("a")


def test_what_is_deleted_is_not_judged() -> None:
    gone: dict[str, Any] = {"op": "delete", "urn": "u", "oldState": {}, "newState": None}
    assert len(_plan(step(STACK, {}), gone).resources) == 1


def test_resources_are_seen_under_the_given_circumstances() -> None:
    circumstances = Circumstances(environment=Environment.PROD)
    (resource,) = _plan(step(STACK, {})).under(circumstances)
    assert resource.circumstances is circumstances


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "p: is no JSON.*pulumi preview --json --show-sames"),
        ("[]", "p: has no steps; write it with `pulumi preview --json"),
        ("{}", "p: has no steps"),
        ('{"steps": []}', "p: plans no resource"),
        ('{"steps": [{"op": "delete", "newState": null}]}', "p: plans no resource"),
    ],
)
def test_what_is_no_plan_is_refused(text: str, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        parse_plan(text, "p")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"none\.json: cannot be read: No such file"):
        read_plan(tmp_path / "none.json")
