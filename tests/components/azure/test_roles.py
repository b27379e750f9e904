"""Roles of a stack's own identities."""

from __future__ import annotations

import pulumi
import pytest
from pulumi_azure_native import containerregistry, managedidentity

from components.azure.roles import assign_to_holder, assign_to_identity, assign_to_nodes, principal, role_definition
from components.errors import PlatformError
from preview.plan import Operation
from tests.components.azure.networks import SUBSCRIPTION, provider
from tests.components.azure.parts import NODES, azure_cluster
from tests.components.plans import by_type_and_name, changed, operations, standing

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


def registry(*, tag: str = "a", region: str = "westeurope") -> None:
    """A registry with an identity that Azure makes with it, and a role of that."""
    holder = containerregistry.Registry(
        "registry",
        resource_group_name="platform",
        location=region,
        sku=containerregistry.SkuArgs(name="Premium"),
        identity=containerregistry.IdentityPropertiesArgs(type=containerregistry.ResourceIdentityType.SYSTEM_ASSIGNED),
        tags={"team": tag},
    )
    assign_to_holder(
        "reader",
        holder,
        holder.identity.apply(lambda identity: principal(identity.principal_id if identity else None, "registry")),
        role_definition_id=role_definition(provider(), READER),
        scope=SCOPE,
        parent=pulumi.ComponentResource("test:double:Parent", "parent"),
    )


def test_an_identity_that_azure_makes_keeps_its_role_with_a_new_tag_and_takes_it_along_otherwise() -> None:
    made = standing(registry)
    assert (
        made["RoleAssignment", "reader"].inputs["principalId"]
        == (made["Registry", "registry"].outputs["identity"]["principalId"])
    )
    assert operations(changed(registry, lambda: registry(tag="b"))) == {("Registry", "registry"): Operation.UPDATE}
    assert operations(changed(registry, lambda: registry(region="northeurope"))) == {
        ("Registry", "registry"): Operation.REPLACE,
        ("RoleAssignment", "reader"): Operation.REPLACE,
    }


def test_a_resource_that_stands_without_an_identity_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    assert principal(NODES, "registry") == NODES
    with pytest.raises(PlatformError, match="Azure gave the registry no identity"):
        principal(None, "registry")


def puller() -> None:
    """A role of a cluster's nodes."""
    assign_to_nodes(
        "puller",
        azure_cluster(),
        role_definition_id=role_definition(provider(), READER),
        scope=SCOPE,
        parent=pulumi.ComponentResource("test:double:Parent", "parent"),
    )


def test_what_nodes_may_do_goes_with_their_other_rights_before_it_comes_again() -> None:
    made = by_type_and_name(changed(puller, puller).resources)
    right = made["RoleAssignment", "puller"]
    assert right.inputs["principalId"] == NODES
    assert right.replace_with == (made["Stand", "nodes-right"].urn,)
    assert right.delete_before_replace is True
    assert right.ignore_changes == ("principalId",)
