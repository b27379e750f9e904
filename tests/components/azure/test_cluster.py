"""An AKS cluster as a whole: what the contract offers, and what nodes act as."""

from __future__ import annotations

import json
from typing import Any

import pulumi

from components.azure.cluster import AksCluster
from preview.plan import Operation
from tests.components.azure.clusters import aks_cluster, with_cluster
from tests.components.azure.parts import TENANT
from tests.components.doubles import TAGS
from tests.components.plans import changed, operations, planned, standing
from tests.support import applied, plan


def outputs(**settings: Any) -> dict[str, Any]:
    """What a standing cluster offers, by attribute; whether the kubeconfig is secret under `secret`."""
    seen: dict[str, Any] = {}

    def build() -> None:
        cluster = aks_cluster(**settings)
        offered = pulumi.Output.all(
            kubeconfig=pulumi.Output.unsecret(cluster.kubeconfig),
            secret=pulumi.Output.from_input(cluster.kubeconfig.is_secret()),
            oidc_issuer=cluster.oidc_issuer,
            cluster_name=cluster.cluster_name,
            node_role=cluster.node_role,
            ca_certificate=cluster.ca_certificate,
            api_url=cluster.api_url,
        )
        offered.apply(seen.update)

    applied(build)
    return seen


def test_every_resource_is_a_child_of_the_cluster_component() -> None:
    resources = planned(aks_cluster)
    parents = {resources["AksCluster", "cluster"].urn}
    assert {it.parent for it in resources.values() if it.custom} == parents


def test_nodes_act_as_an_identity_of_their_own_that_only_the_control_plane_hands_out() -> None:
    resources = standing(aks_cluster)
    kubelet = resources["UserAssignedIdentity", "cluster-kubelet"]
    assert outputs()["node_role"] == kubelet.outputs["principalId"]
    rights = [it for it in resources.values() if it.inputs.get("principalId") == kubelet.outputs["principalId"]]
    assert rights == []
    made: list[AksCluster] = []
    plan(lambda: made.append(aks_cluster()))
    assert [it.pulumi_resource_name for it in made[0].node_prerequisites] == ["cluster-control-plane-kubelet"]


def test_in_aks_automatic_nodes_act_as_what_aks_makes() -> None:
    found = outputs(mode="automatic")
    cluster = standing(with_cluster(mode="automatic"))["ManagedCluster", "cluster"]
    assert found["node_role"] == cluster.outputs["identityProfile"]["kubeletidentity"]["objectId"]
    made: list[AksCluster] = []
    plan(lambda: made.append(aks_cluster(mode="automatic")))
    assert list(made[0].node_prerequisites) == [made[0].control_plane]


def test_the_issuer_is_the_clusters_own() -> None:
    cluster = standing(aks_cluster)["ManagedCluster", "cluster"]
    assert outputs()["oidc_issuer"] == cluster.outputs["oidcIssuerProfile"]["issuerURL"]


def test_the_address_and_the_authority_are_what_azure_tells_the_clusters_users() -> None:
    found = outputs()
    assert found["api_url"] == "https://cluster-1a2b3c4d.hcp.westeurope.azmk8s.io:443"
    assert found["ca_certificate"].startswith("LS0t")


def test_the_kubeconfig_is_secret_and_holds_no_credential() -> None:
    found = outputs()
    assert found["secret"]
    kubeconfig = json.loads(found["kubeconfig"])
    assert set(kubeconfig["users"][0]["user"]) == {"exec"}
    assert kubeconfig["clusters"][0]["cluster"] == {
        "server": found["api_url"],
        "certificate-authority-data": found["ca_certificate"],
    }
    assert TENANT in kubeconfig["users"][0]["user"]["exec"]["args"]


def test_the_kubeconfig_goes_by_the_proxy_that_the_settings_name() -> None:
    found = outputs(reach="proxy", proxy_url="http://proxy:3128")
    assert json.loads(found["kubeconfig"])["clusters"][0]["cluster"]["proxy-url"] == "http://proxy:3128"


def test_what_only_azure_knows_is_unknown_in_a_first_preview_and_no_error() -> None:
    assert plan(aks_cluster).diagnostics == ()
    assert plan(with_cluster(mode="automatic")).diagnostics == ()


def test_in_cluster_objects_wait_for_the_deployers_rights() -> None:
    made: list[AksCluster] = []
    plan(lambda: made.append(aks_cluster()))
    assert [it.pulumi_resource_name for it in made[0].ready] == [
        "cluster-deployer-service-principal-3d4e5f60-admin",
        "cluster-deployer-service-principal-3d4e5f60-user",
    ]


def test_a_tag_updates_what_carries_it_and_nothing_else() -> None:
    found = operations(changed(with_cluster(), with_cluster(tags={**TAGS, "team": "other"})))
    assert set(found.values()) == {Operation.UPDATE}
    assert {kind for kind, _ in found} == {"ManagedCluster", "UserAssignedIdentity", "Vault", "Key", "Workspace"}


def test_the_next_minor_updates_the_cluster_alone() -> None:
    found = operations(changed(with_cluster(version="1.35"), with_cluster(version="1.36")))
    assert found == {("AksCluster", "cluster"): Operation.UPDATE, ("ManagedCluster", "cluster"): Operation.UPDATE}
