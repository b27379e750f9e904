"""Rules between the parts of a stack's settings, each run when the parts it reads are sound by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from components.errors import Mistake
from components.machine_types import aws_machine_type
from components.settings.cluster import Autoscaler, EksClusterSettings, IpFamily, Reach
from components.settings.network import NetworkSettings
from components.settings.node_groups import Image, NodeGroupSettings
from components.settings.provider import AwsProviderSettings
from components.settings.stack import Layer

Parts = Mapping[str, Any]
Rule = Callable[[Parts], Iterable[Mistake]]


def _key(*path: str) -> str:
    return f"infraplatform:{'.'.join(path)}"


def zones_are_the_providers(parts: Parts) -> Iterator[Mistake]:
    """The cluster's and every node group's zones are zones of the provider's network."""
    provider: AwsProviderSettings = parts["provider"]
    cluster: EksClusterSettings = parts["cluster"]
    groups: Mapping[str, NodeGroupSettings] = parts["node_groups"]
    known = ", ".join(provider.zones)
    wanted = {_key("cluster", "zones"): cluster.zones}
    wanted |= {_key("node_groups", name, "zones"): group.zones or () for name, group in groups.items()}
    for key, zones in wanted.items():
        for zone in zones:
            if zone not in provider.zones:
                yield Mistake(key, f"zone {zone!r} is not one of the provider's", f"write zones from {known}")


def existing_subnets_cover_the_zones(parts: Parts) -> Iterator[Mistake]:
    """An existing network has a node subnet in each zone of the provider."""
    network: NetworkSettings = parts["network"]
    provider: AwsProviderSettings = parts["provider"]
    if network.existing is None:
        return
    for kind in ("node_subnet_ids", "control_plane_subnet_ids", "load_balancer_subnet_ids"):
        subnets: Mapping[str, str] = getattr(network.existing, kind)
        missing = sorted(set(provider.zones) - subnets.keys())
        extra = sorted(subnets.keys() - set(provider.zones))
        if extra:
            yield Mistake(_key("network.existing", kind), f"{', '.join(extra)} are not zones of the provider", "remove them")
        if missing and (subnets or kind == "node_subnet_ids"):
            yield Mistake(_key("network.existing", kind), f"zones {', '.join(missing)} have no subnet", "write one for each zone")


def ranges_do_not_overlap(parts: Parts) -> Iterator[Mistake]:
    """Services have a range outside the network's."""
    network: NetworkSettings = parts["network"]
    cluster: EksClusterSettings = parts["cluster"]
    ranges = network.existing.cidrs if network.existing else (network.cidr,)
    for cidr in ranges:
        if cidr is not None and cidr.overlaps(cluster.service_cidr):
            problem = f"{cluster.service_cidr} overlaps the network's {cidr}"
            yield Mistake(_key("cluster.service_cidr"), problem, "write a private range outside the network's")


def ipv6_needs_dual_stack(parts: Parts) -> Iterator[Mistake]:
    """A cluster of IPv6 pods stands in a network with IPv6 ranges."""
    network: NetworkSettings = parts["network"]
    cluster: EksClusterSettings = parts["cluster"]
    if cluster.ip_family is IpFamily.IPV6 and not network.dual_stack and not network.existing:
        yield Mistake(_key("cluster.ip_family"), "the network has no IPv6 ranges", "write network.dual_stack: true")


def deployer_reaches_the_api(parts: Parts) -> Iterator[Mistake]:
    """With a private endpoint, a stack that makes in-cluster objects says how its deployer gets there."""
    cluster: EksClusterSettings = parts["cluster"]
    if parts["layer"] is not Layer.INFRASTRUCTURE and not cluster.api_access and cluster.reach is None:
        choices = f"{Reach.INSIDE_NETWORK} or {Reach.PROXY}"
        remedy = f"write {choices}, or layer: infrastructure, or name networks in api_access"
        yield Mistake(_key("cluster.reach"), "the endpoint is private and the deployer must reach it", remedy)


def nodes_have_a_source(parts: Parts) -> Iterator[Mistake]:
    """Something makes nodes: a node group, or Auto Mode; Karpenter itself needs a group to run on."""
    cluster: EksClusterSettings = parts["cluster"]
    if not parts["node_groups"] and cluster.autoscaler is not Autoscaler.AUTO_MODE:
        yield Mistake(_key("node_groups"), "nothing makes nodes", "write a node group, or cluster.autoscaler: auto-mode")


def machine_types_fit(parts: Parts) -> Iterator[Mistake]:
    """Each group's machine types exist as names, are of one architecture, and fit its image."""
    groups: Mapping[str, NodeGroupSettings] = parts["node_groups"]
    for name, group in groups.items():
        key = _key("node_groups", name, "machine_types")
        types = {text: aws_machine_type(text) for text in group.machine_types}
        for text, machine in types.items():
            if machine is None:
                yield Mistake(key, f"{text!r} is not an EC2 instance type", "write one as m7g.large")
        known = {text: machine for text, machine in types.items() if machine is not None}
        if len({machine.architecture for machine in known.values()}) > 1:
            listed = ", ".join(f"{text} is {machine.architecture}" for text, machine in known.items())
            yield Mistake(key, f"one group has one architecture, but {listed}", "write two node groups")
        if len({machine.accelerator for machine in known.values()}) > 1:
            yield Mistake(key, "one group has one image, but only some types have an accelerator", "write two node groups")
        for text, machine in known.items():
            if machine.accelerator == "neuron" and group.image is Image.BOTTLEROCKET:
                problem = f"Bottlerocket has no variant for the Neuron accelerator of {text}"
                yield Mistake(_key("node_groups", name, "image"), problem, "write amazon-linux-2023")


def layer_names_its_infrastructure(parts: Parts) -> Iterator[Mistake]:
    """The in-cluster layer names the stack it stands on, and only it does."""
    if (parts["layer"] is Layer.IN_CLUSTER) != (parts["infrastructure_stack"] is not None):
        problem = "goes with layer: in_cluster, and only with it"
        yield Mistake(_key("infrastructure_stack"), problem, "write both, or neither")


RULES: Final[tuple[tuple[frozenset[str], Rule], ...]] = (
    (frozenset({"provider", "cluster", "node_groups"}), zones_are_the_providers),
    (frozenset({"provider", "network"}), existing_subnets_cover_the_zones),
    (frozenset({"network", "cluster"}), ranges_do_not_overlap),
    (frozenset({"network", "cluster"}), ipv6_needs_dual_stack),
    (frozenset({"cluster", "layer"}), deployer_reaches_the_api),
    (frozenset({"cluster", "node_groups"}), nodes_have_a_source),
    (frozenset({"node_groups"}), machine_types_fit),
    (frozenset({"layer", "infrastructure_stack"}), layer_names_its_infrastructure),
)
"""Each rule with the parts it reads."""
