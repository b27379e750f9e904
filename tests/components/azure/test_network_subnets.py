"""Where each subnet on Azure lies, who may use it, and what comes in."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from preview.plan import Resource
from tests.components.azure.networks import azure_network
from tests.components.plans import Resources, changed, operations, planned, standing

USES = ("nodes", "control-plane", "private-endpoints")


def subnets(resources: Resources) -> dict[str, Resource]:
    """The subnets by their use."""
    return {use: resources["Subnet", f"network-{use}"] for use in USES}


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "10.20.16.0/24"])
def test_each_use_has_a_range_in_the_network_that_no_other_has(cidr: str) -> None:
    found = subnets(planned(lambda: azure_network(cidr=cidr)))
    ranges = {use: IPv4Network(subnet.inputs["addressPrefix"]) for use, subnet in found.items()}
    assert all(it.subnet_of(IPv4Network(cidr)) for it in ranges.values())
    assert not any(one.overlaps(other) for one, other in combinations(ranges.values(), 2))
    assert ranges["control-plane"].prefixlen <= 28, "an API server takes a /28 at least"


def test_subnets_lie_in_the_stacks_own_network() -> None:
    resources = standing(azure_network)
    name = resources["VirtualNetwork", "network-vnet"].outputs["name"]
    assert {subnet.inputs["virtualNetworkName"] for subnet in subnets(resources).values()} == {name}


def test_the_api_servers_subnet_alone_is_given_to_aks() -> None:
    found = subnets(planned(azure_network))
    (delegation,) = found["control-plane"].inputs["delegations"]
    assert delegation["serviceName"] == "Microsoft.ContainerService/managedClusters"
    assert "delegations" not in found["nodes"].inputs
    assert "delegations" not in found["private-endpoints"].inputs


def test_no_machine_has_a_way_out_that_nobody_asked_for() -> None:
    assert {it.inputs["defaultOutboundAccess"] for it in subnets(planned(azure_network)).values()} == {False}


def test_each_subnet_has_a_security_group_of_its_own_that_also_holds_for_private_endpoints() -> None:
    resources = standing(azure_network)
    for use, subnet in subnets(resources).items():
        assert subnet.inputs["networkSecurityGroup"] == {"id": resources["NetworkSecurityGroup", f"network-{use}"].id}
        assert subnet.inputs["privateEndpointNetworkPolicies"] == "Enabled"


def test_nothing_comes_from_the_internet_unless_a_port_is_named() -> None:
    for (kind, name), resource in planned(azure_network).items():
        if kind == "NetworkSecurityGroup":
            assert resource.inputs["securityRules"] == [], name


def test_the_internet_reaches_the_named_ports_of_services_on_nodes_and_no_other() -> None:
    resources = planned(lambda: azure_network(internet_ports=[443, 80]))
    (rule,) = resources["NetworkSecurityGroup", "network-nodes"].inputs["securityRules"]
    assert rule["destinationPortRanges"] == ["80", "443"]
    assert (rule["access"], rule["direction"], rule["protocol"]) == ("Allow", "Inbound", "Tcp")
    for use in ("control-plane", "private-endpoints"):
        assert resources["NetworkSecurityGroup", f"network-{use}"].inputs["securityRules"] == []


def test_the_order_of_ports_changes_nothing() -> None:
    before = lambda: azure_network(internet_ports=[443, 80])  # noqa: E731  a network as a value
    assert operations(changed(before, lambda: azure_network(internet_ports=[80, 443]))) == {}
