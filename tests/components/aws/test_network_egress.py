"""The four ways of egress, and where each route leads."""

from __future__ import annotations

import pytest

from tests.components.aws.networks import of_type, planned, standing


def _nat_by_zone(egress: str) -> dict[str, str]:
    """The logical name of the NAT gateway that each private zone's traffic leaves by."""
    resources = standing("b", "a", "c", egress=egress)
    names = {gateway.id: name for name, gateway in of_type(resources, "NatGateway").items()}
    routes = of_type(resources, "Route")
    return {zone: names[routes[f"network-private-{zone}-internet"].inputs["natGatewayId"]] for zone in "abc"}


def test_a_single_nat_gateway_stands_in_the_first_declared_zone() -> None:
    assert _nat_by_zone("single-nat") == dict.fromkeys("abc", "network-nat-b")


def test_one_nat_gateway_per_zone_serves_its_own_zone() -> None:
    assert _nat_by_zone("nat-per-zone") == {zone: f"network-nat-{zone}" for zone in "abc"}


def test_a_regional_nat_gateway_serves_all_zones() -> None:
    assert _nat_by_zone("regional-nat") == dict.fromkeys("abc", "network-nat")


def test_a_regional_nat_gateway_belongs_to_the_vpc_and_not_to_a_subnet() -> None:
    resources = standing("a", "b", egress="regional-nat")
    gateway = resources["NatGateway", "network-nat"].inputs
    assert gateway["availabilityMode"] == "regional"
    assert gateway["vpcId"] == resources["Vpc", "network-vpc"].id
    assert not {"subnetId", "allocationId"} & gateway.keys()
    assert of_type(resources, "Eip") == {}


def test_a_zonal_nat_gateway_stands_in_a_public_subnet_with_an_address_of_its_own() -> None:
    resources = standing("a", "b", egress="nat-per-zone")
    gateway = resources["NatGateway", "network-nat-b"].inputs
    assert gateway["subnetId"] == resources["Subnet", "network-load-balancer-b"].id
    assert gateway["allocationId"] == resources["Eip", "network-nat-b"].outputs["allocationId"]


@pytest.mark.parametrize("egress", ["single-nat", "nat-per-zone", "regional-nat"])
def test_gateways_wait_for_the_internet_gateway(egress: str) -> None:
    resources = planned("a", "b", egress=egress)
    internet = resources["InternetGateway", "network-internet-gateway"].urn
    waiting = [*of_type(resources, "NatGateway").values(), *of_type(resources, "Eip").values()]
    assert all(internet in resource.dependencies for resource in waiting)


def test_without_egress_no_gateway_and_no_route_to_the_internet_exists() -> None:
    kinds = {kind for kind, _ in planned("a", "b", egress="none", dual_stack=True)}
    assert not kinds & {"InternetGateway", "EgressOnlyInternetGateway", "NatGateway", "Eip", "Route"}


def test_public_subnets_reach_the_internet_gateway() -> None:
    resources = standing("a")
    route = resources["Route", "network-public-internet"].inputs
    assert route["destinationCidrBlock"] == "0.0.0.0/0"
    assert route["routeTableId"] == resources["RouteTable", "network-public"].id
    assert route["gatewayId"] == resources["InternetGateway", "network-internet-gateway"].id


def test_private_ipv6_leaves_by_a_gateway_that_lets_nothing_in() -> None:
    resources = planned("a", "b", dual_stack=True)
    routes = of_type(resources, "Route")
    gateway = resources["EgressOnlyInternetGateway", "network-egress-only-gateway"].urn
    for zone in "ab":
        route = routes[f"network-private-{zone}-internet-ipv6"]
        assert route.inputs["destinationIpv6CidrBlock"] == "::/0"
        assert route.property_dependencies["egressOnlyGatewayId"] == (gateway,)
    assert routes["network-public-internet-ipv6"].inputs["destinationIpv6CidrBlock"] == "::/0"
