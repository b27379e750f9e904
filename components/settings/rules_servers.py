"""Rules between the parts of a stack on own servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address
from typing import Final

from components.binaries import CHART, known_patches
from components.settings.base import Fault
from components.settings.clouds import ServersStack
from components.settings.rules_servers_network import SERVERS_NETWORK_RULES
from components.settings.rules_servers_registry import SERVERS_REGISTRY_RULES
from components.settings.rules_servers_runtime import (
    archives_are_for_all_hosts,
    docker_has_no_gpus,
    docker_mirrors_what_it_can,
)
from components.settings.rules_servers_storage import SERVERS_STORAGE_RULES
from components.settings.stack import Layer
from components.terms import Architecture, MachineRole

ServersRule = Callable[[ServersStack], Iterable[Fault]]

_RESERVED_DOMAINS: Final = ("kubernetes.io", "k8s.io")


def hosts_are_in_the_sites_network(stack: ServersStack) -> Iterator[Fault]:
    """A node's address is in one of the site's ranges."""
    ranges = stack.network.node_cidrs
    for name, host in stack.provider.hosts.items():
        try:
            address = IPv4Address(host.node_address)
        except ValueError:
            continue  # a name, which the host's own rule refuses
        if not any(address in cidr for cidr in ranges):
            key = "address" if host.private_address is None else "private_address"
            listed = ", ".join(str(cidr) for cidr in ranges)
            problem = f"{address} is in none of network.node_cidrs ({listed})"
            yield Fault(("provider", "hosts", name, key), problem, "add its range there, or write private_address")


def pods_have_a_range_per_node(stack: ServersStack) -> Iterator[Fault]:
    """Each node gets a /24 of the pods' range."""
    room = 2 ** (24 - stack.network.pod_cidr.prefixlen)
    hosts = len(stack.provider.hosts)
    if hosts > room:
        problem = f"{stack.network.pod_cidr} has a /24 for {room} nodes, and there are {hosts}"
        yield Fault(("network", "pod_cidr"), problem, f"write a /{24 - (hosts - 1).bit_length()} or larger")


def several_control_planes_have_an_endpoint(stack: ServersStack) -> Iterator[Fault]:
    """What outlives each control plane is none of them."""
    control_planes = stack.provider.by_role(MachineRole.CONTROL_PLANE)
    endpoint = stack.cluster.endpoint
    if len(control_planes) <= 1:
        return
    if endpoint is None:
        problem = f"is missing, and {len(control_planes)} control planes answer at different addresses"
        yield Fault(
            ("cluster", "endpoint"), problem, "write the host of a load balancer, a DNS name for all, or a virtual_ip"
        )
        return
    for name, host in control_planes.items():
        if endpoint.host in (host.address, host.private_address):
            remedy = "write the host of a load balancer, a DNS name for all, or a virtual_ip"
            yield Fault(("cluster", "endpoint", "host"), f"is {name} alone, and the API ends with it", remedy)


def hosts_are_the_nodes(stack: ServersStack) -> Iterator[Fault]:
    """Nobody makes further nodes."""
    for name in stack.node_groups:
        problem = "cannot be: on own servers the nodes are provider.hosts"
        yield Fault(("node_groups", name), problem, "remove it, and write its machines as hosts")


def host_labels_are_not_reserved(stack: ServersStack) -> Iterator[Fault]:
    """A kubelet may not give its node labels in Kubernetes' own domains.

    Source: Kubernetes documentation, Using Node Authorization, NodeRestriction, known, not read.
    """
    for name, host in stack.provider.hosts.items():
        for label in host.labels:
            prefix, slash, short = label.rpartition("/")
            if slash and any(prefix == domain or prefix.endswith(f".{domain}") for domain in _RESERVED_DOMAINS):
                problem = f"the prefix {prefix} is Kubernetes' own"
                yield Fault(
                    ("provider", "hosts", name, "labels", label), problem, f"write {short}, or a prefix of yours"
                )


def local_volumes_are_on_hosts(stack: ServersStack) -> Iterator[Fault]:
    """A disk is on a host of the stack."""
    hosts = stack.provider.hosts
    for of_class, volumes in stack.storage.local_volumes.items():
        for name, volume in volumes.items():
            if volume.host not in hosts:
                key = ("storage", "local_volumes", of_class, name, "host")
                yield Fault(key, f"{volume.host} is no host of the stack", f"write one of {', '.join(sorted(hosts))}")


def the_stack_is_whole(stack: ServersStack) -> Iterator[Fault]:
    """What is in the cluster comes with it here."""
    if stack.layer is not Layer.ALL:
        yield Fault(("layer",), f"cannot be {stack.layer.value} on own servers", "write layer: all, or remove it")


def binaries_are_known(stack: ServersStack) -> Iterator[Fault]:
    """Each binary of each architecture has a place and a sum, and none is given in vain."""
    cluster = stack.cluster
    architectures = stack.provider.architectures
    wanted = (*cluster.binaries, *stack.charts)
    for entry in cluster.downloads:
        name, _, architecture = entry.partition("/")
        if name not in wanted or architecture not in ("", *architectures):
            yield Fault(("cluster", "downloads", entry), "is downloaded by no host", "remove it")
        elif not architecture and len(architectures) > 1 and not name.endswith(CHART):
            apart = " and ".join(f"{name}/{each}" for each in architectures)
            problem = f"is one file for hosts of {' and '.join(architectures)}"
            yield Fault(("cluster", "downloads", entry), problem, f"write {apart}")
    for architecture in architectures:
        for name, download in cluster.downloads_for(Architecture(architecture), stack.charts).items():
            if download is None:
                alike = len(architectures) == 1 or name.endswith(CHART)
                yield _unknown(name if alike else f"{name}/{architecture}", cluster.version)


def _unknown(entry: str, version: str) -> Fault:
    """A binary without a sum; of Kubernetes' own there may be another patch that has one."""
    patches = known_patches(version.rpartition(".")[0])
    problem = f"is missing: the sum of this binary for Kubernetes {version} is not known here"
    known = "" if version in patches or not patches else f", or a known version, as {patches[-1]}"
    return Fault(
        ("cluster", "downloads", entry), problem, f"write its sha256, and its url if it is not upstream's{known}"
    )


SERVERS_RULES: Final[tuple[ServersRule, ...]] = (
    hosts_are_in_the_sites_network,
    pods_have_a_range_per_node,
    several_control_planes_have_an_endpoint,
    hosts_are_the_nodes,
    host_labels_are_not_reserved,
    local_volumes_are_on_hosts,
    the_stack_is_whole,
    binaries_are_known,
    docker_mirrors_what_it_can,
    docker_has_no_gpus,
    archives_are_for_all_hosts,
    *SERVERS_NETWORK_RULES,
    *SERVERS_STORAGE_RULES,
    *SERVERS_REGISTRY_RULES,
)
"""Rules on a whole stack on own servers."""
