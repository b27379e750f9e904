"""Workload identity: one managed identity for each service account, which this cluster's tokens alone let in."""

from __future__ import annotations

import pulumi
import pytest

from components.azure.identity import ANNOTATION, grant_mistakes
from components.errors import ConfigurationError
from components.terms import Permissions, ServiceAccount
from preview.plan import Operation
from tests.components.azure.clusters import aks_cluster
from tests.components.azure.parts import SUBSCRIPTION, role
from tests.components.plans import changed, operations, planned, standing

WEB = ServiceAccount(namespace="shop", name="web")
READER = role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
SCOPE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/data"
READ = Permissions(roles={"read": READER}, scope=SCOPE)


def granted() -> None:
    aks_cluster().grant(WEB, READ)


def test_a_grant_lets_the_clusters_own_account_act_as_an_identity_with_its_roles() -> None:
    resources = standing(granted)
    identity = resources["UserAssignedIdentity", "cluster-shop-web"]
    credential = resources["FederatedIdentityCredential", "cluster-shop-web"].inputs
    issuer = resources["ManagedCluster", "cluster"].outputs["oidcIssuerProfile"]["issuerURL"]
    assert (credential["resourceName"], credential["issuer"]) == (identity.outputs["name"], issuer)
    assert credential["subject"] == "system:serviceaccount:shop:web"
    assert credential["audiences"] == ["api://AzureADTokenExchange"]
    right = resources["RoleAssignment", "cluster-shop-web-read"].inputs
    assert (right["principalId"], right["scope"]) == (identity.outputs["principalId"], SCOPE)
    assert right["roleDefinitionId"] == READER


def test_the_account_is_annotated_and_its_pods_are_labelled() -> None:
    seen: list[str] = []

    def build() -> None:
        identity = aks_cluster().grant(WEB, READ)
        assert identity.pod_labels == {"azure.workload.identity/use": "true"}
        pulumi.Output.all(identity.principal, identity.service_account_annotations[ANNOTATION]).apply(seen.extend)

    identity = standing(build)["UserAssignedIdentity", "cluster-shop-web"]
    assert set(seen) == {identity.outputs["clientId"]}


def test_an_update_of_the_cluster_leaves_grants_alone_and_another_cluster_does_not() -> None:
    updated = operations(changed(granted, lambda: aks_cluster(version="1.36").grant(WEB, READ)))
    assert ("FederatedIdentityCredential", "cluster-shop-web") not in updated
    replaced = operations(changed(granted, lambda: aks_cluster(pod_cidr="10.128.0.0/16").grant(WEB, READ)))
    assert replaced["FederatedIdentityCredential", "cluster-shop-web"] is Operation.REPLACE


@pytest.mark.parametrize(
    ("permissions", "complaint"),
    [
        (Permissions(roles={"read": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, scope=SCOPE), "arn:aws"),
        (Permissions(roles={"read": "Reader"}, scope=SCOPE), "no role definition's id"),
        (Permissions(roles={"read": READER}), "no scope"),
        (Permissions(roles={"read": READER}, scope="projects/my-project"), "no id of Azure"),
        (Permissions(scope=SCOPE), "permit nothing"),
        (Permissions(roles=READ.roles, scope=SCOPE, policies={"own": "{}"}), "policy 'own'"),
    ],
)
def test_permissions_in_another_clouds_words_are_mistakes(permissions: Permissions, complaint: str) -> None:
    assert complaint in "\n".join(map(str, grant_mistakes(WEB, permissions)))


def test_a_second_grant_for_one_account_is_refused() -> None:
    def build() -> None:
        cluster = aks_cluster()
        cluster.grant(WEB, READ)
        cluster.grant(WEB, READ)

    with pytest.raises(ConfigurationError, match="shop/web: it has a grant already"):
        planned(build)
