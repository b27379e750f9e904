"""A network that stands already, taken by its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from components.settings import GcpExistingNetwork, GcpProviderSettings


@dataclass(frozen=True, kw_only=True)
class ExistingGcpNetworkArgs:
    """What an existing network is known by."""

    existing: GcpExistingNetwork
    provider: GcpProviderSettings


class ExistingGcpNetwork(pulumi.ComponentResource):
    """A VPC and its subnet that stand already; fulfils `contract.Network`. It makes and changes no resource.

    What its names and ranges say, the settings have checked; whether Private Google Access is on, and whether there is
    a way to the internet, configuration cannot tell. Non-goals: the rights that GKE needs in a shared VPC's host.
    """

    network_id: pulumi.Output[str]
    cidrs: tuple[IPv4Network, ...]
    zones: tuple[str, ...]
    node_subnet_ids: Mapping[str, pulumi.Output[str]]
    control_plane_subnet_ids: Mapping[str, pulumi.Output[str]]
    load_balancer_subnet_ids: Mapping[str, pulumi.Output[str]]
    pod_range: pulumi.Output[str] | None
    service_range: pulumi.Output[str] | None
    security_group_ids: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: ExistingGcpNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Take the network as it is."""
        existing = args.existing
        super().__init__("infraplatform:gcp:ExistingGcpNetwork", name, {"vpc": existing.network_id}, opts)
        subnet_id = pulumi.Output.from_input(existing.subnet_id)
        self.network_id = pulumi.Output.from_input(existing.network_id)
        self.cidrs = (existing.cidr,)
        self.zones = args.provider.zones
        self.node_subnet_ids = dict.fromkeys(self.zones, subnet_id)
        self.control_plane_subnet_ids = self.node_subnet_ids
        self.load_balancer_subnet_ids = {}
        self.pod_range = pulumi.Output.from_input(existing.pod_range)
        self.service_range = pulumi.Output.from_input(existing.service_range)
        self.security_group_ids = {}
        self.ready = ()
        self.register_outputs({"network_id": self.network_id, "node_subnet_ids": self.node_subnet_ids})
