"""Who may use a cluster's API: roles in Azure for the settings' principals, nothing of whoever runs Pulumi."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
from pulumi_azure_native import authorization, containerservice

from components.azure.roles import role_definition
from components.settings import AksClusterSettings, AzureProviderSettings

ROLES: Final = {
    "admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "user": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
}
"""Built-in roles: "Azure Kubernetes Service RBAC Cluster Admin", all of what is in the cluster, and "Azure Kubernetes
Service Cluster User Role", to be told its address and authority. Source: Azure built-in roles, read 2026-11-29.

Least that deployers do with: in-cluster rights given by RBAC alone would need an administrator to give them first.
"""
_KINDS: Final = {
    "user": authorization.PrincipalType.USER,
    "group": authorization.PrincipalType.GROUP,
    "service-principal": authorization.PrincipalType.SERVICE_PRINCIPAL,
}


def grant_access(
    name: str,
    settings: AksClusterSettings,
    provider: AzureProviderSettings,
    cluster: containerservice.ManagedCluster,
    parent: pulumi.Resource,
) -> Sequence[pulumi.Resource]:
    """Make the deployers administrators of this cluster, and of no other.

    Returns:
        Their rights, which everything in the cluster waits for.
    """
    return [
        authorization.RoleAssignment(
            f"{name}-deployer-{principal_key(principal)}-{key}",
            principal_id=principal.partition(":")[2],
            principal_type=_KINDS[principal.partition(":")[0]],
            role_definition_id=role_definition(provider, role),
            scope=cluster.id,
            opts=pulumi.ResourceOptions(parent=parent, deleted_with=cluster),
        )
        for principal in settings.deployers
        for key, role in ROLES.items()
    ]


def principal_key(principal: str) -> str:
    """A short stable key of a principal: its kind and the first part of its object id."""
    kind, _, object_id = principal.partition(":")
    return f"{kind}-{object_id.partition('-')[0]}"
