"""Who may use the API: the settings' deployers, of this cluster and no other."""

from __future__ import annotations

import pytest

from components.gcp.access import in_kubernetes, only_within, principal_key
from components.gcp.cluster import GkeCluster
from components.incluster.access import Access
from components.settings import GkeAccessSettings
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


def test_others_come_to_this_clusters_door_and_no_further_by_iam() -> None:
    access = {"developers": {"principal": "user:someone@example.com", "policy": "edit"}}
    resources = standing(lambda: gke_cluster(access=access))
    member = resources["IAMMember", "cluster-access-developers"].inputs
    assert (member["role"], member["member"]) == ("roles/container.clusterViewer", "user:someone@example.com")
    assert member["condition"] == {
        **resources["IAMMember", NAME].inputs["condition"],
        "description": "Reaches one GKE cluster and what is in it.",
    }


def test_others_access_is_nothing_that_the_cluster_waits_for() -> None:
    made: list[GkeCluster] = []
    access = {"developers": {"principal": "user:someone@example.com"}}
    plan(lambda: made.append(gke_cluster(access=access)))
    assert [it.pulumi_resource_name for it in made[0].ready] == [NAME]


@pytest.mark.parametrize(
    ("principal", "kind", "name"),
    [
        ("user:someone@example.com", "User", "someone@example.com"),
        (
            "serviceAccount:ci@my-project.iam.gserviceaccount.com",
            "User",
            "ci@my-project.iam.gserviceaccount.com",
        ),
        ("group:team@example.com", "Group", "team@example.com"),
        ("principal://iam.googleapis.com/pool/subject/1", "User", "principal://iam.googleapis.com/pool/subject/1"),
        ("principalSet://iam.googleapis.com/pool/group/1", "Group", "principalSet://iam.googleapis.com/pool/group/1"),
    ],
)
def test_a_principal_of_iam_is_a_subject_of_kubernetes(principal: str, kind: str, name: str) -> None:
    entry = GkeAccessSettings.model_validate({"principal": principal, "policy": "admin", "namespaces": ["shop"]})
    (found,) = in_kubernetes({"x": entry}).values()
    assert found == Access(kind=kind, name=name, cluster_role="admin", namespaces=("shop",))  # pyrefly: ignore[bad-argument-type]  # a parameter is any text


def test_groups_are_asked_about_where_the_settings_name_the_group_of_groups() -> None:
    assert "authenticatorGroupsConfig" not in planned(gke_cluster)["Cluster", "cluster"].inputs
    named = planned(lambda: gke_cluster(security_group="gke-security-groups@example.com"))["Cluster", "cluster"].inputs
    assert named["authenticatorGroupsConfig"] == {"securityGroup": "gke-security-groups@example.com"}


def test_principals_of_one_name_have_keys_of_their_own() -> None:
    principals = [
        "user:admin@example.com",
        "group:admin@example.com",
        "serviceAccount:admin@my-project.iam.gserviceaccount.com",
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/admin",
    ]
    assert len({principal_key(it) for it in principals}) == len(principals)
    assert all(principal_key(it).startswith("admin-") for it in principals)
