"""Workload identity: one service account of Google Cloud for each of Kubernetes."""

from __future__ import annotations

import pulumi
import pytest

from components.errors import ConfigurationError
from components.gcp.identity import ANNOTATION, account_id, grant_mistakes
from components.terms import Permissions, ServiceAccount
from tests.components.gcp.clusters import gke_cluster
from tests.components.plans import planned, standing

WEB = ServiceAccount(namespace="shop", name="web")
READ = Permissions(roles={"read": "roles/storage.objectViewer"}, scope="projects/data-project")


def test_a_grant_binds_the_account_to_one_of_its_own_with_its_roles() -> None:
    resources = standing(lambda: gke_cluster().grant(WEB, READ))
    account = resources["Account", "cluster-shop-web"]
    binding = resources["IAMMember", "cluster-shop-web"].inputs
    assert binding["serviceAccountId"] == account.outputs["name"]
    assert binding["role"] == "roles/iam.workloadIdentityUser"
    assert binding["member"] == "serviceAccount:my-project.svc.id.goog[shop/web]"
    role = resources["IAMMember", "cluster-shop-web-read"].inputs
    assert (role["project"], role["role"]) == ("data-project", "roles/storage.objectViewer")
    assert role["member"] == account.outputs["member"]


def test_the_binding_waits_for_the_cluster_whose_pool_it_names() -> None:
    resources = planned(lambda: gke_cluster().grant(WEB, READ))
    assert resources["Cluster", "cluster"].urn in resources["IAMMember", "cluster-shop-web"].dependencies


def test_the_account_is_annotated_with_the_email_that_its_pods_act_as() -> None:
    seen: list[str] = []

    def build() -> None:
        identity = gke_cluster().grant(WEB, READ)
        pulumi.Output.all(identity.principal, identity.service_account_annotations[ANNOTATION]).apply(seen.extend)

    account = standing(build)["Account", "cluster-shop-web"]
    assert set(seen) == {account.outputs["email"]}


def test_ids_fit_30_characters_and_tell_accounts_stacks_and_clusters_apart() -> None:
    long = ServiceAccount(namespace="n" * 63, name="s" * 63)
    ids = [
        account_id("infraplatform", "dev", "cluster", WEB),
        account_id("infraplatform", "prod", "cluster", WEB),
        account_id("infraplatform", "dev", "other", WEB),
        account_id("infraplatform", "dev", "cluster", ServiceAccount(namespace="shop-web", name="x")),
        account_id("infraplatform", "dev", "cluster", long),
    ]
    assert len(set(ids)) == len(ids)
    assert all(len(it) <= 30 for it in ids)


def test_the_id_is_frozen() -> None:
    # A release that makes another replaces every identity, and with it every right that users gave to it.
    assert account_id("infraplatform", "dev", "cluster", WEB) == "workload-e530d99471394c95"


@pytest.mark.parametrize(
    ("permissions", "complaint"),
    [
        (Permissions(roles={"read": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, scope="projects/my-project"), "arn:aws"),
        (Permissions(roles={"read": "roles/viewer"}), "no scope"),
        (Permissions(roles={"read": "roles/viewer"}, scope="/subscriptions/0"), "no project"),
        (Permissions(scope="projects/my-project"), "permit nothing"),
        (Permissions(roles=READ.roles, scope=READ.scope, policies={"own": "{}"}), "policy 'own'"),
    ],
)
def test_permissions_in_another_clouds_words_are_mistakes(permissions: Permissions, complaint: str) -> None:
    assert complaint in "\n".join(map(str, grant_mistakes(WEB, permissions)))


@pytest.mark.parametrize("role", ["roles/viewer", "projects/my-project/roles/own", "organizations/123/roles/own"])
def test_roles_are_googles_a_projects_or_an_organizations(role: str) -> None:
    assert list(grant_mistakes(WEB, Permissions(roles={"it": role}, scope="projects/my-project"))) == []


def test_a_second_grant_for_one_account_is_refused() -> None:
    def build() -> None:
        cluster = gke_cluster()
        cluster.grant(WEB, READ)
        cluster.grant(WEB, READ)

    with pytest.raises(ConfigurationError, match="shop/web: it has a grant already"):
        planned(build)
