"""Add-ons that need nodes: which, in which order, with which identity."""

from __future__ import annotations

import json

import pytest

from components.settings import AwsBlockStorageSettings, AwsFileStorageSettings, AwsStorageSettings
from components.versions import ADD_ON_VERSIONS, EKS_MINORS
from preview.plan import Operation
from tests.components.aws.clusters import add_ons, changed, operations, planned
from tests.components.aws.networks import TAGS, of_type

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"
ALL = AwsStorageSettings(file=AwsFileStorageSettings())
NEITHER = AwsStorageSettings(snapshots=False)


@pytest.mark.parametrize(
    ("autoscaler", "storage", "names"),
    [
        ("cluster-autoscaler", ALL, "aws-ebs-csi-driver aws-efs-csi-driver coredns metrics-server snapshot-controller"),
        ("cluster-autoscaler", NEITHER, "aws-ebs-csi-driver coredns metrics-server"),
        ("auto-mode", ALL, "aws-efs-csi-driver metrics-server snapshot-controller"),
        ("auto-mode", NEITHER, "metrics-server"),
    ],
)
def test_the_add_ons_are_those_that_the_settings_want_and_eks_does_not_run_itself(
    autoscaler: str, storage: AwsStorageSettings, names: str
) -> None:
    made = of_type(planned(lambda: add_ons(storage=storage, autoscaler=autoscaler)), "Addon")
    own = [name.removeprefix("add-ons-") for name in made if name.startswith("add-ons-")]
    assert sorted(own) == names.split()
    assert all(made[f"add-ons-{name}"].inputs["addonName"] == name for name in own)


@pytest.mark.parametrize("minor", EKS_MINORS)
def test_every_add_on_has_the_version_pinned_for_the_clusters_minor(minor: str) -> None:
    made = of_type(planned(lambda: add_ons(storage=ALL, version=minor)), "Addon")
    found = {addon.inputs["addonName"]: addon.inputs["addonVersion"] for addon in made.values()}
    assert found == ADD_ON_VERSIONS[minor]


def test_add_ons_come_after_the_node_groups() -> None:
    resources = planned(lambda: add_ons(storage=ALL))
    groups = {group.urn for group in of_type(resources, "NodeGroup").values()}
    assert len(groups) == 2
    for name, addon in of_type(resources, "Addon").items():
        waits = groups <= set(addon.dependencies)
        assert waits == name.startswith("add-ons-"), name


def test_the_block_storage_driver_comes_after_the_snapshot_definitions() -> None:
    resources = planned(add_ons)
    driver, snapshots = (
        resources["Addon", f"add-ons-{name}"] for name in ("aws-ebs-csi-driver", "snapshot-controller")
    )
    assert snapshots.urn in driver.dependencies


@pytest.mark.parametrize(
    ("add_on", "account", "policy"),
    [
        ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"),
        (
            "aws-efs-csi-driver",
            "efs-csi-controller-sa",
            "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy",
        ),
    ],
)
def test_a_driver_has_an_identity_with_exactly_its_policy_before_it_starts(
    add_on: str, account: str, policy: str
) -> None:
    resources = planned(lambda: add_ons(storage=ALL))
    prefix = f"cluster-kube-system-{account}"
    rights = {
        name: resource
        for kind in ("RolePolicyAttachment", "RolePolicy")
        for name, resource in of_type(resources, kind).items()
        if name.startswith(prefix)
    }
    assert [resource.inputs.get("policyArn") for resource in rights.values()] == [policy]
    association = resources["PodIdentityAssociation", prefix]
    waits_for = set(resources["Addon", f"add-ons-{add_on}"].dependencies)
    assert {association.urn, *(resource.urn for resource in rights.values())} <= waits_for


def test_the_block_storage_driver_may_use_the_volume_key_and_that_key_only() -> None:
    storage = AwsStorageSettings(block=AwsBlockStorageSettings(key_arn=KEY))
    resources = planned(lambda: add_ons(storage=storage))
    policy = json.loads(
        resources["RolePolicy", "cluster-kube-system-ebs-csi-controller-sa-volume-key"].inputs["policy"]
    )
    assert {statement["Resource"] for statement in policy["Statement"]} == {KEY}
    grant = policy["Statement"][1]
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_disks_carry_the_stacks_tags() -> None:
    values = planned(add_ons)["Addon", "add-ons-aws-ebs-csi-driver"].inputs["configurationValues"]
    assert json.loads(values)["controller"]["extraVolumeTags"] == TAGS


def test_what_the_code_says_holds_against_changes_made_elsewhere() -> None:
    for addon in of_type(planned(lambda: add_ons(storage=ALL)), "Addon").values():
        assert addon.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
        assert addon.inputs["resolveConflictsOnUpdate"] == "OVERWRITE"


def test_another_version_of_one_add_on_updates_that_one_alone() -> None:
    chosen = {"coredns": "v1.13.9-eksbuild.9"}
    done = operations(changed(add_ons, lambda: add_ons(add_on_versions=chosen)))
    assert done == {("Addon", "add-ons-coredns"): Operation.UPDATE}


def test_every_add_on_is_a_child_of_the_component() -> None:
    resources = planned(lambda: add_ons(storage=ALL))
    component = resources["EksAddOns", "add-ons"].urn
    own = [addon for name, addon in of_type(resources, "Addon").items() if name.startswith("add-ons-")]
    assert {addon.parent for addon in own} == {component}
