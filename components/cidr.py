"""Address arithmetic: where in a network's range each subnet lies. Pure, and frozen: an upgrade must move nothing."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

ZONE_SLOTS: Final = tuple("abcdefgh")
"""A zone's slot is its letter's place here, so that neither order nor absence of other zones moves it."""


@dataclass(frozen=True)
class ZoneRanges:
    """The ranges of one zone: together seven eighths of the zone's eighth of the network; the rest is reserve."""

    nodes: IPv4Network
    load_balancers: IPv4Network
    control_plane: IPv4Network


def zone_ranges(cidr: IPv4Network, zone: str) -> ZoneRanges:
    """The ranges of `zone` (a letter from a to h) in `cidr`.

    Of the zone's eighth, the first half is for nodes and their pods, the third quarter for load balancers, half of the
    fourth quarter for the control plane's interfaces; the rest is reserve. In a /16: /20, /21 and /22.

    Raises:
        ValueError: the zone has no slot.
    """
    eighth = list(cidr.subnets(prefixlen_diff=3))[ZONE_SLOTS.index(zone)]
    nodes, rest = eighth.subnets(prefixlen_diff=1)
    load_balancers, last = rest.subnets(prefixlen_diff=1)
    control_plane, _reserve = last.subnets(prefixlen_diff=1)
    return ZoneRanges(nodes, load_balancers, control_plane)


def ipv6_slot(zone: str, role: str) -> int:
    """The place of a subnet's /64 in the VPC's IPv6 /56, fixed by zone and role as for IPv4."""
    roles = ("nodes", "load_balancers", "control_plane", "reserve")
    return ZONE_SLOTS.index(zone) * len(roles) + roles.index(role)


@dataclass(frozen=True)
class RegionRanges:
    """The ranges of a subnet that spans a region (GCP): its own for nodes, and secondary ones. A quarter is reserve."""

    pods: IPv4Network
    nodes: IPv4Network
    services: IPv4Network


def region_ranges(cidr: IPv4Network) -> RegionRanges:
    """The ranges of the one subnet that all zones share.

    Pods have the first half, nodes the fifth eighth, services the sixth; the last quarter is reserve. In a /16: a /17,
    which 128 nodes of 110 pods fill, and two /19.
    """
    eighths = list(cidr.subnets(prefixlen_diff=3))
    pods, _ = cidr.subnets(prefixlen_diff=1)
    return RegionRanges(pods=pods, nodes=eighths[4], services=eighths[5])


@dataclass(frozen=True)
class SubnetRanges:
    """The ranges of a network with one subnet for each use (Azure). A quarter is reserve."""

    nodes: IPv4Network
    private_endpoints: IPv4Network
    control_plane: IPv4Network


def subnet_ranges(cidr: IPv4Network) -> SubnetRanges:
    """The ranges of the subnets that all zones share.

    Nodes have the first half, private endpoints the fifth eighth, the control plane the sixth; the last quarter is
    reserve. In a /16: a /17 and two /19.
    """
    nodes, _ = cidr.subnets(prefixlen_diff=1)
    eighths = list(cidr.subnets(prefixlen_diff=3))
    return SubnetRanges(nodes=nodes, private_endpoints=eighths[4], control_plane=eighths[5])


def pod_prefix_per_node(max_pods: int) -> int:
    """Length of the prefix that GKE gives each node for its pods: room for twice as many as it may run.

    110 pods have a /24, 64 a /25, 8 a /28. Source: GKE documentation, "Configure maximum Pods per node", read 2026-11.

    Raises:
        ValueError: `max_pods` is not 8 to 256, which is what GKE takes.
    """
    if not 8 <= max_pods <= 256:
        raise ValueError(f"a node of GKE runs 8 to 256 pods at most, not {max_pods}")
    return 32 - (2 * max_pods - 1).bit_length()


def nodes_in_pod_range(pods: IPv4Network, max_pods: int) -> int:
    """How many nodes, each of `max_pods` at most, a range for pods has addresses for; none where it is too small."""
    spare_bits = pod_prefix_per_node(max_pods) - pods.prefixlen
    return 2**spare_bits if spare_bits >= 0 else 0


def split_evenly(total: int, parts: int) -> list[int]:
    """`total` cut into `parts` that differ by one at most, the larger first: 5 over 3 is 2, 2, 1."""
    share, rest = divmod(total, parts)
    return [share + 1 if index < rest else share for index in range(parts)]
