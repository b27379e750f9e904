"""How Azure Backup gets into a cluster: its extension there, where that puts the objects, and the rights of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import (
    containerservice,
    dataprotection,
    kubernetesconfiguration,
    managedidentity,
    resources,
    storage,
)

from components.azure.private_endpoints import PrivateEndpointArgs, private_endpoint
from components.azure.roles import assign_to_holder, assign_to_identity, principal, role_definition
from components.contract import Cluster, Network
from components.settings import AzureBackupSettings, AzureProviderSettings, ProtectionSettings, Redundancy
from components.settings.storage_azure import BLOBS_ZONE

_READER: Final = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
_CONTRIBUTOR: Final = "b24988ac-6180-42a0-ab88-20f7382dd24c"
_BLOB_CONTRIBUTOR: Final = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
"""Roles Reader, Contributor, Storage Blob Data Contributor. Source: Azure documentation, built-in roles, known, not
read; who needs which: "Prerequisites for Azure Kubernetes Service backup", read 2026-11-29."""
_OPERATOR: Final = "Microsoft.DataProtection/backupVaults/backup-operator"
_EXTENSION: Final = "microsoft.dataprotection.kubernetes"
_NAMESPACE: Final = "dataprotection-microsoft"
_CONTAINER: Final = "objects"


@dataclass(frozen=True, kw_only=True)
class BackupAccessArgs:
    """What the way in is made from; as `storage_backup.BackupArgs`, with the vault and the snapshots' group."""

    settings: AzureBackupSettings
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    network: Network
    private_endpoint_subnet_id: pulumi.Output[str]
    cluster: Cluster
    cluster_id: pulumi.Output[str]
    cluster_identity: managedidentity.UserAssignedIdentity
    vault: dataprotection.BackupVault
    snapshots: resources.ResourceGroup
    protection: ProtectionSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class BackupAccess:
    """The objects' storage account, and what a first backup waits for."""

    account: storage.StorageAccount
    ready: Sequence[pulumi.Resource]


def backup_access(name: str, args: BackupAccessArgs) -> BackupAccess:
    """Make the account, the extension, its trust in the vault, and the rights."""
    account, endpoint = _account(name, args)
    container = storage.BlobContainer(
        f"{name}-objects",
        resource_group_name=args.resource_group_name,
        account_name=account.name,
        container_name=_CONTAINER,
        public_access=storage.PublicAccess.NONE,
        opts=pulumi.ResourceOptions(
            parent=args.parent, deleted_with=account, retain_on_delete=args.protection.keep_data
        ),
    )
    extension = _extension(name, account, [container, *endpoint], args)
    trust = containerservice.TrustedAccessRoleBinding(
        f"{name}-trust",
        resource_group_name=args.resource_group_name,
        resource_name_=args.cluster.cluster_name,
        trusted_access_role_binding_name="backup-vault",
        source_resource_id=args.vault.id,
        roles=[_OPERATOR],
        opts=pulumi.ResourceOptions(parent=args.parent, deleted_with=args.cluster.control_plane),
    )
    return BackupAccess(account=account, ready=(extension, trust, *_rights(name, account, extension, args)))


def _account(name: str, args: BackupAccessArgs) -> tuple[storage.StorageAccount, Sequence[pulumi.Resource]]:
    """The account, of the only kind that the extension takes, and its address in the network."""
    zones = args.settings.redundancy is Redundancy.ZONE
    account = storage.StorageAccount(
        name.replace("-", ""),  # it starts the account's name, which has letters and digits alone
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        kind=storage.Kind.STORAGE_V2,
        sku=storage.SkuArgs(name="Standard_ZRS" if zones else "Standard_LRS"),
        allow_blob_public_access=False,
        enable_https_traffic_only=True,
        minimum_tls_version="TLS1_2",
        network_rule_set=storage.NetworkRuleSetArgs(default_action=storage.DefaultAction.DENY, bypass="AzureServices"),
        tags=dict(args.tags),
        opts=pulumi.ResourceOptions(
            parent=args.parent, retain_on_delete=args.protection.keep_data, replace_on_changes=["sku"]
        ),
    )
    endpoint = private_endpoint(
        f"{name}-endpoint",
        PrivateEndpointArgs(
            service_id=account.id,
            group="blob",
            zone=BLOBS_ZONE,
            zone_id=args.settings.private_dns_zone,
            network=args.network,
            subnet_id=args.private_endpoint_subnet_id,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=args.parent,
        ),
    )
    return account, endpoint


def _extension(
    name: str, account: storage.StorageAccount, after: Sequence[pulumi.Resource], args: BackupAccessArgs
) -> kubernetesconfiguration.Extension:
    """Azure's program in the cluster that makes backups; it brings an identity of its own."""
    location = "configuration.backupStorageLocation"
    return kubernetesconfiguration.Extension(
        f"{name}-extension",
        resource_group_name=args.resource_group_name,
        cluster_rp="Microsoft.ContainerService",
        cluster_resource_name="managedClusters",
        cluster_name=args.cluster.cluster_name,
        extension_name="azure-aks-backup",
        extension_type=_EXTENSION,
        auto_upgrade_minor_version=True,
        release_train="stable",
        scope=kubernetesconfiguration.ScopeArgs(
            cluster=kubernetesconfiguration.ScopeClusterArgs(release_namespace=_NAMESPACE)
        ),
        configuration_settings={
            f"{location}.bucket": _CONTAINER,
            f"{location}.config.resourceGroup": args.resource_group_name,
            f"{location}.config.storageAccount": account.name,
            f"{location}.config.subscriptionId": args.provider.subscription_id,
            "credentials.tenantId": args.provider.tenant_id,
        },
        opts=pulumi.ResourceOptions(
            parent=args.parent,
            depends_on=[*args.cluster.ready, *after],
            deleted_with=args.cluster.control_plane,
        ),
    )


def _rights(
    name: str,
    account: storage.StorageAccount,
    extension: kubernetesconfiguration.Extension,
    args: BackupAccessArgs,
) -> list[pulumi.Resource]:
    """The extension writes objects, AKS makes snapshots, and the vault sees both."""
    vault_principal = args.vault.identity.apply(
        lambda identity: principal(identity.principal_id if identity else None, "backup vault")
    )
    extension_principal = extension.aks_assigned_identity.apply(
        lambda identity: principal(identity.principal_id if identity else None, "backup extension")
    )
    return [
        assign_to_holder(
            f"{name}-extension-writes",
            extension,
            extension_principal,
            role_definition_id=role_definition(args.provider, _BLOB_CONTRIBUTOR),
            scope=account.id,
            parent=args.parent,
        ),
        assign_to_identity(
            f"{name}-cluster-makes-snapshots",
            args.cluster_identity,
            role_definition_id=role_definition(args.provider, _CONTRIBUTOR),
            scope=args.snapshots.id,
            parent=args.parent,
        ),
        *[
            assign_to_holder(
                f"{name}-vault-sees-{what}",
                args.vault,
                vault_principal,
                role_definition_id=role_definition(args.provider, _READER),
                scope=scope,
                parent=args.parent,
            )
            for what, scope in (("cluster", args.cluster_id), ("snapshots", args.snapshots.id))
        ],
    ]
