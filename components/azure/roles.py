"""Rights in Azure: one role of one principal on one resource."""

from __future__ import annotations

from typing import cast

import pulumi
from pulumi_azure_native import authorization, managedidentity

from components.contract import Cluster
from components.errors import PlatformError
from components.settings import AzureProviderSettings


def role_definition(provider: AzureProviderSettings, role: str) -> str:
    """Whole id of a built-in role, which has the same GUID in every subscription."""
    definitions = "providers/Microsoft.Authorization/roleDefinitions"
    return f"/subscriptions/{provider.subscription_id}/{definitions}/{role}"


def assign_to_identity(
    name: str,
    identity: managedidentity.UserAssignedIdentity,
    *,
    role_definition_id: pulumi.Input[str],
    scope: pulumi.Input[str],
    parent: pulumi.Resource,
) -> authorization.RoleAssignment:
    """Give a managed identity of the stack a role on `scope`.

    The identity's principal is one for its whole life, but a preview forgets it with every new tag and would show all
    assignments replaced. So its change is ignored, and a new identity takes its assignments along: Pulumi makes a
    replacement from what the program says now, ignored changes too.
    """
    return authorization.RoleAssignment(
        name,
        principal_id=identity.principal_id,
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=role_definition_id,
        scope=scope,
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["principalId"], replace_with=[identity]),
    )


def assign_to_holder(
    name: str,
    holder: pulumi.Resource,
    principal_id: pulumi.Input[str],
    *,
    role_definition_id: pulumi.Input[str],
    scope: pulumi.Input[str],
    parent: pulumi.Resource,
) -> authorization.RoleAssignment:
    """Give the identity that Azure made with `holder`, and deletes with it, a role on `scope`; as above."""
    return authorization.RoleAssignment(
        name,
        principal_id=principal_id,
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=role_definition_id,
        scope=scope,
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["principalId"], replace_with=[holder]),
    )


def assign_to_nodes(
    name: str,
    cluster: Cluster,
    *,
    role_definition_id: pulumi.Input[str],
    scope: pulumi.Input[str],
    parent: pulumi.Resource,
) -> authorization.RoleAssignment:
    """Give a cluster's nodes a role on `scope`.

    As above, but the contract hands over no identity, only what it needs before a node works: its rights, which go
    with the identity and take this one along. Where they go without it, the same right would be made twice, which
    Azure refuses; so the old one goes first.
    """
    return authorization.RoleAssignment(
        name,
        principal_id=cluster.node_role or "",
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=role_definition_id,
        scope=scope,
        opts=pulumi.ResourceOptions(
            parent=parent,
            ignore_changes=["principalId"],
            replace_with=list(cluster.node_prerequisites),
            delete_before_replace=True,
        ),
    )


def principal(principal_id: str | None, holder: str) -> str:
    """The principal of the identity that Azure made with `holder`; the SDK's type says optional.

    Raises:
        PlatformError: it stands, and Azure gave it none.
    """
    if principal_id:
        return principal_id
    if pulumi.runtime.is_dry_run():  # an object given as input may come back without what Azure adds to it
        return cast("str", pulumi.UNKNOWN)
    raise PlatformError(f"Azure gave the {holder} no identity")
