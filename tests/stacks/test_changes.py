"""What the usual changes do, and what they must never do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from components.settings import load
from preview import project
from preview.plan import Operation, Plan, Severity
from preview.replacements import unclassified
from tests.changes import CHANGES, applicable, changed
from tests.stacks import changes_page
from tests.stacks.stack_files import STACK_FILES, applied, plan
from tests.support import ROOT

STATEFUL = {
    "aws:ec2/vpc:Vpc",
    "aws:ec2/subnet:Subnet",
    "aws:eks/cluster:Cluster",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:ecr/repository:Repository",
    "aws:efs/fileSystem:FileSystem",
    "aws:kms/key:Key",
    "aws:backup/vault:Vault",
}
LOSSES = {
    "machine-type": {(Operation.REPLACE, "aws:eks/nodeGroup:NodeGroup")},
    "node-group-renamed": {(Operation.DELETE, "aws:eks/nodeGroup:NodeGroup")},
    "node-group-removed": {(Operation.DELETE, "aws:eks/nodeGroup:NodeGroup")},
    "cluster-renamed": {
        (Operation.DELETE, "aws:eks/cluster:Cluster"),
        (Operation.REPLACE, "aws:eks/nodeGroup:NodeGroup"),
    },
}
"""The stateful resources that each change may lose; every other change loses none."""

LEFT_OUT: Mapping[str, set[str]] = {
    "dev": set(),
    "aws-eks-auto-mode": {
        "machine-type",
        "disk-size",
        "node-group-added",
        "node-group-renamed",
        "node-group-removed",
    },  # it has no node groups
    "aws-eks-in-cluster": {"node-group-removed"},  # these four have one group
    "aws-eks-infrastructure": {"node-group-removed"},
    "aws-eks-karpenter": {"node-group-removed"},
    "aws-eks-private": {"node-group-removed"},
    "aws-eks-production": set(),
}
"""The changes that a stack has nothing for. All others are compared with the engine (`tests/conformance`)."""


def test_each_stack_names_the_changes_that_it_has_nothing_for() -> None:
    assert {name: CHANGES.keys() - applicable(file).keys() for name, file in STACK_FILES.items()} == LEFT_OUT


def test_a_change_applies_to_the_dev_stack_and_to_an_example() -> None:
    for name, change in CHANGES.items():
        stacks = {stack for stack, file in STACK_FILES.items() if name in applicable(file)}
        assert "dev" in stacks, change.title
        assert len(stacks) > 1, change.title


@pytest.mark.parametrize(
    ("stack_file", "name"),
    [
        pytest.param(file, name, id=f"{stack}-{name}")
        for stack, file in STACK_FILES.items()
        for name in applicable(file)
    ],
)
def test_a_changed_stack_file_is_another_valid_one(stack_file: Path, name: str, tmp_path: Path) -> None:
    edited = tmp_path / "Pulumi.changed.yaml"
    edited.write_text(changed(stack_file, CHANGES[name]), encoding="utf-8")
    before, after = (load(project.load(ROOT, config_file=file).config) for file in (stack_file, edited))
    assert before != after


@pytest.fixture(scope="module", params=list(CHANGES))
def change(request: pytest.FixtureRequest) -> tuple[str, Plan]:
    """One change of the dev stack, planned against the state of the stack as it is."""
    return request.param, changes_page.changed_plan(STACK_FILES["dev"], CHANGES[request.param])


def test_a_change_loses_only_the_stateful_resources_that_it_must(change: tuple[str, Plan]) -> None:
    name, planned = change
    lost = {
        (step.operation, step.resource.type)
        for step in planned.steps
        if step.operation in (Operation.REPLACE, Operation.DELETE) and step.resource.type in STATEFUL
    }
    assert lost == LOSSES.get(name, set())
    assert [item.message for item in planned.diagnostics if item.severity is Severity.ERROR] == []


def test_a_change_changes_something(change: tuple[str, Plan]) -> None:
    _, planned = change
    assert any(step.operation is not Operation.SAME for step in planned.steps)


def test_the_page_of_changes_says_what_the_preview_says() -> None:
    assert changes_page.PAGE.read_text(encoding="utf-8") == changes_page.page(), "run `make generate`"


def test_a_network_zone_only_creates() -> None:
    planned = changes_page.changed_plan(STACK_FILES["dev"], CHANGES["network-zone"])
    assert {step.operation for step in planned.steps if step.resource.custom} == {Operation.CREATE, Operation.SAME}


@pytest.mark.parametrize("stack_file", STACK_FILES.values(), ids=list(STACK_FILES))
def test_a_second_preview_of_an_unchanged_stack_is_empty(stack_file: Path) -> None:
    planned = plan(stack_file, record=applied(stack_file))
    assert {
        step.urn: step.changes for step in planned.steps if step.operation not in (Operation.SAME, Operation.READ)
    } == {}


@pytest.mark.parametrize("stack_file", STACK_FILES.values(), ids=list(STACK_FILES))
def test_every_input_on_a_stateful_type_is_known_to_update_or_to_replace(stack_file: Path) -> None:
    unknown = {resource.urn: unclassified(resource) for resource in plan(stack_file).resources if resource.custom}
    assert {urn: paths for urn, paths in unknown.items() if paths} == {}
