"""Rights in Azure: one role of one principal on one resource."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import authorization, managedidentity

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
