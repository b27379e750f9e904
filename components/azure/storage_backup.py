"""Backups of what lives in the cluster: its objects and disks, by Azure Backup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import dataprotection, managedidentity, resources

from components.azure.storage_backup_access import BackupAccessArgs, backup_access
from components.contract import Cluster, Network
from components.settings import AzureBackupSettings, AzureProviderSettings, ProtectionSettings, Redundancy

_DATASOURCE: Final = "Microsoft.ContainerService/managedClusters"
_FIRST_DAY: Final = "2026-01-01"  # a schedule starts on some day; this one has passed
_RESTORABLE_DAYS: Final = 14  # of deleted backups, where data is kept


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """What backups are made from.

    `cluster_id` is the cluster's whole id, `cluster_identity` what AKS makes snapshots as, `private_endpoint_subnet_id`
    where the objects' storage account gets its address.
    """

    settings: AzureBackupSettings
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    network: Network
    private_endpoint_subnet_id: pulumi.Output[str]
    cluster: Cluster
    cluster_id: pulumi.Output[str]
    cluster_identity: managedidentity.UserAssignedIdentity
    protection: ProtectionSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class Backups:
    """What holds backups, by role: the vault, the objects' storage account, the snapshots' resource group."""

    kept: Mapping[str, pulumi.Output[str]]


def backups(name: str, args: BackupArgs) -> Backups:
    """Make the vault, the daily policy, and what is backed up by it.

    Snapshots of disks stay in a resource group of their own, the objects in a storage account; a vault's own copies,
    in another place, cost more and are no part of this. Where data is not kept, deleted backups are gone at once, as a
    vault that has some cannot be deleted, and a destroy must end. Source: Azure documentation, "Azure Kubernetes
    Service backup support matrix", and azurerm's documentation of its backup instance, read 2026-11-29.
    """
    snapshots = resources.ResourceGroup(
        f"{name}-snapshots", location=args.provider.region, tags=dict(args.tags), opts=_options(args, [])
    )
    vault = _vault(name, args)
    policy = _policy(name, vault, args)
    access = backup_access(
        name,
        BackupAccessArgs(
            settings=args.settings,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            network=args.network,
            private_endpoint_subnet_id=args.private_endpoint_subnet_id,
            cluster=args.cluster,
            cluster_id=args.cluster_id,
            cluster_identity=args.cluster_identity,
            vault=vault,
            snapshots=snapshots,
            protection=args.protection,
            tags=args.tags,
            parent=args.parent,
        ),
    )
    _instance(name, vault, policy, snapshots, access.ready, args)
    return Backups(
        kept={"backup_vault": vault.id, "backup_account": access.account.id, "backup_snapshots": snapshots.id}
    )


def _vault(name: str, args: BackupArgs) -> dataprotection.BackupVault:
    keep = args.protection.keep_data
    zones = args.settings.redundancy is Redundancy.ZONE
    return dataprotection.BackupVault(
        name,
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        identity=dataprotection.DppIdentityDetailsArgs(type="SystemAssigned"),
        properties=dataprotection.BackupVaultArgs(
            storage_settings=[
                dataprotection.StorageSettingArgs(
                    datastore_type="VaultStore", type="ZoneRedundant" if zones else "LocallyRedundant"
                )
            ],
            security_settings=dataprotection.SecuritySettingsArgs(
                soft_delete_settings=dataprotection.SoftDeleteSettingsArgs(
                    state="On" if keep else "Off", retention_duration_in_days=_RESTORABLE_DAYS
                )
            ),
        ),
        tags=dict(args.tags),
        opts=_options(args, ["properties.storageSettings"]),
    )


def _policy(name: str, vault: dataprotection.BackupVault, args: BackupArgs) -> dataprotection.BackupPolicy:
    """Once a day, for some days. Azure changes no policy (known, not read): another one comes, by another name."""
    settings = args.settings
    store = dataprotection.DataStoreInfoBaseArgs(data_store_type="OperationalStore", object_type="DataStoreInfoBase")
    day = f"{settings.time.replace(':', '')}-{settings.keep_days}d"
    return dataprotection.BackupPolicy(
        name,
        resource_group_name=args.resource_group_name,
        vault_name=vault.name,
        backup_policy_name=f"daily-{day}",
        properties=dataprotection.BackupPolicyArgs(
            object_type="BackupPolicy",
            datasource_types=[_DATASOURCE],
            policy_rules=[
                _daily(settings.time, store),
                dataprotection.AzureRetentionRuleArgs(
                    object_type="AzureRetentionRule",
                    name="Default",
                    is_default=True,
                    lifecycles=[
                        dataprotection.SourceLifeCycleArgs(
                            delete_after=dataprotection.AbsoluteDeleteOptionArgs(
                                object_type="AbsoluteDeleteOption", duration=f"P{settings.keep_days}D"
                            ),
                            source_data_store=store,
                        )
                    ],
                ),
            ],
        ),
        opts=pulumi.ResourceOptions.merge(
            _options(args, []), pulumi.ResourceOptions(delete_before_replace=False, deleted_with=vault)
        ),
    )


def _daily(time: str, store: dataprotection.DataStoreInfoBaseArgs) -> dataprotection.AzureBackupRuleArgs:
    """The rule that says when."""
    return dataprotection.AzureBackupRuleArgs(
        object_type="AzureBackupRule",
        name="Daily",
        data_store=store,
        backup_parameters=dataprotection.AzureBackupParamsArgs(
            object_type="AzureBackupParams", backup_type="Incremental"
        ),
        trigger=dataprotection.ScheduleBasedTriggerContextArgs(
            object_type="ScheduleBasedTriggerContext",
            schedule=dataprotection.BackupScheduleArgs(
                repeating_time_intervals=[f"R/{_FIRST_DAY}T{time}:00+00:00/P1D"], time_zone="Coordinated Universal Time"
            ),
            tagging_criteria=[
                dataprotection.TaggingCriteriaArgs(
                    is_default=True, tag_info=dataprotection.RetentionTagArgs(tag_name="Default"), tagging_priority=99
                )
            ],
        ),
    )


def _instance(
    name: str,
    vault: dataprotection.BackupVault,
    policy: dataprotection.BackupPolicy,
    snapshots: resources.ResourceGroup,
    ready: Sequence[pulumi.Resource],
    args: BackupArgs,
) -> dataprotection.BackupInstance:
    """What is backed up: objects of all namespaces and of none, and disks. Named after the cluster, as it is its."""
    cluster, place = args.cluster.cluster_name, args.provider.region
    return dataprotection.BackupInstance(
        name,
        resource_group_name=args.resource_group_name,
        vault_name=vault.name,
        backup_instance_name=cluster,
        properties=dataprotection.BackupInstanceArgs(
            object_type="BackupInstance",
            friendly_name=cluster,
            data_source_info=dataprotection.DatasourceArgs(
                object_type="Datasource",
                datasource_type=_DATASOURCE,
                resource_id=args.cluster_id,
                resource_location=place,
                resource_name=cluster,
                resource_type=_DATASOURCE,
            ),
            data_source_set_info=dataprotection.DatasourceSetArgs(
                object_type="DatasourceSet",
                datasource_type=_DATASOURCE,
                resource_id=args.cluster_id,
                resource_location=place,
                resource_name=cluster,
                resource_type=_DATASOURCE,
            ),
            policy_info=dataprotection.PolicyInfoArgs(policy_id=policy.id, policy_parameters=_everything(snapshots.id)),
        ),
        opts=pulumi.ResourceOptions.merge(_options(args, []), pulumi.ResourceOptions(depends_on=list(ready))),
    )


def _everything(snapshots_id: pulumi.Output[str]) -> dataprotection.PolicyParametersArgs:
    return dataprotection.PolicyParametersArgs(
        backup_datasource_parameters_list=[
            dataprotection.KubernetesClusterBackupDatasourceParametersArgs(
                object_type="KubernetesClusterBackupDatasourceParameters",
                snapshot_volumes=True,
                include_cluster_scope_resources=True,
            )
        ],
        data_store_parameters_list=[
            dataprotection.AzureOperationalStoreParametersArgs(
                object_type="AzureOperationalStoreParameters",
                data_store_type="OperationalStore",
                resource_group_id=snapshots_id,
            )
        ],
    )


def _options(args: BackupArgs, replace_on_changes: list[str]) -> pulumi.ResourceOptions:
    """Backups outlive the stack exactly where data is kept."""
    return pulumi.ResourceOptions(
        parent=args.parent, retain_on_delete=args.protection.keep_data, replace_on_changes=replace_on_changes
    )
