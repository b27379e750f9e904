"""Azure Backup for AKS: when and what, where it goes, who may do what, and what outlives the stack."""

from __future__ import annotations

from typing import Any

import pytest

from components.settings.storage_azure import BLOBS_ZONE
from preview.plan import Operation, Resource
from tests.components.azure.parts import CLUSTER_ID, GROUP, SUBSCRIPTION, TENANT, role
from tests.components.azure.storages import planned, standing, storage
from tests.components.plans import changed, operations
from tests.support import plan

READER = role("acdd72a7-3385-48ef-bd42-f606fba81ae7")


def resources(**settings: Any) -> dict[tuple[str, str], Resource]:
    return standing(backup=settings)


def test_the_policy_is_daily_at_its_time_and_keeps_its_days() -> None:
    policy = resources(time="02:30", keep_days=9)["BackupPolicy", "storage-backup"].inputs
    assert policy["backupPolicyName"] == "daily-0230-9d"
    daily, kept = policy["properties"]["policyRules"]
    assert daily["trigger"]["schedule"]["repeatingTimeIntervals"] == ["R/2026-01-01T02:30:00+00:00/P1D"]
    assert daily["dataStore"]["dataStoreType"] == "OperationalStore"
    assert kept["isDefault"] is True
    assert kept["lifecycles"][0]["deleteAfter"] == {"objectType": "AbsoluteDeleteOption", "duration": "P9D"}


def test_other_days_make_another_policy_before_the_old_one_goes_as_azure_changes_none() -> None:
    preview = changed(lambda: storage(backup={"keep_days": 7}), lambda: storage(backup={"keep_days": 14}))
    found = operations(preview)
    assert found == {
        ("BackupPolicy", "storage-backup"): Operation.REPLACE,
        ("BackupInstance", "storage-backup"): Operation.UPDATE,
    }
    (policy,) = [made for made in preview.resources if made.type.endswith(":BackupPolicy")]
    assert policy.delete_before_replace is False


def test_the_whole_cluster_is_backed_up_with_snapshots_in_a_group_of_their_own() -> None:
    made = resources()
    properties = made["BackupInstance", "storage-backup"].inputs["properties"]
    assert properties["dataSourceInfo"]["resourceID"] == CLUSTER_ID
    assert properties["policyInfo"]["policyId"] == made["BackupPolicy", "storage-backup"].id
    chosen = properties["policyInfo"]["policyParameters"]
    (everything,) = chosen["backupDatasourceParametersList"]
    assert everything["snapshotVolumes"] is True
    assert everything["includeClusterScopeResources"] is True
    assert "includedNamespaces" not in everything
    (store,) = chosen["dataStoreParametersList"]
    assert store["resourceGroupId"] == made["ResourceGroup", "storage-backup-snapshots"].id


def test_the_extension_puts_objects_into_the_stacks_account() -> None:
    made = resources()
    account = made["StorageAccount", "storagebackup"]
    extension = made["Extension", "storage-backup-extension"].inputs
    assert extension["extensionType"] == "microsoft.dataprotection.kubernetes"
    assert extension["clusterName"] == "cluster-1a2b3c"
    assert extension["configurationSettings"] == {
        "configuration.backupStorageLocation.bucket": "objects",
        "configuration.backupStorageLocation.config.resourceGroup": GROUP,
        "configuration.backupStorageLocation.config.storageAccount": account.outputs["name"],
        "configuration.backupStorageLocation.config.subscriptionId": SUBSCRIPTION,
        "credentials.tenantId": TENANT,
    }
    container = made["BlobContainer", "storage-backup-objects"].inputs
    assert (container["containerName"], container["publicAccess"]) == ("objects", "None")
    assert (account.inputs["kind"], account.inputs["networkRuleSet"]["defaultAction"]) == ("StorageV2", "Deny")
    (connection,) = made["PrivateEndpoint", "storage-backup-endpoint"].inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["blob"]


def test_a_zone_that_the_network_has_is_used_and_none_is_made() -> None:
    zone = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/{BLOBS_ZONE}"
    made = planned(backup={"private_dns_zone": zone})
    (config,) = made["PrivateDnsZoneGroup", "storage-backup-endpoint"].inputs["privateDnsZoneConfigs"]
    assert config["privateDnsZoneId"] == zone
    assert "PrivateZone" not in {kind for kind, _ in made}


def test_everyone_has_the_rights_that_backups_need_and_no_more() -> None:
    made = resources()
    vault = made["BackupVault", "storage-backup"].outputs["identity"]["principalId"]
    extension = made["Extension", "storage-backup-extension"].outputs["aksAssignedIdentity"]["principalId"]
    snapshots = made["ResourceGroup", "storage-backup-snapshots"].id
    rights = {
        (right.inputs["principalId"], right.inputs["roleDefinitionId"], right.inputs["scope"])
        for (kind, name), right in made.items()
        if kind == "RoleAssignment" and name.startswith("storage-backup")
    }
    assert rights == {
        (vault, READER, CLUSTER_ID),
        (vault, READER, snapshots),
        (
            extension,
            role("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
            made["StorageAccount", "storagebackup"].id,
        ),
        (
            made["UserAssignedIdentity", "control-plane"].outputs["principalId"],
            role("b24988ac-6180-42a0-ab88-20f7382dd24c"),
            snapshots,
        ),
    }
    trust = made["TrustedAccessRoleBinding", "storage-backup-trust"].inputs
    assert trust["sourceResourceId"] == made["BackupVault", "storage-backup"].id
    assert trust["roles"] == ["Microsoft.DataProtection/backupVaults/backup-operator"]


def test_a_first_backup_waits_for_all_rights() -> None:
    made = resources()
    waits = made["BackupInstance", "storage-backup"].dependencies
    rights = {
        right.urn
        for (kind, name), right in made.items()
        if kind == "RoleAssignment" and name.startswith("storage-backup")
    }
    assert rights <= set(waits)
    assert made["Extension", "storage-backup-extension"].urn in waits


HOLDERS = ("BackupVault", "BackupPolicy", "BackupInstance", "StorageAccount", "BlobContainer", "ResourceGroup")


@pytest.mark.parametrize("keep_data", [True, False])
def test_backups_outlive_the_stack_exactly_where_data_is_kept(*, keep_data: bool) -> None:
    made = planned(backup={}, keep_data=keep_data)
    assert {kind: it.retain_on_delete for (kind, _), it in made.items() if kind in HOLDERS} == dict.fromkeys(
        HOLDERS, keep_data
    )
    deleted = made["BackupVault", "storage-backup"].inputs["properties"]["securitySettings"]["softDeleteSettings"]
    assert deleted["state"] == ("On" if keep_data else "Off")  # a vault with deleted backups in it cannot be deleted
    kept: list[set[str]] = []
    plan(lambda: kept.append(set(storage(keep_data=keep_data, backup={}).kept)))
    assert kept == [{"backup_vault", "backup_account", "backup_snapshots", "volumes"} if keep_data else set()]


@pytest.mark.parametrize(
    ("redundancy", "vault", "account"),
    [("local", "LocallyRedundant", "Standard_LRS"), ("zone", "ZoneRedundant", "Standard_ZRS")],
)
def test_copies_are_where_the_settings_say(redundancy: str, vault: str, account: str) -> None:
    made = planned(backup={"redundancy": redundancy})
    (store,) = made["BackupVault", "storage-backup"].inputs["properties"]["storageSettings"]
    assert store["type"] == vault
    assert made["StorageAccount", "storagebackup"].inputs["sku"] == {"name": account}
