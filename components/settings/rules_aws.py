"""Rules between the parts of a stack with EKS on AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.settings.base import Fault, repeated
from components.settings.clouds import AwsStack
from components.settings.cluster import Autoscaler, IpFamily, Reach
from components.settings.network import Egress, subnet_maps
from components.settings.node_groups import keeps_system_pods_off
from components.settings.stack import Layer

AwsRule = Callable[[AwsStack], Iterable[Fault]]

_AUTOSCALER_IMAGE_FROM: Final = "registry.k8s.io"
"""The registry that cluster-autoscaler's image is in."""
NEEDED_WITHOUT_EGRESS: Final = ("ec2", "ecr.api", "ecr.dkr", "eks-auth", "sts")
"""Endpoints without which no node becomes ready. Source: EKS user guide, private clusters, read 2026-11."""


def existing_subnets_cover_the_zones(stack: AwsStack) -> Iterator[Fault]:
    """An existing network has a subnet of each kind it lists in every zone of the provider, and in no other."""
    existing, zones = stack.network.existing, stack.provider.zones
    if existing is None:
        return
    for kind, subnets in subnet_maps(existing).items():
        for zone in sorted(subnets.keys() - set(zones)):
            yield Fault(
                ("network", "existing", kind, zone), "is not a zone of the provider", f"write {', '.join(zones)}"
            )
        missing = [zone for zone in zones if zone not in subnets]
        if missing and (subnets or kind == "node_subnet_ids"):
            yield Fault(
                ("network", "existing", kind), f"has no subnet in {', '.join(missing)}", "write one for each zone"
            )


def services_lie_outside_the_network(stack: AwsStack) -> Iterator[Fault]:
    """Services have a range outside the network's."""
    if stack.cluster.ip_family is IpFamily.IPV6:
        return
    network = stack.network
    ranges = network.existing.cidrs if network.existing else (network.cidr,)
    for cidr in ranges:
        if cidr is not None and cidr.overlaps(stack.cluster.service_cidr):
            problem = f"{stack.cluster.service_cidr} overlaps the network's {cidr}"
            yield Fault(
                ("cluster", "service_cidr"), problem, "write a private range outside the network's, as 10.100.0.0/16"
            )


def ipv6_pods_need_ipv6_subnets(stack: AwsStack) -> Iterator[Fault]:
    """A cluster of IPv6 pods stands in a network with IPv6 ranges."""
    if stack.cluster.ip_family is IpFamily.IPV6 and not stack.network.existing and not stack.network.dual_stack:
        yield Fault(("cluster", "ip_family"), "is ipv6, and the network is not", "write network.dual_stack: true")


def the_deployer_reaches_the_api(stack: AwsStack) -> Iterator[Fault]:
    """With a private endpoint, a stack that makes in-cluster objects says how its deployer gets there."""
    if stack.layer is not Layer.INFRASTRUCTURE and not stack.cluster.api_access and stack.cluster.reach is None:
        problem = "is missing: the endpoint is private, and the deployer must reach it"
        remedy = f"write {Reach.INSIDE_NETWORK} or {Reach.PROXY}, or api_access with networks, or layer: infrastructure"
        yield Fault(("cluster", "reach"), problem, remedy)


def something_makes_nodes(stack: AwsStack) -> Iterator[Fault]:
    """Nodes come from node groups, or from EKS in Auto Mode, not from both."""
    auto = stack.cluster.autoscaler is Autoscaler.AUTO_MODE
    if not auto and not stack.node_groups:
        problem = "is empty, and nothing else makes nodes" + (
            ": Karpenter itself runs on a group" if stack.cluster.autoscaler is Autoscaler.KARPENTER else ""
        )
        yield Fault(("node_groups",), problem, "write a node group, or cluster.autoscaler: auto-mode")
    for name in stack.node_groups if auto else ():
        problem = "cannot be: in Auto Mode EKS makes the nodes"
        yield Fault(("node_groups", name), problem, "remove it, or write another cluster.autoscaler")


def system_pods_have_a_node(stack: AwsStack) -> Iterator[Fault]:
    """Some group always has a node for CoreDNS and the autoscaler, which no autoscaler makes from nothing.

    They tolerate the taint CriticalAddonsOnly, and no other that keeps pods off.
    """
    groups = stack.node_groups.values()
    if not groups or stack.cluster.autoscaler is Autoscaler.AUTO_MODE:
        return
    if not any(group.min_nodes and not keeps_system_pods_off(group) for group in groups):
        problem = "leaves CoreDNS and the autoscaler without a node: each group has min_nodes: 0 or taints"
        yield Fault(("node_groups",), problem, "write min_nodes: 1 or more in a group without taints")


def images_come_without_internet(stack: AwsStack) -> Iterator[Fault]:
    """Where nodes have no way to the internet, the autoscaler's image comes through the registry."""
    wanted = stack.cluster.autoscaler is Autoscaler.CLUSTER_AUTOSCALER and _has_no_internet(stack)
    if wanted and _AUTOSCALER_IMAGE_FROM not in [cache.upstream for cache in stack.registry.pull_through.values()]:
        problem = f"has no {_AUTOSCALER_IMAGE_FROM}: with egress: none the cluster-autoscaler image comes no other way"
        remedy = f"write kubernetes: {{upstream: {_AUTOSCALER_IMAGE_FROM}}}"
        yield Fault(("registry", "pull_through"), problem, remedy)


def karpenter_reaches_iam(stack: AwsStack) -> Iterator[Fault]:
    """Karpenter makes instance profiles. Source: its documentation of 1.14.1, private clusters, read 2026-11-23."""
    if stack.cluster.autoscaler is Autoscaler.KARPENTER and _has_no_internet(stack):
        problem = "is karpenter, and Karpenter needs IAM, which has no private endpoint"
        yield Fault(("cluster", "autoscaler"), problem, "write cluster-autoscaler or auto-mode, or another egress")


def _has_no_internet(stack: AwsStack) -> bool:
    """Whether nodes surely have no way out; of an existing network nobody knows."""
    return stack.network.existing is None and stack.network.egress is Egress.NONE


def endpoints_suffice_without_egress(stack: AwsStack) -> Iterator[Fault]:
    """A list of one's own endpoints, where there is no other way out, holds what nodes cannot do without."""
    network = stack.network
    if network.interface_endpoints is None or not _has_no_internet(stack):
        return
    missing = [name for name in NEEDED_WITHOUT_EGRESS if name not in network.interface_endpoints]
    if missing:
        problem = f"lacks {', '.join(missing)}, and with egress: none nodes need them"
        yield Fault(("network", "interface_endpoints"), problem, "add them, or remove the key for all that is needed")


def keys_are_in_the_region(stack: AwsStack) -> Iterator[Fault]:
    """KMS keys encrypt in their own region only."""
    places: dict[tuple[str, ...], Callable[[], str | None]] = {
        ("cluster", "secrets_key_arn"): lambda: stack.cluster.secrets_key_arn,
        ("registry", "key_arn"): lambda: stack.registry.key_arn,
        ("storage", "block", "key_arn"): lambda: stack.storage.block.key_arn,
        ("storage", "file", "key_arn"): lambda: stack.storage.file.key_arn if stack.storage.file else None,
    }
    for path, read in places.items():
        arn = read()
        if arn is not None and (region := arn.split(":")[3]) != stack.provider.region:
            yield Fault(path, f"is a key in {region}", f"write a key in {stack.provider.region}")


def principals_are_in_the_partition(stack: AwsStack) -> Iterator[Fault]:
    """An ARN begins with the partition of its region: China and GovCloud have their own."""
    wanted = stack.provider.partition
    arns: dict[tuple[str | int, ...], str] = {
        ("cluster", "deployers", index): arn for index, arn in enumerate(stack.cluster.deployers)
    }
    arns |= {("cluster", "access", name, "principal"): entry.principal for name, entry in stack.cluster.access.items()}
    for path, arn in arns.items():
        if arn.split(":")[1] != wanted:
            yield Fault(
                path, f"{arn} is of another partition than {stack.provider.region}", f"write arn:{wanted}:iam::..."
            )


def tags_differ_by_more_than_case(stack: AwsStack) -> Iterator[Fault]:
    """IAM takes Team and team for the same key. Source: IAM user guide, tagging rules, read 2026-11."""
    for key in repeated(tag.lower() for tag in stack.tags):
        twins = " and ".join(tag for tag in stack.tags if tag.lower() == key)
        yield Fault(("tags",), f"{twins} are the same key to IAM", "write one of them")


AWS_RULES: Final[tuple[AwsRule, ...]] = (
    existing_subnets_cover_the_zones,
    services_lie_outside_the_network,
    ipv6_pods_need_ipv6_subnets,
    the_deployer_reaches_the_api,
    something_makes_nodes,
    system_pods_have_a_node,
    images_come_without_internet,
    karpenter_reaches_iam,
    endpoints_suffice_without_egress,
    keys_are_in_the_region,
    principals_are_in_the_partition,
    tags_differ_by_more_than_case,
)
"""Rules on a whole stack on AWS; those on each node group are `rules_node_groups.AWS_GROUP_RULES`."""
