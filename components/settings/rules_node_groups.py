"""Rules between one node group and the stack's other parts. Each runs once for each group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.machine_types import speaks_ipv6
from components.settings.base import Fault
from components.settings.cluster import IpFamily
from components.settings.node_groups import Image, NodeGroupSettings
from components.settings.stack import StackSettings

GroupRule = Callable[[StackSettings, NodeGroupSettings], Iterable[Fault]]


def zones_are_the_providers(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """A group's zones are zones of the provider's network."""
    for index, zone in enumerate(group.zones or ()):
        if zone not in stack.provider.zones:
            known = ", ".join(stack.provider.zones)
            yield Fault(("zones", index), f"zone {zone!r} is not one of the provider's", f"write zones from {known}")


def each_zone_can_have_a_node(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """A group is one EKS node group in each zone, and EKS takes no maximum below one."""
    zones = stack.cluster.zones if group.zones is None else group.zones
    if group.max_nodes < len(zones):
        problem = f"{group.max_nodes} nodes at most are too few for {len(zones)} zones"
        yield Fault(("max_nodes",), problem, f"write {len(zones)} or more, or fewer zones in the group")


def releases_are_of_the_version(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """A release of Amazon Linux is made for one Kubernetes minor; Bottlerocket counts its own releases."""
    release, version = group.release_version, stack.cluster.version
    if release is not None and group.image is Image.AMAZON_LINUX_2023 and not release.startswith(f"{version}."):
        problem = f"{release} is not a release for Kubernetes {version}"
        yield Fault(("release_version",), problem, f"write one that starts with {version}., or remove it")


def machine_types_speak_ipv6(stack: StackSettings, group: NodeGroupSettings) -> Iterator[Fault]:
    """Nodes of an IPv6 cluster are Nitro machines."""
    if stack.cluster.ip_family is not IpFamily.IPV6:
        return
    for index, name in enumerate(group.machine_types):
        if not speaks_ipv6(name):
            problem = f"{name} is not a Nitro machine, and only those can be nodes of an IPv6 cluster"
            yield Fault(("machine_types", index), problem, "write a newer type, as m7g.large")


GROUP_RULES: Final[tuple[GroupRule, ...]] = (
    zones_are_the_providers,
    each_zone_can_have_a_node,
    releases_are_of_the_version,
    machine_types_speak_ipv6,
)
"""Rules on each node group, with the stack around it."""
