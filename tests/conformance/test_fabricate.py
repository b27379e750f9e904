"""What is made up has the shape that programs look at."""

from __future__ import annotations

import base64
from ipaddress import IPv4Address, IPv6Network
from uuid import UUID

from tests.conformance import fabricate

VPC = "urn:pulumi:dev::project::aws:ec2/vpc:Vpc::main"
CLUSTER = "urn:pulumi:dev::project::aws:eks/cluster:Cluster::main"
GKE = "urn:pulumi:dev::project::infraplatform:gcp:GkeCluster$gcp:container/cluster:Cluster::main"
REGISTRY = "urn:pulumi:dev::project::infraplatform:azure:AcrRegistry$azure-native:containerregistry:Registry::registry"
ACCOUNT = "urn:pulumi:dev::project::gcp:serviceaccount/account:Account::nodes"


def test_a_networks_ipv6_range_is_a_56_of_its_own() -> None:
    ranges = [IPv6Network(fabricate.outputs(urn, "aws:ec2/vpc:Vpc")["ipv6CidrBlock"]) for urn in (VPC, f"{VPC}-2")]
    assert {item.prefixlen for item in ranges} == {56}
    assert len(set(ranges)) == 2


def test_a_clusters_certificate_is_pem_in_base64() -> None:
    eks = fabricate.outputs(CLUSTER, "aws:eks/cluster:Cluster")["certificateAuthority"]["data"]
    gke = fabricate.outputs(GKE, "gcp:container/cluster:Cluster")["masterAuth"]["clusterCaCertificate"]
    assert eks != gke
    for made in (eks, gke):
        assert_is_certificate(made)


def assert_is_certificate(made: str) -> None:
    """Fails where a text is not PEM in base64."""
    lines = base64.b64decode(made, validate=True).decode().splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")


def test_a_gke_cluster_answers_at_an_address_and_under_a_name_without_a_scheme() -> None:
    made = fabricate.outputs(GKE, "gcp:container/cluster:Cluster")
    assert IPv4Address(made["endpoint"])
    assert made["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]["endpoint"].endswith(".gke.goog")


def test_a_google_service_account_is_a_member_by_its_address() -> None:
    made = fabricate.outputs(ACCOUNT, "gcp:serviceaccount/account:Account")
    assert made["email"].endswith("@my-project.iam.gserviceaccount.com")
    assert made["member"] == f"serviceAccount:{made['email']}"


def test_an_azure_resource_has_a_whole_id_that_ends_in_its_name() -> None:
    made = fabricate.outputs(REGISTRY, "azure-native:containerregistry:Registry")
    parts = fabricate.identifier(REGISTRY).split("/")
    assert parts[1] == "subscriptions"
    assert parts[3:4] == ["resourceGroups"]
    assert parts[-1] == made["name"]
    group = "urn:pulumi:dev::project::azure-native:resources:ResourceGroup::platform"
    assert fabricate.identifier(group).split("/")[3:] == ["resourceGroups", fabricate.identifier(group).split("/")[-1]]


def test_azure_computes_inside_the_optional_objects_that_a_program_gives_and_makes_none() -> None:
    token = "azure-native:containerregistry:Registry"
    assert "identity" not in fabricate.insides(REGISTRY, token, {})
    made = fabricate.insides(REGISTRY, token, {"identity": {"type": "SystemAssigned"}})
    assert UUID(made["identity"]["principalId"]) != UUID(made["identity"]["tenantId"])
    assert fabricate.insides(CLUSTER, "aws:eks/cluster:Cluster", {"outpostConfig": {}}).get("outpostConfig") is None
