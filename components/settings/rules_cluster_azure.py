"""Rules between an AKS cluster and the stack's other parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.settings.base import Fault
from components.settings.clouds import AzureStack
from components.settings.cluster_aks_choices import AksMode
from components.settings.network_azure import AzureEgress
from components.settings.node_groups import NodeGroupSettings, runs_system_pods
from components.settings.stack import Layer

GROUP_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,7}")
"""A group's name: of a pool's 12 lower-case letters and digits, 4 tell what it is made of.

Source: AKS documentation, "Create node pools", limitations, known, not read.
"""
NODE_PREFIX: Final = 24
"""Each node's part of the pods' overlay. Source: AKS documentation, Azure CNI Overlay, known, not read."""
_WAYS: Final = "inside-network or proxy, or api_access"


def the_deployer_reaches_aks(stack: AzureStack) -> Iterator[Fault]:
    """With a private address alone, a stack that makes in-cluster objects says how its deployer gets to the API."""
    cluster = stack.cluster
    if stack.layer is not Layer.INFRASTRUCTURE and cluster.private and cluster.reach is None:
        problem = "is missing: the API has a private address alone, and the deployer must reach it"
        yield Fault(("cluster", "reach"), problem, f"write {_WAYS}, or layer: infrastructure")


def drains_reach_aks(stack: AzureStack) -> Iterator[Fault]:
    """Pods leave a group's nodes by the API, so a stack of infrastructure alone must reach it, too."""
    cluster = stack.cluster
    if stack.layer is not Layer.INFRASTRUCTURE or not cluster.private or cluster.reach is not None:
        return
    for name, group in stack.node_groups.items():
        if group.azure.drain:
            problem = "is on, and nothing says how the deployer reaches the API, which has a private address alone"
            remedy = f"write cluster.reach: {_WAYS}, or drain: false here"
            yield Fault(("node_groups", name, "azure", "drain"), problem, remedy)


def nodes_reach_the_api(stack: AzureStack) -> Iterator[Fault]:
    """An API server outside the network lets nodes in by their address on the internet, too.

    AKS adds that of its own load balancer to the ranges, and nobody knows a NAT gateway's before it is made. Source:
    AKS documentation, "API server authorized IP ranges", known, not read.
    """
    cluster = stack.cluster
    outside = not cluster.api_server_vnet_integration and not cluster.private
    if outside and stack.network.existing is None and stack.network.egress is AzureEgress.NAT_GATEWAY:
        problem = "is off, and api_access would shut the nodes out, whose address is the NAT gateway's"
        remedy = "write true, or network.egress: load-balancer"
        yield Fault(("cluster", "api_server_vnet_integration"), problem, remedy)


def something_makes_aks_nodes(stack: AzureStack) -> Iterator[Fault]:
    """A standard cluster has a node group that system pods run in; in AKS Automatic the nodes are AKS's own.

    Source: AKS documentation, "Use system node pools": a cluster has one at any time; known, not read.
    """
    groups = stack.node_groups
    if stack.cluster.mode is AksMode.AUTOMATIC:
        for name in groups:
            problem = "cannot be: in AKS Automatic AKS makes the nodes"
            yield Fault(("node_groups", name), problem, "remove it, or write cluster.mode: standard")
    elif not groups:
        yield Fault(("node_groups",), "is empty, and AKS wants nodes for its system pods", "write a node group")
    elif not any(runs_system_pods(group) for group in groups.values()):
        problem = (
            "leaves the cluster's system pods without a node: each group has min_nodes: 0, taints or spot machines"
        )
        yield Fault(("node_groups",), problem, "write min_nodes: 1 or more in an on-demand group without taints")


def group_names_are_pools(stack: AzureStack) -> Iterator[Fault]:
    """A group's name is the start of a node pool's, which AKS bounds; it is never shortened for the user."""
    for name in stack.node_groups:
        if not GROUP_NAME.fullmatch(name):
            problem = "is no name of a node group on azure"
            yield Fault(("node_groups", name), problem, "write 8 lower-case letters and digits at most, a letter first")


def pods_have_their_overlay(stack: AzureStack) -> Iterator[Fault]:
    """The overlay has a part for each node there may be, also while a group is upgraded or replaced."""
    cluster, groups = stack.cluster, stack.node_groups.values()
    if cluster.mode is AksMode.AUTOMATIC or not groups:
        return
    room = 2 ** (NODE_PREFIX - cluster.pod_cidr.prefixlen)
    needed = most_nodes(groups)
    if needed > room:
        prefix = NODE_PREFIX - (needed - 1).bit_length()
        problem = (
            f"{cluster.pod_cidr} has parts for {room} nodes, and there may be {needed}, also while one is replaced"
        )
        yield Fault(("cluster", "pod_cidr"), problem, f"write a /{prefix}, or fewer nodes")


def most_nodes(groups: Iterable[NodeGroupSettings]) -> int:
    """Most nodes at a time: each group's, and the largest's once more, which stand beside them in a replacement."""
    sizes = [group.max_nodes for group in groups]
    return sum(sizes) + max(sizes, default=0)


AZURE_CLUSTER_RULES: Final[tuple[Callable[[AzureStack], Iterable[Fault]], ...]] = (
    the_deployer_reaches_aks,
    drains_reach_aks,
    nodes_reach_the_api,
    something_makes_aks_nodes,
    group_names_are_pools,
    pods_have_their_overlay,
)
"""Rules on a whole stack on Azure that the cluster is in."""
