"""Storage on Azure: classes as data, what is made of the settings, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from components.azure.storage_classes import list_disks_command, snapshot_classes, storage_classes, volume_tags
from components.errors import ConfigurationError
from components.settings import AzureStorageSettings
from components.terms import StorageClass
from preview.plan import Operation
from tests.components.azure.parts import PROVIDER, SUBSCRIPTION, role
from tests.components.azure.storages import ENCRYPTION_SET, planned, standing, storage
from tests.components.doubles import TAGS
from tests.components.plans import changed, operations
from tests.support import plan


def classes(tags: dict[str, str] = TAGS, **settings: Any) -> dict[str, StorageClass]:
    """The classes that need no account."""
    return storage_classes(AzureStorageSettings.model_validate(settings), None, tags, volume_group="volumes-1a2b3c")


def test_disks_are_managed_encrypted_and_can_grow_in_the_zone_of_their_pod() -> None:
    block = classes()["block"]
    assert block.provisioner == "disk.csi.azure.com"
    assert block.parameters["skuName"] == "StandardSSD_LRS"
    assert block.allow_volume_expansion
    assert block.volume_binding_mode == "WaitForFirstConsumer"
    assert not {"diskEncryptionSetID", "DiskIOPSReadWrite", "cachingMode"} & block.parameters.keys()


def test_nobody_exports_a_disk_by_a_link() -> None:
    parameters = classes()["block"].parameters
    assert parameters["networkAccessPolicy"] == "DenyAll"
    assert parameters["publicNetworkAccess"] == "Disabled"


@pytest.mark.parametrize(
    ("disk_type", "sku"),
    [
        ("standard-ssd-zrs", "StandardSSD_ZRS"),
        ("premium-ssd", "Premium_LRS"),
        ("premium-ssd-zrs", "Premium_ZRS"),
        ("premium-ssd-v2", "PremiumV2_LRS"),
    ],
)
def test_each_disk_type_is_one_of_azures_skus(disk_type: str, sku: str) -> None:
    assert classes(block={"disk_type": disk_type})["block"].parameters["skuName"] == sku


def test_speed_and_key_of_disks_reach_the_driver_as_text_and_version_two_is_not_cached() -> None:
    chosen = {
        "disk_type": "premium-ssd-v2",
        "iops": 4000,
        "throughput_mib_per_second": 250,
        "disk_encryption_set": ENCRYPTION_SET,
    }
    parameters = classes(block=chosen)["block"].parameters
    assert parameters["DiskIOPSReadWrite"] == "4000"
    assert parameters["DiskMBpsReadWrite"] == "250"
    assert parameters["cachingMode"] == "None"
    assert parameters["diskEncryptionSetID"] == ENCRYPTION_SET


@pytest.mark.parametrize("policy", ["Retain", "Delete"])
@pytest.mark.parametrize("name", ["block", "file"])
def test_what_becomes_of_a_volume_without_its_claim_is_said_by_its_own_class(name: str, policy: str) -> None:
    settings = AzureStorageSettings.model_validate({"file": {}, name: {"reclaim_policy": policy}})
    account = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/group/storageAccounts/files"
    found: dict[str, str] = {}

    def build() -> None:
        made = storage_classes(settings, account, TAGS, volume_group="volumes-1a2b3c")
        found.update({key: each.reclaim_policy for key, each in made.items()})

    plan(build)
    assert found == {"block": "Delete", "file": "Delete", name: policy}


def test_a_users_new_tag_leaves_the_class_as_it_is() -> None:
    assert classes({**TAGS, "colour": "blue"}) == classes()


def test_disks_carry_the_tags_that_they_are_found_by() -> None:
    tags = dict(pair.split("=") for pair in str(classes()["block"].parameters["tags"]).split(","))
    assert tags == volume_tags(TAGS)
    command = list_disks_command(PROVIDER, TAGS)
    assert f"--subscription {SUBSCRIPTION}" in command
    for key, value in volume_tags(TAGS).items():
        assert f'tags."{key}"==`"{value}"`' in command


@pytest.mark.parametrize(("keep_data", "policy"), [(True, "Retain"), (False, "Delete")])
def test_snapshots_outlive_their_object_exactly_where_data_is_kept(*, keep_data: bool, policy: str) -> None:
    block = snapshot_classes(AzureStorageSettings(), TAGS, keep_data=keep_data)["block"]
    assert block.deletion_policy == policy
    assert block.driver == "disk.csi.azure.com"
    assert block.parameters["incremental"] == "true"


def test_without_snapshots_there_is_no_snapshot_class() -> None:
    assert snapshot_classes(AzureStorageSettings(snapshots=False), TAGS, keep_data=True) == {}


def test_disks_alone_need_a_group_and_the_drivers_right_in_it() -> None:
    made = {kind for kind, _ in planned()}
    on_doubles = {"Stack", "AzureStorage", "Stand", "UserAssignedIdentity"}
    assert made == {*on_doubles, "ResourceGroup", "RoleAssignment"}


def test_disks_lie_outside_the_nodes_group_which_goes_with_the_cluster() -> None:
    resources = standing()
    group = resources["ResourceGroup", "storage-volumes"]
    right = resources["RoleAssignment", "storage-volumes"].inputs
    assert right["scope"] == group.id
    assert right["principalId"] == resources["UserAssignedIdentity", "control-plane"].outputs["principalId"]
    assert classes()["block"].parameters["resourceGroup"] == "volumes-1a2b3c"


@pytest.mark.parametrize("keep_data", [True, False])
def test_the_disks_group_outlives_the_stack_exactly_where_data_is_kept(*, keep_data: bool) -> None:
    group = planned(keep_data=keep_data)["ResourceGroup", "storage-volumes"]
    assert bool(group.retain_on_delete) is keep_data
    assert bool(group.protect) is keep_data


def test_aks_may_see_the_disk_encryption_set() -> None:
    resources = standing(block={"disk_encryption_set": ENCRYPTION_SET})
    right = resources["RoleAssignment", "storage-key"].inputs
    assert right["scope"] == ENCRYPTION_SET
    assert right["roleDefinitionId"] == role("acdd72a7-3385-48ef-bd42-f606fba81ae7")
    assert right["principalId"] == resources["UserAssignedIdentity", "control-plane"].outputs["principalId"]


def test_a_right_that_aks_has_already_is_not_made_twice() -> None:
    found = planned(block={"disk_encryption_set": ENCRYPTION_SET}, readable=ENCRYPTION_SET)
    assert ("RoleAssignment", "storage-key") not in found


@pytest.mark.parametrize(("keep_data", "roles"), [(True, {"file_system", "volumes"}), (False, set[str]())])
def test_files_are_listed_as_kept_exactly_where_data_is_kept(*, keep_data: bool, roles: set[str]) -> None:
    kept: list[set[str]] = []
    plan(lambda: kept.append(set(storage(keep_data=keep_data, file={}).kept)))
    assert kept == [roles]


def test_a_new_tag_updates_what_has_tags_and_replaces_nothing() -> None:
    settings: dict[str, Any] = {"file": {}, "backup": {}, "block": {"disk_encryption_set": ENCRYPTION_SET}}
    preview = changed(lambda: storage(**settings), lambda: storage(**settings, colour="red"))
    found = operations(preview)
    assert set(found.values()) == {Operation.UPDATE}
    assert not {"RoleAssignment", "BackupInstance", "BackupPolicy", "Extension"} & {kind for kind, _ in found}


def test_files_and_backups_without_a_subnet_for_their_accounts_are_refused_together() -> None:
    with pytest.raises(ConfigurationError) as raised:
        plan(lambda: storage(file={}, backup={}, place=False))
    keys = {mistake.key for mistake in raised.value.mistakes}
    assert keys == {"infraplatform:storage.file", "infraplatform:storage.backup"}
    assert plan(lambda: storage(place=False)).diagnostics == ()
