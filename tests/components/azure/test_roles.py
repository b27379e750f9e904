"""Roles of a stack's own identities."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import managedidentity

from components.azure.roles import assign_to_identity, role_definition
from preview.plan import Operation
from tests.components.azure.networks import SUBSCRIPTION, provider
from tests.components.plans import changed, operations, standing

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
SCOPE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform"


class Holder(pulumi.ComponentResource):
    """An identity with a role."""

    def __init__(self, *, tag: str = "a", region: str = "westeurope") -> None:
        super().__init__("test:double:Holder", "holder")
        identity = managedidentity.UserAssignedIdentity(
            "reader",
            resource_group_name="platform",
            location=region,
            tags={"team": tag},
            opts=pulumi.ResourceOptions(parent=self),
        )
        role = role_definition(provider(), READER)
        assign_to_identity("reader", identity, role_definition_id=role, scope=SCOPE, parent=self)


def test_the_role_is_the_identitys_on_the_scope() -> None:
    resources = standing(Holder)
    assigned = resources["RoleAssignment", "reader"].inputs
    assert assigned["principalId"] == resources["UserAssignedIdentity", "reader"].outputs["principalId"]
    assert assigned["principalType"] == "ServicePrincipal"
    assert assigned["scope"] == SCOPE
    assert assigned["roleDefinitionId"].startswith(f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/")
    assert assigned["roleDefinitionId"].endswith(f"/{READER}")


def test_an_identitys_new_tag_replaces_no_role() -> None:
    done = operations(changed(Holder, lambda: Holder(tag="b")))
    assert done == {("UserAssignedIdentity", "reader"): Operation.UPDATE}


def test_a_new_identity_takes_its_roles_along() -> None:
    preview = changed(Holder, lambda: Holder(region="northeurope"))
    assert operations(preview) == {
        ("UserAssignedIdentity", "reader"): Operation.REPLACE,
        ("RoleAssignment", "reader"): Operation.REPLACE,
    }
