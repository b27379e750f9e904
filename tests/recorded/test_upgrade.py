"""A newer version of this project replaces nothing in the stacks that older ones made."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from preview.plan import Plan
from preview.report.planning import read_plan
from tests.preview.report.cases import REPOSITORY, VPC, plan, resource, urn
from tests.recorded.gate import RECORDED, Recorded, complaints, intended, planned_now, recorded
from tests.stacks.stack_files import STACK_FILES
from tests.support import ROOT

EVERY = recorded()
VERSIONS = sorted({stack.version for stack in EVERY})
_RENAMED = Recorded(VERSIONS[0], "dev")
_NAME = "aws.ecr.Repository(\n            logical_name,"
_OPTIONS = "opts=pulumi.ResourceOptions(parent=self, protect"


@pytest.mark.parametrize("stack", EVERY, ids=lambda stack: f"{stack.version}-{stack.stack}")
def test_an_upgrade_replaces_and_loses_nothing(stack: Recorded) -> None:
    now = planned_now(stack)
    assert not now.failed, [item.message for item in now.diagnostics]
    meant = intended(stack.version)
    found = [item for item in complaints(read_plan(stack.plan_file), now) if (item.type, item.name) not in meant]
    assert found == [], "alias what was renamed; name what is meant to go in intended.yaml, with its reason"


def test_the_first_version_is_recorded_with_every_stack() -> None:
    assert {stack.stack for stack in EVERY if stack.version == "0.1.0"} >= {"dev", "gcp-gke", "aws-eks-production"}


def test_this_version_is_recorded() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version in VERSIONS, "run `make record`"


@pytest.mark.parametrize("stack", EVERY, ids=lambda stack: f"{stack.version}-{stack.stack}")
def test_a_record_holds_no_outputs_and_no_secret_of_anyone(stack: Recorded) -> None:
    document = json.loads(stack.plan_file.read_text(encoding="utf-8"))
    assert all("outputs" not in step["newState"] for step in document["steps"])


@pytest.fixture
def renamed(tmp_path: Path) -> Callable[[str], Plan]:
    """Plan the recorded dev stack with a copy of the code in which ECR's repositories have other logical names."""

    def plan_with(options: str) -> Plan:
        for name in ("Pulumi.yaml", "__main__.py", "preview.fixtures.yaml"):
            shutil.copyfile(ROOT / name, tmp_path / name)
        for name in ("components", "policies"):
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        source = tmp_path / "components" / "aws" / "registry.py"
        text = source.read_text(encoding="utf-8")
        assert (text.count(_NAME), text.count(_OPTIONS)) == (1, 1), "the sources have changed: rename something else"
        text = text.replace(_NAME, _NAME.replace("logical_name", 'f"renamed-{logical_name}"'))
        source.write_text(text.replace(_OPTIONS, _OPTIONS.replace("(", f"({options}", 1)), encoding="utf-8")
        return planned_now(_RENAMED, tmp_path)

    return plan_with


def test_a_rename_without_an_alias_is_found(renamed: Callable[[str], Plan]) -> None:
    found = complaints(read_plan(_RENAMED.plan_file), renamed(""))
    assert {(item.type, item.name) for item in found} == {(REPOSITORY, "registry-api"), (REPOSITORY, "registry-web")}
    assert all("alias the new name" in item.what for item in found)


def test_a_rename_with_its_alias_is_not(renamed: Callable[[str], Plan]) -> None:
    aliased = renamed("aliases=[pulumi.Alias(name=logical_name)], ")
    assert complaints(read_plan(_RENAMED.plan_file), aliased) == []


def test_a_replacement_is_found() -> None:
    base, head = (plan(resource(VPC, "net", {"cidrBlock": block})) for block in ("10.0.0.0/16", "10.1.0.0/16"))
    (found,) = complaints(base, head)
    assert (found.name, found.what) == ("net", "is replaced, because of cidrBlock")


def test_a_loss_of_something_stateful_is_found_also_without_a_successor() -> None:
    (found,) = complaints(plan(resource(REPOSITORY, "images")), plan())
    assert found.name == "images"


def test_additions_updates_and_aliased_renames_are_fine() -> None:
    base = plan(resource(REPOSITORY, "old", {"imageTagMutability": "MUTABLE"}))
    new = resource(REPOSITORY, "new", {"imageTagMutability": "IMMUTABLE"}, possible_aliases=(urn(REPOSITORY, "old"),))
    assert complaints(base, plan(new, resource(VPC, "added"))) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_intended_loss_has_a_reason_and_happens(version: str) -> None:
    meant = intended(version)
    assert all(reason.strip() for reason in meant.values())
    if meant:
        stacks = [stack for stack in EVERY if stack.version == version]
        found = {
            (item.type, item.name)
            for stack in stacks
            for item in complaints(read_plan(stack.plan_file), planned_now(stack))
        }
        assert meant.keys() <= found, "remove what no longer happens from intended.yaml"


def test_no_record_lies_outside_of_a_version() -> None:
    assert [path.name for path in RECORDED.glob("*.json")] == []
    assert set(STACK_FILES) <= {stack.stack for stack in EVERY if stack.version == VERSIONS[-1]}
