"""Azure Files: a storage account whose shares claims become, inside the network, and who may make and mount them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import managedidentity, storage

from components.azure.private_endpoints import PrivateEndpointArgs, private_endpoint
from components.azure.roles import assign_to_identity, assign_to_nodes, role_definition
from components.contract import Cluster, Network
from components.settings import (
    AzureFileStorageSettings,
    AzureProviderSettings,
    FileProtocol,
    ProtectionSettings,
    Redundancy,
)
from components.settings.storage_azure import FILES_ZONE

_ACCOUNT_CONTRIBUTOR: Final = "17d1049b-9a84-46fb-8f53-869881c3d3ab"
_READER_AND_DATA_ACCESS: Final = "c12c1c16-33a1-487b-954d-41c89c60f349"
"""Roles Storage Account Contributor, and Reader and Data Access, which may read keys. Source: Azure documentation,
built-in roles, known, not read."""


@dataclass(frozen=True, kw_only=True)
class FilesArgs:
    """What the account is made from; `cluster_identity` is what AKS's own drivers act as."""

    settings: AzureFileStorageSettings
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    network: Network
    private_endpoint_subnet_id: pulumi.Output[str]
    cluster: Cluster
    cluster_identity: managedidentity.UserAssignedIdentity
    protection: ProtectionSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class Files:
    """The account, and what claims wait for."""

    account: storage.StorageAccount
    ready: Sequence[pulumi.Resource]


def files(name: str, args: FilesArgs) -> Files:
    """Make the account and its endpoint.

    Only the network reaches it. NFS knows its clients by their address alone and needs no key, so the account has none
    that works; SMB wants the account's, which the nodes read when they mount. Premium: NFS takes no other.
    """
    account = _account(name, args)
    endpoint = private_endpoint(
        f"{name}-endpoint",
        PrivateEndpointArgs(
            service_id=account.id,
            group="file",
            zone=FILES_ZONE,
            zone_id=args.settings.private_dns_zone,
            network=args.network,
            subnet_id=args.private_endpoint_subnet_id,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=args.parent,
        ),
    )
    driver = assign_to_identity(
        f"{name}-driver",
        args.cluster_identity,
        role_definition_id=role_definition(args.provider, _ACCOUNT_CONTRIBUTOR),
        scope=account.id,
        parent=args.parent,
    )
    rights = [driver] if args.settings.protocol is FileProtocol.NFS else [driver, _keys_reader(name, account, args)]
    return Files(account=account, ready=(*endpoint, *rights))


def _account(name: str, args: FilesArgs) -> storage.StorageAccount:
    """The account, on premium disks as NFS takes no others; where its copies are is fixed."""
    return storage.StorageAccount(
        name,
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        kind=storage.Kind.FILE_STORAGE,
        sku=storage.SkuArgs(name="Premium_ZRS" if args.settings.redundancy is Redundancy.ZONE else "Premium_LRS"),
        allow_blob_public_access=False,
        allow_shared_key_access=args.settings.protocol is FileProtocol.SMB,
        enable_https_traffic_only=args.settings.encrypt_in_transit,
        minimum_tls_version="TLS1_2",
        public_network_access="Disabled",
        network_rule_set=storage.NetworkRuleSetArgs(default_action=storage.DefaultAction.DENY, bypass="None"),
        tags=dict(args.tags),
        opts=pulumi.ResourceOptions(
            parent=args.parent,
            protect=args.protection.protect,
            retain_on_delete=args.protection.keep_data,
            replace_on_changes=["sku"],
        ),
    )


def _keys_reader(name: str, account: storage.StorageAccount, args: FilesArgs) -> pulumi.Resource:
    """The nodes' right to read the account's key when they mount a share."""
    return assign_to_nodes(
        f"{name}-nodes",
        args.cluster,
        role_definition_id=role_definition(args.provider, _READER_AND_DATA_ACCESS),
        scope=account.id,
        parent=args.parent,
    )
