"""What an AKS cluster and its nodes act as, each with no more rights than it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import managedidentity

from components.azure.roles import assign_to_identity, role_definition
from components.contract import Network
from components.settings import AksClusterSettings, AksMode, AzureProviderSettings

_NETWORK_CONTRIBUTOR: Final = "4d97b98b-1d4f-4787-a291-c67834d212e7"
_MANAGED_IDENTITY_OPERATOR: Final = "f1a07417-d97a-45cb-824c-7a7467783830"
_READER: Final = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
"""Built-in roles of Azure, the same in every subscription. Source: Azure built-in roles, read 2026-11-29."""


@dataclass(frozen=True, kw_only=True)
class IdentitiesArgs:
    """The cluster that gets the identities, and where they stand."""

    settings: AksClusterSettings
    provider: AzureProviderSettings
    network: Network
    resource_group_name: pulumi.Output[str]
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class ClusterIdentities:
    """Both identities, and what must stand before a cluster may use them."""

    control_plane: managedidentity.UserAssignedIdentity
    kubelet: managedidentity.UserAssignedIdentity | None
    """What nodes act as; None in AKS Automatic, which makes one itself."""
    rights: Mapping[str, pulumi.Resource]
    """The control plane's, by what they are for; `kubelet` goes and comes with the kubelet's identity."""


def cluster_identities(name: str, args: IdentitiesArgs) -> ClusterIdentities:
    """Make both, and give the control plane its rights.

    It puts network interfaces into the network's subnets, hands the kubelet's identity to the nodes, and reads the disk
    encryption set; no right of it reaches further. Azure gives it all rights on the nodes' own resource group, which it
    makes itself.
    """
    control_plane = _identity(f"{name}-control-plane", args)
    kubelet = None if args.settings.mode is AksMode.AUTOMATIC else _identity(f"{name}-kubelet", args)
    network = args.network
    scopes: dict[str, tuple[str, pulumi.Input[str]]] = {
        "nodes": (_NETWORK_CONTRIBUTOR, network.node_subnet_ids[network.zones[0]]),
    }
    if kubelet is not None:
        scopes["kubelet"] = (_MANAGED_IDENTITY_OPERATOR, kubelet.id)
    if args.settings.api_server_vnet_integration:
        scopes["api-server"] = (_NETWORK_CONTRIBUTOR, network.control_plane_subnet_ids[network.zones[0]])
    if args.settings.disk_encryption_set is not None:
        scopes["disks"] = (_READER, args.settings.disk_encryption_set)
    rights = {
        key: assign_to_identity(
            f"{name}-control-plane-{key}",
            control_plane,
            role_definition_id=role_definition(args.provider, role),
            scope=scope,
            parent=args.parent,
        )
        for key, (role, scope) in scopes.items()
    }
    return ClusterIdentities(control_plane=control_plane, kubelet=kubelet, rights=rights)


def _identity(name: str, args: IdentitiesArgs) -> managedidentity.UserAssignedIdentity:
    return managedidentity.UserAssignedIdentity(
        name,
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        tags=dict(args.tags),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )
