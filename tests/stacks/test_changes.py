"""What the usual changes do, and what they must never do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from components.settings import load
from preview import project
from preview.plan import Operation, Plan, Severity
from preview.replacements import unclassified
from tests.changes import ALL_CHANGES, CHANGES, applicable, changed
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
    "azure-native:containerregistry:Registry",
    "azure-native:containerservice:AgentPool",
    "azure-native:containerservice:ManagedCluster",
    "azure-native:dataprotection:BackupVault",
    "azure-native:keyvault:Key",
    "azure-native:keyvault:Vault",
    "azure-native:network:Subnet",
    "azure-native:network:VirtualNetwork",
    "azure-native:resources:ResourceGroup",
    "azure-native:storage:StorageAccount",
    "gcp:artifactregistry/repository:Repository",
    "gcp:compute/network:Network",
    "gcp:compute/subnetwork:Subnetwork",
    "gcp:container/cluster:Cluster",
    "gcp:container/nodePool:NodePool",
    "gcp:gkebackup/backupPlan:BackupPlan",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:kms/keyRing:KeyRing",
}
LOSSES: Mapping[str, Mapping[str, set[tuple[Operation, str]]]] = {
    "dev": {
        "machine-type": {(Operation.REPLACE, "aws:eks/nodeGroup:NodeGroup")},
        "node-group-renamed": {(Operation.DELETE, "aws:eks/nodeGroup:NodeGroup")},
        "node-group-removed": {(Operation.DELETE, "aws:eks/nodeGroup:NodeGroup")},
        "cluster-renamed": {
            (Operation.DELETE, "aws:eks/cluster:Cluster"),
            (Operation.REPLACE, "aws:eks/nodeGroup:NodeGroup"),
        },
    },
    "azure-aks": {
        "machine-type": {(Operation.REPLACE, "azure-native:containerservice:AgentPool")},
        "disk-size": {(Operation.REPLACE, "azure-native:containerservice:AgentPool")},
        "node-group-renamed": {(Operation.DELETE, "azure-native:containerservice:AgentPool")},
        "node-group-removed": {(Operation.DELETE, "azure-native:containerservice:AgentPool")},
        "cluster-renamed": {
            (Operation.DELETE, "azure-native:containerservice:ManagedCluster"),
            (Operation.REPLACE, "azure-native:containerservice:AgentPool"),
        },
    },
    "gcp-gke": {
        "node-group-renamed": {(Operation.DELETE, "gcp:container/nodePool:NodePool")},
        "node-group-removed": {(Operation.DELETE, "gcp:container/nodePool:NodePool")},
        "cluster-renamed": {
            (Operation.DELETE, "gcp:container/cluster:Cluster"),
            (Operation.REPLACE, "gcp:container/nodePool:NodePool"),
        },
    },
}
"""The stateful resources of a stack that each change may lose; every other change loses none."""

ON_NODE_GROUPS = {"machine-type", "disk-size", "node-group-added", "node-group-renamed", "node-group-removed"}
NOT_ON_AKS = {"add-on-version", "network-zone"}  # `changes_page.ABSENT` says why
NOT_ON_GKE = NOT_ON_AKS
NOT_ON_SERVERS = {*ON_NODE_GROUPS, "network-zone", "add-on-version", "minor-version", "cluster-renamed"}
LEFT_OUT: Mapping[str, set[str]] = {
    "dev": set(),
    "aws-eks-auto-mode": ON_NODE_GROUPS,  # it has none
    "aws-eks-in-cluster": {"node-group-removed"},  # these four have one group
    "aws-eks-infrastructure": {"node-group-removed"},
    "aws-eks-karpenter": {"node-group-removed"},
    "aws-eks-private": {"node-group-removed"},
    "aws-eks-production": set(),
    "azure-aks": NOT_ON_AKS,
    "azure-aks-automatic": {*NOT_ON_AKS, *ON_NODE_GROUPS, "minor-version"},  # it has the newest
    "azure-aks-production": NOT_ON_AKS,
    "gcp-gke": NOT_ON_GKE,
    "gcp-gke-autopilot": {*NOT_ON_GKE, *ON_NODE_GROUPS, "minor-version"},  # it has the newest
    "gcp-gke-production": NOT_ON_GKE,
    "servers-kubeadm": NOT_ON_SERVERS,
    "servers-kubeadm-ha": NOT_ON_SERVERS,
    "servers-kubeadm-production": NOT_ON_SERVERS,
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
    edited.write_text(changed(stack_file, ALL_CHANGES[name]), encoding="utf-8")
    before, after = (load(project.load(ROOT, config_file=file).config) for file in (stack_file, edited))
    assert before != after


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((stack, name), id=f"{stack}-{name}")
        for stack in changes_page.STACKS
        for name in applicable(STACK_FILES[stack])
    ],
)
def change(request: pytest.FixtureRequest) -> tuple[str, str, Plan]:
    """One change of a cloud's small stack, planned against the state of the stack as it is."""
    stack, name = request.param
    return stack, name, changes_page.changed_plan(STACK_FILES[stack], ALL_CHANGES[name])


def test_a_change_loses_only_the_stateful_resources_that_it_must(change: tuple[str, str, Plan]) -> None:
    stack, name, planned = change
    lost = {
        (step.operation, step.resource.type)
        for step in planned.steps
        if step.operation in (Operation.REPLACE, Operation.DELETE) and step.resource.type in STATEFUL
    }
    assert lost == LOSSES.get(stack, {}).get(name, set())
    assert [item.message for item in planned.diagnostics if item.severity is Severity.ERROR] == []


def test_a_change_changes_something_unless_the_page_says_why_not(change: tuple[str, str, Plan]) -> None:
    stack, name, planned = change
    touched = any(step.operation is not Operation.SAME for step in planned.steps if step.resource.custom)
    assert touched != (name in changes_page.WITHOUT_EFFECT[stack])


def test_the_page_of_changes_says_why_a_stack_has_nothing_for_a_change() -> None:
    assert {stack: set(reasons) for stack, reasons in changes_page.ABSENT.items()} == {
        stack: LEFT_OUT[stack] for stack in changes_page.STACKS
    }


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
