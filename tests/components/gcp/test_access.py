"""Who may use the API: the settings' deployers, of this cluster and no other."""

from __future__ import annotations

from components.gcp.access import only_within, principal_key
from components.gcp.cluster import GkeCluster
from preview.plan import Operation
from tests.components.gcp.clusters import DEPLOYER, gke_cluster
from tests.components.plans import changed, operations, planned, standing
from tests.support import plan

NAME = f"cluster-deployer-{principal_key(DEPLOYER)}"


def test_deployers_administer_this_cluster_alone() -> None:
    resources = standing(gke_cluster)
    member = resources["IAMMember", NAME].inputs
    assert (member["role"], member["member"]) == ("roles/container.admin", DEPLOYER)
    name = resources["Cluster", "cluster"].outputs["name"]
    path = f"projects/my-project/locations/europe-west3/clusters/{name}"
    assert member["condition"]["expression"] == only_within(path)


def test_a_cluster_whose_name_begins_alike_is_another_one() -> None:
    exact, _, below = only_within("projects/p/locations/r/clusters/dev").partition(" || ")
    assert exact == 'resource.name == "projects/p/locations/r/clusters/dev"'
    assert below == 'resource.name.startsWith("projects/p/locations/r/clusters/dev/")'


def test_in_cluster_objects_wait_for_the_deployers_access() -> None:
    made: list[GkeCluster] = []
    plan(lambda: made.append(gke_cluster()))
    assert [it.pulumi_resource_name for it in made[0].ready] == [NAME]


def test_another_deployer_only_creates_wherever_it_stands_in_the_list() -> None:
    second = "user:someone@example.com"
    done = operations(changed(gke_cluster, lambda: gke_cluster(deployers=(second, DEPLOYER))))
    assert done == {("IAMMember", f"cluster-deployer-{principal_key(second)}"): Operation.CREATE}


def test_nobody_else_gets_a_role_in_the_project() -> None:
    resources = planned(gke_cluster)
    assert {name for kind, name in resources if kind == "IAMMember"} == {NAME, "cluster-node-node"}


def test_principals_of_one_name_have_keys_of_their_own() -> None:
    principals = [
        "user:admin@example.com",
        "group:admin@example.com",
        "serviceAccount:admin@my-project.iam.gserviceaccount.com",
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/admin",
    ]
    assert len({principal_key(it) for it in principals}) == len(principals)
    assert all(principal_key(it).startswith("admin-") for it in principals)
