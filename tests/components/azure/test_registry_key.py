"""A key of one's own for a registry's images."""

from __future__ import annotations

from preview.plan import Operation
from tests.components.azure.parts import role
from tests.components.azure.registries import KEY, registry, standing
from tests.components.plans import changed, operations


def test_a_key_of_ones_own_is_used_by_an_identity_that_may_use_it() -> None:
    resources = standing(tier="premium", key=KEY)
    identity = resources["UserAssignedIdentity", "registry-key"]
    right = resources["RoleAssignment", "registry-key"]
    assert right.inputs["scope"] == KEY
    assert right.inputs["roleDefinitionId"] == role("e147488a-f6f5-4113-8e2d-b22465e65bf6")
    assert right.inputs["principalId"] == identity.outputs["principalId"]
    made = resources["Registry", "registry"]
    assert made.inputs["identity"]["userAssignedIdentities"] == {identity.id: {}}
    assert made.inputs["encryption"] == {
        "status": "enabled",
        "keyVaultProperties": {
            "identity": identity.outputs["clientId"],
            "keyIdentifier": "https://keys-of-ours.vault.azure.net/keys/images",
        },
    }
    assert right.urn in made.dependencies


def test_a_first_key_makes_another_registry_as_azure_takes_it_at_creation_only() -> None:
    preview = changed(lambda: registry(tier="premium"), lambda: registry(tier="premium", key=KEY))
    assert operations(preview)["Registry", "registry"] is Operation.REPLACE
