"""Address arithmetic: fixed slots that never overlap, and even splits."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cidr import ZONE_SLOTS, ipv6_slot, split_evenly, zone_ranges


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
