"""The key of Kubernetes secrets: always there, in a vault without a public address unless told otherwise."""

from __future__ import annotations

from tests.components.azure.clusters import with_cluster
from tests.components.plans import planned, standing

VAULT = (
    "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/resourceGroups/keys"
    "/providers/Microsoft.KeyVault/vaults/central"
)
KEY = "https://central.vault.azure.net/keys/aks/0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d"
EXISTING = {"key_url": KEY, "vault_id": VAULT}


def test_secrets_are_encrypted_by_a_key_of_the_clusters_own_in_a_private_vault() -> None:
    resources = standing(with_cluster())
    key, vault = resources["Key", "cluster-etcd"], resources["Vault", "cluster-etcd"]
    assert resources["ManagedCluster", "cluster"].inputs["securityProfile"]["azureKeyVaultKms"] == {
        "enabled": True,
        "keyId": key.outputs["keyUriWithVersion"],
        "keyVaultNetworkAccess": "Private",
        "keyVaultResourceId": vault.id,
    }
    properties = vault.inputs["properties"]
    assert properties["publicNetworkAccess"] == "Disabled"
    assert (properties["enableRbacAuthorization"], properties["enablePurgeProtection"]) == (True, True)
    assert properties["softDeleteRetentionInDays"] == 90


def test_the_name_of_the_vault_fits_what_key_vault_takes() -> None:
    assert len("cluster-etcd") + 8 <= 24  # Pulumi adds eight digits


def test_a_public_vault_is_open_to_all_networks_and_its_identity_needs_no_endpoint() -> None:
    resources = planned(with_cluster(secrets={"vault_access": "public"}))
    kms = resources["ManagedCluster", "cluster"].inputs["securityProfile"]["azureKeyVaultKms"]
    assert kms["keyVaultNetworkAccess"] == "Public"
    assert "keyVaultResourceId" not in kms
    properties = resources["Vault", "cluster-etcd"].inputs["properties"]
    assert properties["publicNetworkAccess"] == "Enabled"
    assert "networkAcls" not in properties
    assert ("RoleAssignment", "cluster-etcd-endpoint") not in resources


def test_an_existing_key_is_used_as_it_is_and_the_identity_gets_its_right_on_its_vault() -> None:
    resources = planned(with_cluster(secrets=EXISTING))
    assert ("Vault", "cluster-etcd") not in resources
    assert ("Key", "cluster-etcd") not in resources
    kms = resources["ManagedCluster", "cluster"].inputs["securityProfile"]["azureKeyVaultKms"]
    assert (kms["keyId"], kms["keyVaultResourceId"]) == (KEY, VAULT)
    assert resources["RoleAssignment", "cluster-etcd-use"].inputs["scope"] == VAULT
