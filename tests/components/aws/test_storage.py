"""Storage on AWS: classes as data, the file system, backups, and what is kept."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from components.aws.storage import AwsStorage, AwsStorageArgs
from components.aws.storage_classes import list_disks_command, snapshot_classes, storage_classes, volume_tags
from components.settings import AwsProviderSettings, AwsStorageSettings, ProtectionSettings
from preview.plan import Operation, Resource
from tests.components.doubles import TAGS, ClusterDouble, NetworkDouble
from tests.components.plans import by_type_and_name, sound
from tests.support import applied, plan

WHOLE: dict[str, Any] = {"file": {}, "backup": {"keep_days": 14}}


def storage(
    *, zones: tuple[str, ...] = ("a", "b"), keep_data: bool = False, node_group: bool = True, **settings: Any
) -> AwsStorage:
    """Storage of the settings given, on doubles."""
    return AwsStorage(
        "storage",
        AwsStorageArgs(
            settings=AwsStorageSettings.model_validate(settings),
            provider=AwsProviderSettings(account="123456789012", region="us-east-1", zones=zones),
            network=NetworkDouble(zones=zones),
            cluster=ClusterDouble() if node_group else ClusterDouble(security_group_ids={}),
            protection=ProtectionSettings(keep_data=keep_data, protect=keep_data),
            tags=TAGS,
        ),
    )


def planned(**settings: Any) -> dict[tuple[str, str], Resource]:
    return sound(plan(lambda: storage(**settings)))


def standing(**settings: Any) -> dict[tuple[str, str], Resource]:
    return by_type_and_name(applied(lambda: storage(**settings)).resources.values())


def block_class(settings: dict[str, Any] | None = None, *, auto_mode: bool = False, **tags: str) -> Any:
    parsed = AwsStorageSettings.model_validate({"block": settings or {}})
    return storage_classes(parsed, None, auto_mode=auto_mode, tags={**TAGS, **tags})["block"]


def test_disks_are_encrypted_gp3_that_can_grow_in_the_zone_of_their_pod() -> None:
    block = block_class()
    assert block.provisioner == "ebs.csi.aws.com"
    assert block.parameters["type"] == "gp3"
    assert block.parameters["encrypted"] == "true"
    assert block.allow_volume_expansion
    assert block.volume_binding_mode == "WaitForFirstConsumer"


def test_numbers_and_keys_of_disks_reach_the_driver_as_text() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    settings = {"key_arn": key, "iops": 4000, "throughput_mib_per_second": 250, "reclaim_policy": "Retain"}
    block = block_class(settings)
    assert (block.parameters["iops"], block.parameters["throughput"]) == ("4000", "250")
    assert block.parameters["kmsKeyId"] == key
    assert block.reclaim_policy == "Retain"


def test_auto_mode_brings_its_own_driver_of_disks_and_snapshots() -> None:
    assert block_class(auto_mode=True).provisioner == "ebs.csi.eks.amazonaws.com"
    snapshots = snapshot_classes(AwsStorageSettings(), auto_mode=True, keep_data=False, tags=TAGS)
    assert snapshots["block"].driver == "ebs.csi.eks.amazonaws.com"


def test_a_users_new_tag_leaves_the_class_as_it_is() -> None:
    assert block_class(colour="blue") == block_class()


def test_disks_carry_the_tags_that_they_are_found_by() -> None:
    specifications = {value for key, value in block_class().parameters.items() if key.startswith("tagSpecification_")}
    assert specifications == {f"{key}={value}" for key, value in volume_tags(TAGS).items()}
    for key, value in volume_tags(TAGS).items():
        assert f"'Name=tag:{key},Values={value}'" in list_disks_command("us-east-1", TAGS)


def test_there_is_no_file_class_without_a_file_system() -> None:
    assert set(storage_classes(AwsStorageSettings(), None, auto_mode=False, tags=TAGS)) == {"block"}


def test_each_claim_of_files_gets_an_access_point_of_its_own_directory() -> None:
    parsed = AwsStorageSettings.model_validate({"file": {"default": True}, "block": {"default": False}})
    classes = storage_classes(parsed, "fs-1", auto_mode=False, tags=TAGS)
    file = classes["file"]
    assert file.parameters["provisioningMode"] == "efs-ap"
    assert file.parameters["fileSystemId"] == "fs-1"
    assert (file.default, classes["block"].default) == (True, False)


LONGEST = {".PVC.namespace": "n" * 63, ".PVC.name": "c" * 253, ".PV.name": f"pvc-{UUID(int=0)}"}
"""What a directory's path may be made from, at its longest."""


def test_a_claims_directory_is_within_the_drivers_limit_whatever_the_claim_is_called() -> None:
    parameters = storage_classes(AwsStorageSettings.model_validate({"file": {}}), "fs-1", auto_mode=False, tags=TAGS)[
        "file"
    ].parameters
    directory = str(parameters.get("subPathPattern", "${.PV.name}"))
    unique = "subPathPattern" in parameters and parameters.get("ensureUniqueDirectory") != "false"
    for variable, longest in LONGEST.items():
        directory = directory.replace(f"${{{variable}}}", longest)
    path = f"{parameters['basePath']}/{directory}" + (f"-{UUID(int=0)}" if unique else "")
    assert len(path) <= 100


@pytest.mark.parametrize(("keep_data", "policy"), [(True, "Retain"), (False, "Delete")])
def test_snapshots_outlive_their_object_exactly_where_data_is_kept(*, keep_data: bool, policy: str) -> None:
    snapshots = snapshot_classes(AwsStorageSettings(), auto_mode=False, keep_data=keep_data, tags=TAGS)
    assert snapshots["block"].deletion_policy == policy


def test_without_snapshots_there_is_no_snapshot_class() -> None:
    assert snapshot_classes(AwsStorageSettings(snapshots=False), auto_mode=False, keep_data=False, tags=TAGS) == {}


def test_the_default_storage_makes_nothing_in_the_cloud() -> None:
    assert [resource for resource in planned().values() if resource.type.startswith("aws:")] == []


def test_the_file_system_is_encrypted_and_has_a_mount_target_in_each_zone() -> None:
    resources = standing(**WHOLE)
    file_system = resources["FileSystem", "storage-files"]
    assert file_system.inputs["encrypted"] is True
    group = resources["SecurityGroup", "storage-files"]
    for zone in ("a", "b"):
        target = resources["MountTarget", f"storage-files-{zone}"].inputs
        assert target["fileSystemId"] == file_system.id
        assert target["subnetId"] == f"subnet-{zone}"
        assert target["securityGroups"] == [group.id]


def test_a_new_zone_only_creates() -> None:
    before = applied(lambda: storage(zones=("a", "b"), **WHOLE))
    after = plan(lambda: storage(zones=("a", "b", "c"), **WHOLE), record=before)
    changes = {step.resource.name: step.operation for step in after.steps if step.operation is not Operation.SAME}
    assert changes == {"storage-files-c": Operation.CREATE}


@pytest.mark.parametrize(
    ("node_group", "rule", "source"),
    [
        (True, "storage-files-nodes", ("referencedSecurityGroupId", "sg-nodes")),
        (False, "storage-files-10.20.0.0-16", ("cidrIpv4", "10.20.0.0/16")),
    ],
)
def test_only_nodes_reach_the_file_system(*, node_group: bool, rule: str, source: tuple[str, str]) -> None:
    resources = planned(node_group=node_group, **WHOLE)
    rules = {name: made.inputs for (kind, name), made in resources.items() if kind == "SecurityGroupIngressRule"}
    assert list(rules) == [rule]
    assert (rules[rule]["fromPort"], rules[rule]["toPort"], rules[rule]["ipProtocol"]) == (2049, 2049, "tcp")
    assert rules[rule][source[0]] == source[1]
    assert {"referencedSecurityGroupId", "cidrIpv4"} & rules[rule].keys() == {source[0]}


def test_nobody_mounts_without_tls() -> None:
    policy = json.loads(standing(**WHOLE)["FileSystemPolicy", "storage-files"].inputs["policy"])
    denials = [statement for statement in policy["Statement"] if statement["Effect"] == "Deny"]
    assert [denial["Condition"] for denial in denials] == [{"Bool": {"aws:SecureTransport": "false"}}]
    allowed = {
        action for statement in policy["Statement"] if statement["Effect"] == "Allow" for action in statement["Action"]
    }
    assert "elasticfilesystem:ClientRootAccess" not in allowed


@pytest.mark.parametrize(
    ("keep_data", "backup", "status"),
    [(True, None, "ENABLED"), (True, {}, "DISABLED"), (False, None, "DISABLED")],
)
def test_efs_backs_itself_up_only_where_data_is_kept_and_no_plan_does_it(
    *, keep_data: bool, backup: dict[str, Any] | None, status: str
) -> None:
    policy = planned(file={}, backup=backup, keep_data=keep_data)["BackupPolicy", "storage-files"]
    assert policy.inputs["backupPolicy"] == {"status": status}


def test_backups_take_the_stacks_claimed_disks_and_its_file_system() -> None:
    resources = standing(**WHOLE)
    conditions = resources["Selection", "storage-backups-disks"].inputs["conditions"][0]["stringEquals"]
    assert {entry["key"]: entry["value"] for entry in conditions} == {
        "aws:ResourceTag/infraplatform-project": "infraplatform",
        "aws:ResourceTag/infraplatform-stack": "test",
        "aws:ResourceTag/infraplatform-role": "persistent-volume",
    }
    arn = resources["FileSystem", "storage-files"].outputs["arn"]
    assert resources["Selection", "storage-backups-files"].inputs["resources"] == [arn]
    rule = resources["Plan", "storage-backups"].inputs["rules"][0]
    assert rule["lifecycle"] == {"deleteAfter": 14}
    assert rule["targetVaultName"] == resources["Vault", "storage-backups"].outputs["name"]


def test_a_selection_waits_for_the_rights_of_its_role() -> None:
    resources = planned(**WHOLE)
    rights = {made.urn for (kind, _), made in resources.items() if kind == "RolePolicyAttachment"}
    assert rights
    assert rights <= set(resources["Selection", "storage-backups-disks"].dependencies)


@pytest.mark.parametrize("keep_data", [True, False])
def test_what_holds_data_is_kept_with_the_key_that_reads_it(*, keep_data: bool) -> None:
    resources = planned(keep_data=keep_data, **WHOLE)
    holds_data = [("FileSystem", "storage-files"), ("Vault", "storage-backups"), ("Key", "storage-backups-key")]
    for key in holds_data:
        assert resources[key].retain_on_delete is keep_data, key
        assert resources[key].protect is keep_data, key
    assert {key for key, made in resources.items() if made.retain_on_delete} == (
        set(holds_data) if keep_data else set()
    )


@pytest.mark.parametrize("keep_data", [True, False])
def test_what_outlives_the_stack_is_listed(*, keep_data: bool) -> None:
    kept: list[set[str]] = []
    plan(lambda: kept.append(set(storage(keep_data=keep_data, **WHOLE).kept)))
    assert kept == [{"file_system", "backup_vault"} if keep_data else set()]


def test_the_policies_of_a_file_system_go_or_stay_with_it() -> None:
    resources = planned(**WHOLE)
    file_system = resources["FileSystem", "storage-files"].urn
    assert resources["FileSystemPolicy", "storage-files"].deleted_with == file_system
    assert resources["BackupPolicy", "storage-files"].deleted_with == file_system
