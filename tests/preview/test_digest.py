"""A plan has the shape of `pulumi preview --json`, and states and plans are told apart when they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from preview import digest, recorded
from preview.errors import PreviewError
from preview.plan import (
    MASKED,
    STACK_TYPE,
    UNKNOWN,
    Diagnostic,
    Operation,
    Plan,
    PropertyChange,
    Resource,
    Secret,
    Severity,
    SourcePosition,
    Step,
)
from preview.recorded import RecordKind
from preview.wire import UNKNOWN_TEXT

STACK = Resource(urn="urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev", type=STACK_TYPE, custom=False)
THING = Resource(
    urn="urn:pulumi:dev::demo::demo:index:Thing::a::b",
    type="demo:index:Thing",
    custom=True,
    parent=STACK.urn,
    inputs={"size": 1, "token": Secret("hunter2"), "fed": UNKNOWN},
    provider="urn:pulumi:dev::demo::pulumi:providers:demo::default::id",
    dependencies=(STACK.urn,),
    property_dependencies={"fed": (STACK.urn,), "size": ()},
    protect=True,
    delete_before_replace=False,
    ignore_changes=("size",),
    custom_timeouts={"create": "5400s"},
    hooks={"BeforeUpdate": ("check",)},
    source=SourcePosition("components/thing.py", 12),
)
OLD = Resource(urn=THING.urn, type=THING.type, custom=True, id="i-1", inputs={"size": 2, "token": Secret(MASKED)})
PLAN = Plan(
    project="demo",
    stack="dev",
    config={"demo:size": "1", "demo:token": MASKED},
    steps=(
        Step(operation=Operation.SAME, old=STACK, new=STACK),
        Step(operation=Operation.UPDATE, old=OLD, new=THING, changes={"size": PropertyChange.UPDATE}),
    ),
    diagnostics=(Diagnostic(severity=Severity.WARNING, message="careful", urn=THING.urn, source=THING.source),),
    duration_seconds=1.5,
)


def test_the_json_has_the_keys_of_the_cli() -> None:
    written = digest.to_json(PLAN)
    assert written["changeSummary"] == {"update": 1, "same": 1}
    assert written["duration"] == 1_500_000_000
    assert written["diagnostics"] == [
        {"urn": THING.urn, "message": "warning: components/thing.py:12: careful", "severity": "warning"}
    ]
    step = written["steps"][1]
    assert (step["op"], step["urn"], step["provider"]) == ("update", THING.urn, THING.provider)
    assert step["detailedDiff"] == {"size": {"kind": "update", "inputDiff": True}}
    assert step["diffReasons"] == ["size"]
    assert step["newState"]["inputs"] == {"size": 1, "token": "[secret]", "fed": UNKNOWN_TEXT}
    assert step["newState"]["customTimeouts"] == {"create": 5400}
    assert step["newState"]["sourcePosition"] == "project:///components/thing.py#12"
    assert step["newState"]["deleteBeforeReplace"] is False
    assert step["oldState"]["id"] == "i-1"
    assert "hunter2" not in json.dumps(written)


def test_a_plan_that_is_read_back_is_the_plan_with_its_secrets_masked() -> None:
    read = digest.from_json(json.loads(json.dumps(digest.to_json(PLAN))))
    new = read.steps[1].new
    assert new is not None
    assert new.inputs == {"size": 1, "token": Secret(MASKED), "fed": UNKNOWN}
    assert {**vars(new), "inputs": None} == {**vars(THING), "inputs": None}
    assert (read.project, read.stack, read.config, read.steps[1].changes) == (
        "demo",
        "dev",
        PLAN.config,
        PLAN.steps[1].changes,
    )


def test_sames_can_be_left_out() -> None:
    assert [step["op"] for step in digest.to_json(PLAN, show_sames=False)["steps"]] == ["update"]


def test_the_parts_of_a_replacement_that_the_cli_may_show_are_no_steps_of_their_own() -> None:
    entries = [
        {"op": op, "urn": OLD.urn, "newState": {"urn": OLD.urn, "type": OLD.type, "custom": True}}
        for op in ("create-replacement", "replace", "delete-replaced", "read-replacement")
    ]
    assert [step.operation for step in digest.from_json({"steps": entries}).steps] == ["replace", "read"]


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"manifest": {}, "resources": list(resources)}}


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:dev::demo::demo:index:Thing::{name}",
        "type": "demo:index:Thing",
        "custom": True,
        **more,
    }


def test_a_state_is_read_with_what_an_interrupted_update_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}
    path.write_text(
        json.dumps(
            state(
                entry("a", id="i-1", inputs={"token": secret}, customTimeouts={"create": 90}),
                entry("a", delete=True),
                entry("b", pendingReplacement=True),
                entry("c", initErrors=["timeout"], replacementTrigger=3),
            )
        )
    )
    record = recorded.read(path)
    assert record.kind is RecordKind.STATE
    names = [resource.name for resource in record.resources.values()]
    assert names == ["a", "b", "c"]
    first = record.resources[entry("a")["urn"]]
    assert (first.id, first.inputs, first.custom_timeouts) == ("i-1", {"token": Secret(MASKED)}, {"create": "90s"})
    assert [resource.name for resource in record.awaiting_deletion] == ["a"]
    assert record.awaiting_replacement == {entry("b")["urn"]}
    assert record.with_init_errors == {entry("c")["urn"]}
    assert record.resources[entry("c")["urn"]].replacement_trigger == 3


def test_a_plan_is_read_as_what_it_would_leave(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    gone = Step(operation=Operation.DELETE, old=Resource(urn=f"{OLD.urn}-gone", type=OLD.type, custom=True))
    path.write_text(json.dumps(digest.to_json(Plan(project="demo", stack="dev", steps=(*PLAN.steps, gone)))))
    record = recorded.read(path)
    assert record.kind is RecordKind.PLAN
    assert set(record.resources) == {STACK.urn, THING.urn}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "is neither a state nor a plan"),
        ('{"version": 3}', "is neither a state nor a plan"),
        ('{"deployment": {"resources": [{}]}}', "is not as the CLI writes it: KeyError: 'urn'"),
        ('{"steps": [{"op": "explode", "urn": "u"}]}', "is not as the CLI writes it: ValueError: 'explode'"),
    ],
)
def test_what_is_neither_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)
    with pytest.raises(PreviewError, match=message):
        recorded.read(path)
    with pytest.raises(PreviewError, match="no such file"):
        recorded.read(tmp_path / "missing.json")
