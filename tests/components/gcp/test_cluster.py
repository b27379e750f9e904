"""A GKE cluster as a whole: what the contract offers, and what nodes need before they come."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.gcp.cluster import GkeCluster
from tests.components.gcp.clusters import gke_cluster
from tests.components.plans import planned, standing
from tests.support import applied, plan


def outputs(**settings: Any) -> dict[str, Any]:
    """What a standing cluster offers, by attribute; whether the kubeconfig is secret under `secret`."""
    seen: dict[str, Any] = {}

    def build() -> None:
        cluster = gke_cluster(**settings)
        offered = pulumi.Output.all(
            kubeconfig=pulumi.Output.unsecret(cluster.kubeconfig),
            secret=pulumi.Output.from_input(cluster.kubeconfig.is_secret()),
            oidc_issuer=cluster.oidc_issuer,
            cluster_name=cluster.cluster_name,
            node_role=cluster.node_role,
            ca_certificate=cluster.ca_certificate,
        )
        offered.apply(seen.update)

    applied(build)
    return seen


def test_every_resource_is_a_child_of_the_cluster_component() -> None:
    resources = planned(gke_cluster)
    parents = {resources["GkeCluster", "cluster"].urn, resources["GcpNetwork", "network"].urn, None}
    assert {resource.parent for resource in resources.values() if resource.custom} <= parents


def test_nodes_act_as_an_account_of_their_own_with_one_role() -> None:
    resources = standing(gke_cluster)
    account = resources["Account", "cluster-node"].outputs
    roles = [it.inputs["role"] for it in resources.values() if it.inputs.get("member") == account["member"]]
    assert roles == ["roles/container.defaultNodeServiceAccount"]
    assert outputs()["node_role"] == account["email"]


def test_nodes_that_stream_images_may_use_the_projects_apis() -> None:
    found = standing(lambda: gke_cluster(streams_images=True))
    assert found["IAMMember", "cluster-node-streaming"].inputs["role"] == "roles/serviceusage.serviceUsageConsumer"
    cluster = found["Cluster", "cluster"]
    assert found["IAMMember", "cluster-node-streaming"].urn in cluster.dependencies


def test_nodes_wait_for_their_accounts_role() -> None:
    made: list[GkeCluster] = []
    plan(lambda: made.append(gke_cluster()))
    assert [it.pulumi_resource_name for it in made[0].node_prerequisites] == ["cluster-node-node"]


def test_the_issuer_is_the_clusters_own() -> None:
    found = outputs()
    path = f"projects/my-project/locations/europe-west3/clusters/{found['cluster_name']}"
    assert found["oidc_issuer"] == f"https://container.googleapis.com/v1/{path}"


def test_the_kubeconfig_is_secret_and_holds_no_credential() -> None:
    found = outputs()
    assert found["secret"]
    assert set(json.loads(found["kubeconfig"])["users"][0]["user"]) == {"exec"}


def test_by_the_dns_endpoint_the_kubeconfig_trusts_the_public_authorities() -> None:
    cluster = json.loads(outputs()["kubeconfig"])["clusters"][0]["cluster"]
    assert set(cluster) == {"server"}


def test_by_an_address_the_kubeconfig_trusts_the_clusters_own_authority_alone() -> None:
    found = outputs(dns_endpoint=False)
    cluster = json.loads(found["kubeconfig"])["clusters"][0]["cluster"]
    assert cluster["certificate-authority-data"] == found["ca_certificate"]


def test_the_kubeconfig_goes_by_the_proxy_that_the_settings_name() -> None:
    found = outputs(reach="proxy", proxy_url="http://proxy:3128")
    assert json.loads(found["kubeconfig"])["clusters"][0]["cluster"]["proxy-url"] == "http://proxy:3128"


@pytest.mark.parametrize("dns_endpoint", [True, False])
def test_what_only_the_cloud_knows_is_unknown_in_a_first_preview_and_no_error(*, dns_endpoint: bool) -> None:
    assert plan(lambda: gke_cluster(dns_endpoint=dns_endpoint)).diagnostics == ()
