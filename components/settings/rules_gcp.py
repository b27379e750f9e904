"""Rules between the parts of a stack with GKE on Google Cloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Network
from typing import Final

from components.cidr import pod_prefix_per_node, region_ranges
from components.settings.base import Fault
from components.settings.clouds import GcpStack
from components.settings.cluster_gke import GkeAutoscaler, GkeMode, GkeReach, ReleaseChannel
from components.settings.node_groups import NodeGroupSettings, keeps_system_pods_off
from components.settings.node_groups_clouds import UpgradeStrategy
from components.settings.rules_node_groups_gcp import has_gpus
from components.settings.stack import Layer
from components.versions import GKE_RELEASES

GcpRule = Callable[[GcpStack], Iterable[Fault]]

MAX_GROUP_NAME: Final = 32
"""GKE takes 40 characters for a node pool, as for a cluster; Pulumi's suffix uses 8.

Source: public modules that cut names to it (the provider checks clusters' alone), read 2026-11-29.
"""
SUBNET_RESERVED: Final = 4
"""Addresses of a subnet's own range that Google Cloud keeps. Source: VPC documentation, as quoted, read 2026-11-29."""
_LABEL_KEY: Final = re.compile(r"^[a-z][a-z0-9_-]{0,62}$")
_LABEL_VALUE: Final = re.compile(r"^[a-z0-9_-]{0,63}$")
"""What all services take for a label. Source: Cloud Deploy API, Target.labels, read 2026-11-29."""


def the_minor_is_in_the_channel(stack: GcpStack) -> Iterator[Fault]:
    """A minor after its standard support is in the Extended channel alone."""
    cluster = stack.cluster
    if GKE_RELEASES[cluster.version].extended_channel_only and cluster.release_channel is not ReleaseChannel.EXTENDED:
        problem = f"{cluster.version} is not in the {cluster.release_channel.value} channel any more"
        yield Fault(("cluster", "version"), problem, "write a later version, or release_channel: extended")


def the_deployer_reaches_gke(stack: GcpStack) -> Iterator[Fault]:
    """With a private address alone, a stack that makes in-cluster objects says how its deployer gets to the API."""
    cluster = stack.cluster
    if stack.layer is Layer.INFRASTRUCTURE or cluster.dns_endpoint or cluster.public_access or cluster.reach:
        return
    problem = "is missing: the API has a private address alone, and the deployer must reach it"
    remedy = f"write {GkeReach.INSIDE_NETWORK} or {GkeReach.PROXY}, or dns_endpoint: true, or layer: infrastructure"
    yield Fault(("cluster", "reach"), problem, remedy)


def something_makes_gke_nodes(stack: GcpStack) -> Iterator[Fault]:
    """Nodes come from node groups or from node auto-provisioning; in Autopilot from GKE alone."""
    cluster = stack.cluster
    autopilot = cluster.mode is GkeMode.AUTOPILOT
    if not autopilot and not stack.node_groups and cluster.autoscaler is not GkeAutoscaler.NODE_AUTO_PROVISIONING:
        problem = "is empty, and nothing else makes nodes"
        yield Fault(("node_groups",), problem, "write a node group, or cluster.mode: autopilot")
    for name in stack.node_groups if autopilot else ():
        problem = "cannot be: in Autopilot GKE makes the nodes"
        yield Fault(("node_groups", name), problem, "remove it, or write cluster.mode: standard")


def gke_system_pods_have_a_node(stack: GcpStack) -> Iterator[Fault]:
    """Some group always has a node for the cluster's DNS and metrics, unless GKE makes groups by itself.

    GKE taints groups with GPUs. Source: GKE documentation, "Run GPUs in Standard node pools", as known in 2026-11.
    """
    cluster, groups = stack.cluster, stack.node_groups.values()
    provisions = cluster.autoscaler is GkeAutoscaler.NODE_AUTO_PROVISIONING
    if not groups or provisions or cluster.mode is GkeMode.AUTOPILOT:
        return
    if not any(group.min_nodes and not keeps_system_pods_off(group) and not has_gpus(group) for group in groups):
        problem = "leaves the cluster's DNS without a node: each group has min_nodes: 0, taints or GPUs"
        yield Fault(("node_groups",), problem, "write min_nodes: 1 or more in a group without taints and GPUs")


def group_names_leave_room(stack: GcpStack) -> Iterator[Fault]:
    """A group's name and the suffix are a node pool's name, which GKE bounds."""
    for name in stack.node_groups:
        if len(name) > MAX_GROUP_NAME:
            problem = f"is {len(name)} characters long"
            yield Fault(("node_groups", name), problem, f"write {MAX_GROUP_NAME} characters at most for a name on gcp")


def pods_have_addresses(stack: GcpStack) -> Iterator[Fault]:
    """The pods' range has a part for each node there may be, also while a group is upgraded."""
    pods = _ranges(stack)[1]
    if pods is None or not stack.node_groups:
        return
    cluster, groups = stack.cluster, stack.node_groups.values()
    parts = [2 ** (32 - pod_prefix_per_node(group.gcp.pods_per_node or cluster.max_pods_per_node)) for group in groups]
    needed = sum(part * group.max_nodes for part, group in zip(parts, groups, strict=True))
    needed += max(part * _while_upgrading(stack, group) for part, group in zip(parts, groups, strict=True))
    if needed > pods.num_addresses:
        prefix = 32 - (needed - 1).bit_length()
        problem = f"need {needed} addresses for pods at most, also while upgrading, and {pods} has {pods.num_addresses}"
        key = "pod_cidr" if stack.network.existing is None else "existing.pod_cidr"
        remedy = f"write a /{prefix} in network.{key}, a lower cluster.max_pods_per_node, or fewer nodes"
        yield Fault(("node_groups",), problem, remedy)


def nodes_have_addresses(stack: GcpStack) -> Iterator[Fault]:
    """The subnet has an address for each node there may be, also while a group is upgraded."""
    nodes, groups = _ranges(stack)[0], stack.node_groups.values()
    if nodes is None or not groups:
        return
    needed = sum(group.max_nodes for group in groups) + max(_while_upgrading(stack, group) for group in groups)
    room = nodes.num_addresses - SUBNET_RESERVED
    if needed > room:
        problem = f"are {needed} nodes at most, also while upgrading, and {nodes} has room for {room}"
        yield Fault(("node_groups",), problem, "write a larger network.cidr, or fewer nodes")


def _ranges(stack: GcpStack) -> tuple[IPv4Network | None, IPv4Network | None]:
    """The ranges of nodes and of pods; None where the network says neither."""
    network = stack.network
    if network.existing is not None:
        return network.existing.cidr, network.existing.pod_cidr
    if network.cidr is None:
        return None, network.pod_cidr
    ranges = region_ranges(network.cidr)
    return ranges.nodes, network.pod_cidr or ranges.pods


def _while_upgrading(stack: GcpStack, group: NodeGroupSettings) -> int:
    """Nodes that a group has above its most while it is upgraded."""
    upgrade = group.gcp.upgrade
    if upgrade.strategy is UpgradeStrategy.BLUE_GREEN:
        return group.max_nodes
    return upgrade.max_surge * len(stack.cluster.zones if group.zones is None else group.zones)


def an_existing_subnet_is_in_the_region(stack: GcpStack) -> Iterator[Fault]:
    """The nodes' subnet is the provider's region's, and of its network's project."""
    existing, region = stack.network.existing, stack.provider.region
    if existing is None:
        return
    path = ("network", "existing", "subnet_id")
    _, project, _, found, *_ = existing.subnet_id.split("/")
    if found != region:
        yield Fault(path, f"is a subnet in {found}", f"write a subnet in {region}")
    if project != (owner := existing.network_id.split("/")[1]):
        yield Fault(path, f"is project {project}'s, and the network is {owner}'s", "write a subnet of that network")


def gcp_keys_are_in_the_region(stack: GcpStack) -> Iterator[Fault]:
    """A KMS key encrypts what is in its own location."""
    places: dict[tuple[str, ...], Callable[[], str | None]] = {
        ("cluster", "secrets_key"): lambda: stack.cluster.secrets_key,
        ("cluster", "disk_key"): lambda: stack.cluster.disk_key,
        ("registry", "key"): lambda: stack.registry.key,
        ("storage", "block", "key"): lambda: stack.storage.block.key,
        ("storage", "file", "key"): lambda: stack.storage.file.key if stack.storage.file else None,
        ("storage", "backup", "key"): lambda: stack.storage.backup.key if stack.storage.backup else None,
    }
    for name, group in stack.node_groups.items():
        places["node_groups", name, "gcp", "disk_key"] = lambda group=group: group.gcp.disk_key
    region = stack.provider.region
    for path, read in places.items():
        key = read()
        if key is not None and (location := key.split("/")[3]) != region:
            yield Fault(path, f"is a key in {location}", f"write a key in {region}")


def tags_are_labels(stack: GcpStack) -> Iterator[Fault]:
    """Tags become labels, unchanged."""
    for key, value in stack.tags.items():
        if key.startswith("goog"):
            yield Fault(("tags", key), "Google keeps keys that start with goog for itself", "write another key")
        elif not _LABEL_KEY.match(key):
            remedy = "write up to 63 lower-case letters, digits, _ and -, a letter first"
            yield Fault(("tags", key), f"{key!r} is not a label's key, which it becomes on gcp", remedy)
        if not _LABEL_VALUE.match(value):
            remedy = "write up to 63 lower-case letters, digits, _ and -"
            yield Fault(("tags", key), f"{value!r} is not a label's value, which it becomes on gcp", remedy)


GCP_RULES: Final[tuple[GcpRule, ...]] = (
    the_minor_is_in_the_channel,
    the_deployer_reaches_gke,
    something_makes_gke_nodes,
    gke_system_pods_have_a_node,
    group_names_leave_room,
    pods_have_addresses,
    nodes_have_addresses,
    an_existing_subnet_is_in_the_region,
    gcp_keys_are_in_the_region,
    tags_are_labels,
)
"""Rules on a whole stack on Google Cloud; those on each node group are `rules_node_groups_gcp.GCP_GROUP_RULES`."""
