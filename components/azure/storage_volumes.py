"""Where disks that claims make lie: in a resource group of the stack's, not in AKS's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import authorization, managedidentity, resources

from components.azure.roles import assign_to_identity, role_definition
from components.settings import AzureProviderSettings, ProtectionSettings

_CONTRIBUTOR: Final = "b24988ac-6180-42a0-ab88-20f7382dd24c"
"""Role Contributor: all but giving roles. Source: Azure documentation, built-in roles, known, not read."""


@dataclass(frozen=True, kw_only=True)
class VolumesArgs:
    """What the group is made from; `cluster_identity` is what AKS's disk driver acts as."""

    provider: AzureProviderSettings
    cluster_identity: managedidentity.UserAssignedIdentity
    protection: ProtectionSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class Volumes:
    """The group, and the right that its first disk waits for."""

    group: resources.ResourceGroup
    right: authorization.RoleAssignment


def volumes(name: str, args: VolumesArgs) -> Volumes:
    """Make a group for disks and their snapshots, and let AKS's driver make them there.

    Left to itself it takes the group of the nodes, which goes with the cluster, disks that should stay included. In a
    group of its own the driver may do as it likes, and reaches nothing else of the stack's.
    Source: azuredisk-csi-driver, docs/driver-parameters.md, `resourceGroup`, read 2026-11-29; the rest is known.
    """
    group = resources.ResourceGroup(
        name,
        location=args.provider.region,
        tags=dict(args.tags),
        opts=pulumi.ResourceOptions(
            parent=args.parent, protect=args.protection.protect, retain_on_delete=args.protection.keep_data
        ),
    )
    right = assign_to_identity(
        name,
        args.cluster_identity,
        role_definition_id=role_definition(args.provider, _CONTRIBUTOR),
        scope=group.id,
        parent=args.parent,
    )
    return Volumes(group=group, right=right)
