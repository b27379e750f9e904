"""Rules on own servers between the cluster's network and the site's."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

from components.settings.base import Fault
from components.settings.clouds import ServersStack
from components.settings.cluster_kubeadm_load_balancer import AddressSpan, span_of


def services_addresses_are_free(stack: ServersStack) -> Iterator[Fault]:
    """An address that is given to a service is nobody else's."""
    balancer = stack.cluster.load_balancer
    if balancer is None:
        return
    taken = _taken(stack)
    for (pool, number), span in balancer.spans.items():
        for whose, other in taken.items():
            if span.overlaps(other):
                where = ("cluster", "load_balancer", "pools", pool, number)
                yield Fault(where, f"has an address of {whose}", "write free addresses of the hosts' network")


def _taken(stack: ServersStack) -> dict[str, AddressSpan]:
    """What is in use, by whose it is."""
    taken = {
        "network.pod_cidr": span_of(stack.network.pod_cidr),
        "network.service_cidr": span_of(stack.network.service_cidr),
    }
    addresses = {f"the host {name}": host.node_address for name, host in stack.provider.hosts.items()}
    if stack.cluster.endpoint is not None:
        addresses["cluster.endpoint"] = stack.cluster.endpoint.virtual_ip or stack.cluster.endpoint.host
    for whose, text in addresses.items():
        try:
            address = IPv4Address(text)
        except ValueError:
            continue  # a name
        taken[whose] = AddressSpan(address, address)
    return taken


def the_virtual_address_is_free(stack: ServersStack) -> Iterator[Fault]:
    """It is in the hosts' network, where ARP reaches, and no host's."""
    virtual_ip = None if stack.cluster.endpoint is None else stack.cluster.endpoint.virtual_ip
    if virtual_ip is None:
        return
    where = ("cluster", "endpoint", "virtual_ip")
    if not any(IPv4Address(virtual_ip) in cidr for cidr in stack.network.node_cidrs):
        listed = ", ".join(str(cidr) for cidr in stack.network.node_cidrs)
        yield Fault(
            where, f"{virtual_ip} is in none of network.node_cidrs ({listed})", "write a free address of theirs"
        )
    for name, host in stack.provider.hosts.items():
        if virtual_ip in (host.address, host.private_address):
            yield Fault(where, f"{virtual_ip} is the host {name}'s own", "write a free address of the hosts' network")


SERVERS_NETWORK_RULES: Final = (services_addresses_are_free, the_virtual_address_is_free)
"""The rules of this file."""
