"""What the control plane may do: put interfaces into subnets, hand the kubelet's identity out, and no more."""

from __future__ import annotations

from tests.components.azure.clusters import with_cluster
from tests.components.azure.parts import role
from tests.components.plans import standing

NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
MANAGED_IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
KEY_VAULT_CONTRIBUTOR = "f25e0fa2-a7cd-4377-a976-54943a77a395"


def test_the_control_plane_has_these_rights_alone() -> None:
    resources = standing(with_cluster())
    identity = resources["UserAssignedIdentity", "cluster-control-plane"].outputs["principalId"]
    vault, kubelet = resources["Vault", "cluster-etcd"].id, resources["UserAssignedIdentity", "cluster-kubelet"].id
    found = [it.inputs for it in resources.values() if it.inputs.get("principalId") == identity]
    assert sorted((it["roleDefinitionId"], it["scope"]) for it in found) == sorted(
        [
            (role(NETWORK_CONTRIBUTOR), "subnet-1"),
            (role(NETWORK_CONTRIBUTOR), "subnet-1"),
            (role(MANAGED_IDENTITY_OPERATOR), kubelet),
            (role(CRYPTO_USER), vault),
            (role(KEY_VAULT_CONTRIBUTOR), vault),
        ]
    )


def test_the_cluster_acts_as_one_identity_and_its_nodes_as_the_other() -> None:
    resources = standing(with_cluster())
    cluster = resources["ManagedCluster", "cluster"].inputs
    assert cluster["identity"]["type"] == "UserAssigned"
    assert cluster["identity"]["userAssignedIdentities"] == [
        resources["UserAssignedIdentity", "cluster-control-plane"].id
    ]
    kubelet = {"resourceId": resources["UserAssignedIdentity", "cluster-kubelet"].id}
    assert cluster["identityProfile"] == {"kubeletidentity": kubelet}
