"""`infraplatform:cluster.host_firewall` by kubeadm: who reaches the hosts themselves, and at which ports."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field

from components.settings.base import Settings
from components.settings.provider_servers import Port
from components.settings.values import EachOnce, LogicalName, Range

Sources = Annotated[tuple[Range, ...], EachOnce, Field(max_length=100, examples=[["192.0.2.0/24"]])]


class PortProtocol(StrEnum):
    """What a port is of."""

    TCP = "tcp"
    UDP = "udp"


class OpenPortSettings(Settings):
    """Ports of all hosts that are open to others than nodes and pods."""

    ports: Annotated[tuple[Port, ...], EachOnce, Field(min_length=1, max_length=100, examples=[[9100]])]
    """The ports."""
    protocol: PortProtocol = PortProtocol.TCP
    """tcp or udp."""
    sources: Annotated[Sources, Field(min_length=1)]
    """IPv4 ranges that reach them."""


class HostFirewallSettings(Settings):
    """Rules of nftables on every host: what is not allowed here, or between nodes and pods, does not get in."""

    ssh_sources: Annotated[Sources, Field(min_length=1)]
    """IPv4 ranges that reach the hosts' SSH servers: the operators', and the bastion; nodes and pods do not."""
    api_sources: Sources | None = None
    """IPv4 ranges that reach the API, beside nodes and pods; a load balancer's, too; left out: those of ssh_sources."""
    node_port_sources: Sources = ()
    """IPv4 ranges that reach node ports, beside nodes and pods; where Cilium replaces kube-proxy nobody asks."""
    open_ports: Annotated[
        dict[LogicalName, OpenPortSettings],
        Field(examples=[{"node-exporter": {"ports": [9100], "sources": ["192.0.2.0/24"]}}]),
    ] = {}
    """Further ports of the hosts, by a name for what answers there."""

    @property
    def api(self) -> tuple[IPv4Network, ...]:
        """Who reaches the API."""
        return self.ssh_sources if self.api_sources is None else self.api_sources
