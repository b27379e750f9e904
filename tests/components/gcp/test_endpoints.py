"""Who reaches a GKE cluster's API, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.gcp.endpoints import answers_by_dns
from tests.components.gcp.clusters import gke_cluster, gke_settings
from tests.components.plans import planned, standing

OFFICE = "203.0.113.0/24"
VPN = "10.99.0.0/16"


def cluster_inputs(**settings: Any) -> Mapping[str, Any]:
    """What GKE is told of the cluster."""
    return planned(lambda: gke_cluster(**settings))["Cluster", "cluster"].inputs


def url(**settings: Any) -> str:
    """The standing cluster's API."""
    address: str = standing(lambda: gke_cluster(**settings))["GkeCluster", "cluster"].outputs["api_url"]
    return address


def test_by_default_the_api_has_a_dns_name_and_no_address() -> None:
    inputs = cluster_inputs()
    endpoints = inputs["controlPlaneEndpointsConfig"]
    assert endpoints["dnsEndpointConfig"]["allowExternalTraffic"] is True
    assert endpoints["ipEndpointsConfig"] == {"enabled": False}
    assert inputs["privateClusterConfig"] == {"enablePrivateNodes": True, "enablePrivateEndpoint": True}
    assert "masterAuthorizedNetworksConfig" not in inputs


def test_the_dns_name_takes_iams_tokens_alone() -> None:
    dns = cluster_inputs()["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]
    assert dns["enableK8sTokensViaDns"] is False
    assert dns["enableK8sCertsViaDns"] is False


def test_a_named_network_of_the_internet_opens_the_public_address_for_itself_alone() -> None:
    inputs = cluster_inputs(api_access=[OFFICE])
    assert inputs["privateClusterConfig"] == {"enablePrivateNodes": True, "enablePrivateEndpoint": False}
    networks = inputs["masterAuthorizedNetworksConfig"]
    assert networks["cidrBlocks"] == [{"cidrBlock": OFFICE}]
    assert networks["gcpPublicCidrsAccessEnabled"] is False
    assert networks["privateEndpointEnforcementEnabled"] is True


def test_a_named_private_network_reaches_the_private_address_and_opens_no_public_one() -> None:
    inputs = cluster_inputs(api_access=[VPN])
    assert inputs["controlPlaneEndpointsConfig"]["ipEndpointsConfig"] == {"enabled": True}
    assert inputs["privateClusterConfig"]["enablePrivateEndpoint"] is True
    assert inputs["masterAuthorizedNetworksConfig"]["cidrBlocks"] == [{"cidrBlock": VPN}]


def test_without_the_dns_endpoint_there_is_a_private_address_for_the_clusters_own_network() -> None:
    inputs = cluster_inputs(dns_endpoint=False)
    assert inputs["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]["allowExternalTraffic"] is False
    assert inputs["controlPlaneEndpointsConfig"]["ipEndpointsConfig"] == {"enabled": True}
    assert inputs["privateClusterConfig"]["enablePrivateEndpoint"] is True
    assert inputs["masterAuthorizedNetworksConfig"]["cidrBlocks"] == []


@pytest.mark.parametrize("settings", [{}, {"api_access": [OFFICE]}, {"mode": "autopilot"}, {"dns_endpoint": False}])
def test_nodes_are_always_private(settings: dict[str, Any]) -> None:
    assert cluster_inputs(**settings)["privateClusterConfig"]["enablePrivateNodes"] is True


def test_documentation_and_carrier_networks_are_told_apart_as_the_settings_do() -> None:
    found = gke_settings(api_access=[OFFICE, VPN, "100.64.0.0/10", "192.168.7.0/24"]).public_access
    assert [str(cidr) for cidr in found] == [OFFICE]


@pytest.mark.parametrize(
    ("settings", "by_dns"),
    [
        ({}, True),
        ({"api_access": [OFFICE]}, True),
        ({"api_access": [OFFICE], "reach": "public-endpoint"}, False),
        ({"api_access": [VPN], "reach": "inside-network"}, False),
        ({"reach": "inside-network"}, True),
        ({"dns_endpoint": False, "reach": "inside-network"}, False),
        ({"reach": "proxy", "proxy_url": "http://proxy:3128"}, True),
    ],
)
def test_the_deployer_takes_the_dns_name_unless_told_otherwise(settings: dict[str, Any], *, by_dns: bool) -> None:
    assert answers_by_dns(gke_settings(**settings)) is by_dns


def test_the_url_is_that_of_the_endpoint_which_the_deployer_takes() -> None:
    public = standing(lambda: gke_cluster(api_access=[OFFICE], reach="public-endpoint"))
    outputs = public["Cluster", "cluster"].outputs
    assert public["GkeCluster", "cluster"].outputs["api_url"] == f"https://{outputs['endpoint']}"
    assert ".gke.goog" in url()
    private = standing(lambda: gke_cluster(dns_endpoint=False))
    address = private["Cluster", "cluster"].outputs["privateClusterConfig"]["privateEndpoint"]
    assert private["GkeCluster", "cluster"].outputs["api_url"] == f"https://{address}"
