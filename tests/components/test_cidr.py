"""Address arithmetic: fixed slots that never overlap, and even splits."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cidr import (
    ZONE_SLOTS,
    ipv6_slot,
    nodes_in_pod_range,
    pod_prefix_per_node,
    region_ranges,
    split_evenly,
    subnet_ranges,
    zone_ranges,
)


def test_the_layout_of_a_16_is_frozen() -> None:
    # A release that moves one of these replaces the subnets of every standing network.
    ranges = zone_ranges(IPv4Network("10.20.0.0/16"), "c")
    assert ranges.nodes == IPv4Network("10.20.64.0/20")
    assert ranges.load_balancers == IPv4Network("10.20.80.0/21")
    assert ranges.control_plane == IPv4Network("10.20.88.0/22")


def test_the_smallest_network_leaves_subnets_that_aws_takes() -> None:
    # AWS takes subnets down to /28; EKS wants 6 free addresses, better 16, where its interfaces are.
    ranges = zone_ranges(IPv4Network("10.20.16.0/20"), "a")
    lengths = (ranges.nodes.prefixlen, ranges.load_balancers.prefixlen, ranges.control_plane.prefixlen)
    assert lengths == (24, 25, 26)


@given(st.integers(min_value=16, max_value=20), st.integers(min_value=0, max_value=2**24 - 1))
def test_no_two_ranges_of_a_network_overlap_or_lie_outside_it(prefix: int, host: int) -> None:
    network = IPv4Network((int(IPv4Network("10.0.0.0/8").network_address) + host, prefix), strict=False)
    layouts = [zone_ranges(network, zone) for zone in ZONE_SLOTS]
    ranges = [cidr for layout in layouts for cidr in (layout.nodes, layout.load_balancers, layout.control_plane)]
    assert all(cidr.subnet_of(network) for cidr in ranges)
    assert not any(one.overlaps(other) for one, other in combinations(ranges, 2))


@pytest.mark.parametrize("zone", ["i", "A", "us-east-1a", "ab"])
def test_a_zone_without_a_slot_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match=r"not found|not in tuple|slot"):
        zone_ranges(IPv4Network("10.20.0.0/16"), zone)


def test_ipv6_slots_are_frozen_distinct_and_fit_a_56() -> None:
    slots = [ipv6_slot(zone, role) for zone in ZONE_SLOTS for role in ("nodes", "load_balancers", "control_plane")]
    assert len(set(slots)) == len(slots)
    assert all(0 <= slot < 256 for slot in slots)
    assert (ipv6_slot("a", "nodes"), ipv6_slot("b", "control_plane")) == (0, 6)


@given(st.integers(min_value=0, max_value=1000), st.integers(min_value=1, max_value=8))
def test_a_total_is_split_into_parts_that_differ_by_one_at_most(total: int, parts: int) -> None:
    split = split_evenly(total, parts)
    assert sum(split) == total
    assert len(split) == parts
    assert max(split) - min(split) <= 1
    assert split == sorted(split, reverse=True)


def test_the_layout_of_a_region_is_frozen() -> None:
    # A release that moves one of these replaces the subnet, and with it the cluster, of every standing platform.
    ranges = region_ranges(IPv4Network("10.20.0.0/16"))
    assert ranges.pods == IPv4Network("10.20.0.0/17")
    assert ranges.nodes == IPv4Network("10.20.128.0/19")
    assert ranges.services == IPv4Network("10.20.160.0/19")


@given(st.integers(min_value=10, max_value=20), st.integers(min_value=0, max_value=2**24 - 1))
def test_a_regions_ranges_lie_in_it_and_never_overlap(prefix: int, host: int) -> None:
    network = IPv4Network((int(IPv4Network("10.0.0.0/8").network_address) + host, prefix), strict=False)
    ranges = region_ranges(network)
    found = [ranges.pods, ranges.nodes, ranges.services]
    assert all(cidr.subnet_of(network) for cidr in found)
    assert not any(one.overlaps(other) for one, other in combinations(found, 2))


def test_the_layout_of_subnets_that_zones_share_is_frozen() -> None:
    # A release that moves one of these replaces what stands in it, down to the cluster.
    ranges = subnet_ranges(IPv4Network("10.20.0.0/16"))
    assert ranges.nodes == IPv4Network("10.20.0.0/17")
    assert ranges.private_endpoints == IPv4Network("10.20.128.0/19")
    assert ranges.control_plane == IPv4Network("10.20.160.0/19")


@pytest.mark.parametrize(
    ("max_pods", "prefix"),
    [(8, 28), (9, 27), (16, 27), (17, 26), (32, 26), (33, 25), (64, 25), (65, 24), (110, 24), (128, 24), (129, 23)],
)
def test_a_nodes_pods_have_the_prefix_that_gke_documents(max_pods: int, prefix: int) -> None:
    assert pod_prefix_per_node(max_pods) == prefix


@pytest.mark.parametrize("max_pods", [0, 7, 257])
def test_pods_that_no_node_of_gke_runs_are_refused(max_pods: int) -> None:
    with pytest.raises(ValueError, match="8 to 256"):
        pod_prefix_per_node(max_pods)


def test_a_range_for_pods_bounds_the_nodes() -> None:
    assert nodes_in_pod_range(IPv4Network("10.20.0.0/17"), 110) == 128
    assert nodes_in_pod_range(IPv4Network("10.20.0.0/17"), 32) == 512
    assert nodes_in_pod_range(IPv4Network("10.20.0.0/24"), 110) == 1
    assert nodes_in_pod_range(IPv4Network("10.20.0.0/25"), 110) == 0
