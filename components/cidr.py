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


def split_evenly(total: int, parts: int) -> list[int]:
    """`total` cut into `parts` that differ by one at most, the larger first: 5 over 3 is 2, 2, 1."""
    share, rest = divmod(total, parts)
    return [share + 1 if index < rest else share for index in range(parts)]
