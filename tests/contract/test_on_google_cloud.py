"""What each attribute of the contract is on Google Cloud, value by value: the suites can only know its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any, TypeVar
from unittest.mock import patch

import pulumi
import pytest

from components.gcp.cluster import GkeCluster
from preview.plan import Resource
from tests.components.plans import by_type_and_name
from tests.conformance import fabricate
from tests.contract import gcp, gcp_parts, wanted
from tests.contract.harness import value_of
from tests.contract.test_cluster import SUBJECTS, try_grant
from tests.support import applied

Part = TypeVar("Part")
HOST = "europe-west3-docker.pkg.dev/my-project/infraplatform-test"


def built(build: Callable[[], Part]) -> tuple[Part, Mapping[tuple[str, str], Resource]]:
    """A part once it stands, and all resources by short type and logical name.

    Ids are paths that end in the name, as on Google Cloud: who takes one for the other is found out.
    """
    made: list[Part] = []
    name_of, outputs_of = fabricate.identifier, fabricate.outputs

    def path_of(urn: str) -> str:
        return f"projects/my-project/things/{name_of(urn)}"

    def named_as_ever(urn: str, type_: str) -> dict[str, Any]:
        with patch.object(fabricate, "identifier", name_of):
            return outputs_of(urn, type_)

    with patch.object(fabricate, "identifier", path_of), patch.object(fabricate, "outputs", named_as_ever):
        record = applied(lambda: made.append(build()))
    return made[0], by_type_and_name(record.resources.values())


def values(outputs: Mapping[str, pulumi.Output[str]]) -> dict[str, str]:
    return {key: value_of(output) for key, output in outputs.items()}


def names(resources: Sequence[pulumi.Resource]) -> set[tuple[str, str]]:
    """Resources by short type and logical name, as `built` has them."""
    return {(it.pulumi_resource_type.rpartition(":")[2], it.pulumi_resource_name) for it in resources}


def test_a_created_network_offers_its_vpc_its_one_subnet_and_that_subnets_ranges_by_name() -> None:
    network, found = built(gcp.gcp_network)
    subnet = found["Subnetwork", "network-subnet"]
    assert value_of(network.network_id) == found["Network", "network-vpc"].id
    assert network.cidrs == (IPv4Network(subnet.inputs["ipCidrRange"]),)
    assert network.zones == gcp.PROVIDER.zones
    each = dict.fromkeys(gcp.PROVIDER.zones, subnet.id)
    assert values(network.node_subnet_ids) == values(network.control_plane_subnet_ids) == each
    assert network.load_balancer_subnet_ids == network.security_group_ids == {}
    assert network.pod_range is not None
    assert network.service_range is not None
    ranges = {it["rangeName"]: IPv4Network(it["ipCidrRange"]) for it in subnet.inputs["secondaryIpRanges"]}
    assert ranges[value_of(network.pod_range)] == IPv4Network("10.20.0.0/17")
    assert ranges[value_of(network.service_range)] == IPv4Network("10.20.160.0/19")
    assert names(network.ready) == {("Subnetwork", "network-subnet"), ("RouterNat", "network-nat")}


def test_an_existing_network_offers_what_the_settings_say_of_it() -> None:
    network, _ = built(gcp.existing_gcp_network)
    assert value_of(network.network_id) == "projects/host-project/global/networks/shared"
    assert network.cidrs == (IPv4Network("10.60.0.0/20"),)
    assert network.zones == gcp.PROVIDER.zones
    each = dict.fromkeys(gcp.PROVIDER.zones, "projects/host-project/regions/europe-west3/subnetworks/nodes")
    assert values(network.node_subnet_ids) == values(network.control_plane_subnet_ids) == each
    assert network.load_balancer_subnet_ids == network.security_group_ids == {}
    assert [value_of(it) for it in (network.pod_range, network.service_range)] == ["pods", "services"]
    assert network.ready == ()


@pytest.mark.parametrize("build", [gcp.gke_cluster, gcp.gke_cluster_at_a_private_address, gcp.gke_autopilot_cluster])
def test_a_cluster_offers_what_gke_says_of_it(build: Callable[[], GkeCluster]) -> None:
    cluster, found = built(build)
    gke, account = found["Cluster", "cluster"], found["Account", "cluster-node"]
    assert value_of(cluster.cluster_name) == gke.outputs["name"]
    assert value_of(cluster.cluster_id) == gke.id
    assert cluster.version == gke.inputs["minMasterVersion"]
    assert value_of(cluster.ca_certificate) == gke.outputs["masterAuth"]["clusterCaCertificate"]
    issuer = (
        f"https://container.googleapis.com/v1/projects/my-project/locations/europe-west3/clusters/{gke.outputs['name']}"
    )
    assert value_of(cluster.oidc_issuer) == issuer
    assert value_of(cluster.node_role) == account.outputs["email"]
    assert cluster.security_group_ids == {}
    assert names([cluster.control_plane]) == {("Cluster", "cluster")}
    assert names(cluster.node_prerequisites) == {("IAMMember", "cluster-node-node")}
    assert {kind for kind, _ in names(cluster.ready)} == {"IAMMember"}


def test_a_clusters_url_is_the_endpoint_that_the_deployer_takes() -> None:
    def endpoint(output: Callable[[Mapping[str, Any]], str], **settings: Any) -> tuple[str, str]:
        cluster, found = built(lambda: gcp.gke(gcp.gcp_network(), **settings))
        return value_of(cluster.api_url), f"https://{output(found['Cluster', 'cluster'].outputs)}"

    by_dns, dns = endpoint(lambda it: it["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]["endpoint"])
    public, address = endpoint(lambda it: it["endpoint"], dns_endpoint=False, api_access=["203.0.113.0/24"])
    private, inside = endpoint(
        lambda it: it["privateClusterConfig"]["privateEndpoint"], dns_endpoint=False, reach="inside-network"
    )
    assert (by_dns, public, private) == (dns, address, inside)


def test_a_grant_is_a_service_account_that_the_pods_may_act_as() -> None:
    tried, found = built(lambda: try_grant(gcp.gke_cluster(), SUBJECTS["gcp-gke"]))
    identity: Any = tried.identity
    email = found["Account", "cluster-shop-orders"].outputs["email"]
    assert value_of(identity.principal) == email
    assert values(identity.service_account_annotations) == {"iam.gke.io/gcp-service-account": email}
    assert identity.pod_labels == {}
    assert {kind for kind, _ in names(identity.ready)} == {"IAMMember"}
    assert len(identity.ready) == len(["the pods' right to act as it", "its one role"])


def test_a_node_group_offers_its_one_pool_in_each_zone() -> None:
    group, found = built(lambda: gcp_parts.gke_node_group("n4-standard-4"))
    pool = found["NodePool", wanted.GROUP]
    assert values(group.group_names) == dict.fromkeys(("a", "b"), pool.outputs["name"])
    assert names(group.ready) == {("NodePool", wanted.GROUP)}
    assert pool.inputs["autoscaling"]["totalMinNodeCount"] == group.min_nodes
    assert pool.inputs["autoscaling"]["totalMaxNodeCount"] == group.max_nodes
    assert pool.inputs["nodeConfig"]["labels"] == group.labels
    assert [it["key"] for it in pool.inputs["nodeConfig"]["taints"]] == [taint.key for taint in group.taints]


def test_a_registry_offers_its_repository_and_its_remote_ones() -> None:
    registry, found = built(gcp_parts.artifact_registry)
    assert value_of(registry.registry_url) == HOST
    assert values(registry.repository_urls) == {name: f"{HOST}/{name}" for name in wanted.REPOSITORIES}
    assert values(registry.mirror_urls) == {name: f"{HOST}-{name}" for name in wanted.UPSTREAMS}
    assert registry.pull_credentials is None
    waited_for = {"Repository", "RepositoryIamMember"}
    assert names(registry.ready) == {key for key in found if key[0] in waited_for}


def test_storage_offers_its_classes_and_keeps_its_backup_plan() -> None:
    block = {"default": False, "reclaim_policy": "Retain"}
    storage, found = built(lambda: gcp_parts.gcp_storage(file={"default": True}, block=block, backup={}))
    assert {name: it.provisioner for name, it in storage.classes.items()} == {
        "block": "pd.csi.storage.gke.io",
        "file": "filestore.csi.storage.gke.io",
    }
    assert [name for name, it in storage.classes.items() if it.default] == ["file"]
    assert storage.classes["block"].reclaim_policy == "Retain"
    assert {name: it.deletion_policy for name, it in storage.snapshot_classes.items()} == {"block": "Retain"}
    assert values(storage.kept) == {"backup_plan": found["BackupPlan", "storage-backups"].id}
    assert names(storage.ready) == {("Stand", "key-grant")}
