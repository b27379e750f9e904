"""Rules between the parts of a stack with AKS on Azure; those on one part and the others are in files of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Network
from typing import Final

from components.cidr import subnet_ranges
from components.settings.base import Fault
from components.settings.clouds import AzureStack
from components.settings.registry_azure import AcrTier
from components.settings.rules_cluster_azure import AZURE_CLUSTER_RULES, most_nodes
from components.settings.rules_registry_azure import AZURE_REGISTRY_RULES
from components.settings.rules_storage_azure import AZURE_STORAGE_RULES
from components.settings.sound import UnsoundError

AzureRule = Callable[[AzureStack], Iterable[Fault]]

SUBNET_RESERVED: Final = 5
"""Addresses of each subnet that Azure keeps. Source: virtual network FAQ, known, not read."""
AKS_RESERVED: Final = tuple(
    IPv4Network(text) for text in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
)
"""Ranges that neither services nor pods nor the network may have. Source: AKS, "Azure CNI Overlay", known, not read."""
_TAG_KEY: Final = re.compile(r"[^<>%&\\?/]{1,128}")
"""What all resources take; a storage account's keys are the shortest.

Source: Azure Resource Manager documentation, tag limitations, known, not read.
"""
_RESERVED_TAG_PREFIXES: Final = ("microsoft", "azure", "windows")


def cluster_ranges_are_outside_the_network(stack: AzureStack) -> Iterator[Fault]:
    """Pods and services have addresses that no machine has, and that AKS has not for itself."""
    for key in ("pod_cidr", "service_cidr"):
        try:
            cidr: IPv4Network = getattr(stack.cluster, key)
        except UnsoundError:
            continue
        for taken in network_ranges(stack):
            if cidr.overlaps(taken):
                remedy = "write a private range outside the network"
                yield Fault(("cluster", key), f"{cidr} overlaps the network's {taken}", remedy)
        for taken in AKS_RESERVED:
            if cidr.overlaps(taken):
                yield Fault(("cluster", key), f"{cidr} overlaps {taken}, which AKS has for itself", "write another")


def the_network_is_none_of_aks_own(stack: AzureStack) -> Iterator[Fault]:
    """AKS has ranges for itself that no node may have an address in."""
    path = ("network", "cidr") if stack.network.existing is None else ("network", "existing", "cidrs")
    for cidr in network_ranges(stack):
        for taken in AKS_RESERVED:
            if cidr.overlaps(taken):
                yield Fault(path, f"{cidr} overlaps {taken}, which AKS has for itself", "write another range")


def azure_nodes_have_addresses(stack: AzureStack) -> Iterator[Fault]:
    """The subnet has an address for each node there may be, also while a group is upgraded or replaced."""
    network, groups = stack.network, stack.node_groups.values()
    nodes = network.existing.node_cidr if network.existing is not None else None
    if network.cidr is not None:
        nodes = subnet_ranges(network.cidr).nodes
    if nodes is None or not groups:
        return
    needed, room = most_nodes(groups), nodes.num_addresses - SUBNET_RESERVED
    if needed > room:
        problem = f"are {needed} nodes at most, also while one group is replaced, and {nodes} has room for {room}"
        key = "cidr" if network.existing is None else "existing.node_cidr"
        yield Fault(("node_groups",), problem, f"write a larger network.{key}, or fewer nodes")


def an_existing_network_has_the_subnets_that_are_needed(stack: AzureStack) -> Iterator[Fault]:
    """The API server and private endpoints stand in subnets of their own, which an existing network must name."""
    existing = stack.network.existing
    if existing is None:
        return
    if stack.cluster.api_server_vnet_integration and existing.control_plane_subnet_id is None:
        remedy = "name one, or write cluster.api_server_vnet_integration: false"
        problem = "is missing: the API server stands in a delegated subnet of the network"
        yield Fault(("network", "existing", "control_plane_subnet_id"), problem, remedy)
    if existing.private_endpoint_subnet_id is None:
        for what, remedy in _reached_by_private_endpoint(stack):
            problem = f"is missing: {what} an address in the network"
            yield Fault(("network", "existing", "private_endpoint_subnet_id"), problem, f"name one, or {remedy}")


def _reached_by_private_endpoint(stack: AzureStack) -> Iterator[tuple[str, str]]:
    """What has its address in a subnet for private endpoints, and how it would not."""
    if stack.registry.tier is AcrTier.PREMIUM:
        yield "a premium registry has", "write registry.tier: basic"
    if stack.storage.file is not None:
        yield "shares have", "remove storage.file"
    if stack.storage.backup is not None:
        yield "backups have", "remove storage.backup"


def an_existing_network_is_the_subscriptions(stack: AzureStack) -> Iterator[Fault]:
    """AKS takes a network of its own subscription. Source: AKS, "Use your own network", known, not read."""
    existing, subscription = stack.network.existing, stack.provider.subscription_id
    if existing is not None and (found := existing.network_id.split("/")[2]) != subscription:
        problem = f"is in subscription {found}, and the cluster in {subscription}"
        yield Fault(("network", "existing", "network_id"), problem, "write a network of the provider's subscription")


def tags_are_azures(stack: AzureStack) -> Iterator[Fault]:
    """Tags become Azure's, unchanged, whose keys differ by more than case."""
    seen: dict[str, str] = {}
    for key in stack.tags:
        if not _TAG_KEY.fullmatch(key):
            yield Fault(("tags", key), f"{key!r} is not a tag's key on azure", r"write one without < > % & \ ? /")
        elif key.lower().startswith(_RESERVED_TAG_PREFIXES):
            starts = ", ".join(_RESERVED_TAG_PREFIXES)
            yield Fault(("tags", key), f"Azure keeps keys that start with {starts} for itself", "write another key")
        if (first := seen.setdefault(key.lower(), key)) != key:
            yield Fault(("tags", key), f"is {first} in another case, which is the same key on azure", "remove one")


def network_ranges(stack: AzureStack) -> tuple[IPv4Network, ...]:
    """All ranges of the stack's network."""
    network = stack.network
    if network.existing is not None:
        return network.existing.cidrs
    return (network.cidr,) if network.cidr is not None else ()


AZURE_NETWORK_RULES: Final[tuple[AzureRule, ...]] = (
    cluster_ranges_are_outside_the_network,
    the_network_is_none_of_aks_own,
    azure_nodes_have_addresses,
    an_existing_network_has_the_subnets_that_are_needed,
    an_existing_network_is_the_subscriptions,
    tags_are_azures,
)
"""Rules between the network or the tags and other parts."""
AZURE_RULES: Final[tuple[AzureRule, ...]] = (
    *AZURE_NETWORK_RULES,
    *AZURE_CLUSTER_RULES,
    *AZURE_REGISTRY_RULES,
    *AZURE_STORAGE_RULES,
)
"""Rules on a whole stack on Azure; those on each node group are `rules_node_groups_azure.AZURE_GROUP_RULES`."""
