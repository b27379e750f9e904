"""Who may use an AKS cluster: roles on this one cluster, for the settings' principals alone."""

from __future__ import annotations

from components.azure.access import principal_key
from tests.components.azure.clusters import DEPLOYER, with_cluster
from tests.components.azure.parts import role
from tests.components.plans import planned, standing

ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"
USER = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
GROUP = "group:a1a2a3a4-0a1b-0a1b-0a1b-0a1b2c3d4e5f"


def test_each_deployer_administers_this_cluster_and_is_told_its_address() -> None:
    resources = standing(with_cluster(deployers=(DEPLOYER, GROUP)))
    cluster_id = resources["ManagedCluster", "cluster"].id
    rights = [it.inputs for it in resources.values() if it.inputs.get("scope") == cluster_id]
    found = {(it["principalType"], it["principalId"], it["roleDefinitionId"]) for it in rights}
    service_principal, group = DEPLOYER.partition(":")[2], GROUP.partition(":")[2]
    assert found == {
        ("ServicePrincipal", service_principal, role(ADMIN)),
        ("ServicePrincipal", service_principal, role(USER)),
        ("Group", group, role(ADMIN)),
        ("Group", group, role(USER)),
    }


def test_the_order_of_deployers_names_nothing() -> None:
    one, other = (planned(with_cluster(deployers=it)).keys() for it in ((DEPLOYER, GROUP), (GROUP, DEPLOYER)))
    assert one == other


def test_rights_go_with_the_cluster() -> None:
    resources = planned(with_cluster())
    right = resources["RoleAssignment", f"cluster-deployer-{principal_key(DEPLOYER)}-admin"]
    assert right.deleted_with == resources["ManagedCluster", "cluster"].urn


def test_a_key_is_the_kind_and_the_start_of_the_id() -> None:
    assert principal_key(GROUP) == "group-a1a2a3a4"
