"""Subnets: where each lies, what it is found by, and which table it routes by."""

from __future__ import annotations

from ipaddress import IPv6Network
from itertools import combinations

import pytest

from components.aws.network_subnets import ipv6_range
from tests.components.aws.networks import of_type, planned, standing


def test_each_zone_has_its_subnets_in_the_slots_of_its_letter() -> None:
    subnets = of_type(planned("b"), "Subnet")
    assert {name: subnet.inputs["cidrBlock"] for name, subnet in subnets.items()} == {
        "network-node-b": "10.20.32.0/20",
        "network-load-balancer-b": "10.20.48.0/21",
        "network-control-plane-b": "10.20.56.0/22",
    }
    assert {subnet.inputs["availabilityZone"] for subnet in subnets.values()} == {"us-east-1b"}


def test_without_egress_nothing_is_public() -> None:
    subnets = of_type(planned("a", "b", egress="none"), "Subnet")
    assert set(subnets) == {"network-node-a", "network-node-b", "network-control-plane-a", "network-control-plane-b"}


def test_load_balancer_controllers_find_public_and_internal_subnets() -> None:
    subnets = of_type(planned("a"), "Subnet")
    marks = {
        name: {key for key in subnet.inputs["tags"] if key.startswith("kubernetes.io/")}
        for name, subnet in subnets.items()
    }
    assert marks == {
        "network-node-a": {"kubernetes.io/role/internal-elb"},
        "network-load-balancer-a": {"kubernetes.io/role/elb"},
        "network-control-plane-a": set(),
    }


def test_no_machine_gets_a_public_address_by_being_started() -> None:
    assert {it.inputs["mapPublicIpOnLaunch"] for it in of_type(planned("a", "b"), "Subnet").values()} == {False}


@pytest.mark.parametrize(
    ("subnet", "table"),
    [
        ("network-node-a", "network-private-a"),
        ("network-node-b", "network-private-b"),
        ("network-control-plane-b", "network-private-b"),
        ("network-load-balancer-a", "network-public"),
        ("network-load-balancer-b", "network-public"),
    ],
)
def test_each_subnet_routes_by_its_own_table(subnet: str, table: str) -> None:
    resources = standing("a", "b")
    association = resources["RouteTableAssociation", subnet].inputs
    assert association["subnetId"] == resources["Subnet", subnet].id
    assert association["routeTableId"] == resources["RouteTable", table].id


def test_without_dual_stack_nothing_is_ipv6() -> None:
    resources = planned("a")
    assert resources["Vpc", "network-vpc"].inputs["assignGeneratedIpv6CidrBlock"] is False
    assert not any("ipv6CidrBlock" in subnet.inputs for subnet in of_type(resources, "Subnet").values())


def test_with_dual_stack_machines_get_ipv6_addresses_and_names() -> None:
    resources = planned("a", dual_stack=True)
    assert resources["Vpc", "network-vpc"].inputs["assignGeneratedIpv6CidrBlock"] is True
    for subnet in of_type(resources, "Subnet").values():
        assert "ipv6CidrBlock" in subnet.inputs
        assert subnet.inputs["assignIpv6AddressOnCreation"] is True
        assert subnet.inputs["enableResourceNameDnsAaaaRecordOnLaunch"] is True


def test_each_subnet_has_a_slot_of_its_own_in_the_vpcs_ipv6_range() -> None:
    whole = "2001:db8:0:ab00::/56"
    ranges = [
        IPv6Network(ipv6_range(whole, zone, role))
        for zone in "abcdefgh"
        for role in ("nodes", "control_plane", "load_balancers")
    ]
    assert all(it.subnet_of(IPv6Network(whole)) and it.prefixlen == 64 for it in ranges)
    assert not any(one.overlaps(other) for one, other in combinations(ranges, 2))
    assert ipv6_range(whole, "b", "nodes") == "2001:db8:0:ab04::/64"


def test_a_vpc_that_has_no_ipv6_range_yet_gives_none() -> None:
    assert not ipv6_range("", "a", "nodes")
