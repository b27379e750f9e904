"""A network that stands already, taken by its ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from components.settings import AzureExistingNetwork, AzureProviderSettings


@dataclass(frozen=True, kw_only=True)
class ExistingAzureNetworkArgs:
    """What an existing network is known by."""

    existing: AzureExistingNetwork
    provider: AzureProviderSettings


class ExistingAzureNetwork(pulumi.ComponentResource):
    """A virtual network and its subnets that stand already; fulfils `contract.Network`. It makes and changes nothing.

    What its ids and ranges say, the settings have checked; whether the subnets lead out as `egress` says, whether they
    are delegated and what their security groups let in, configuration cannot tell. Where no subnet is named for the
    control plane, its interfaces are none, and the nodes' subnet stands for it.
    """

    network_id: pulumi.Output[str]
    cidrs: tuple[IPv4Network, ...]
    zones: tuple[str, ...]
    node_subnet_ids: Mapping[str, pulumi.Output[str]]
    control_plane_subnet_ids: Mapping[str, pulumi.Output[str]]
    load_balancer_subnet_ids: Mapping[str, pulumi.Output[str]]
    private_endpoint_subnet_id: pulumi.Output[str] | None
    pod_range: pulumi.Output[str] | None
    service_range: pulumi.Output[str] | None
    security_group_ids: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: ExistingAzureNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Take the network as it is."""
        existing = args.existing
        super().__init__("infraplatform:azure:ExistingAzureNetwork", name, {"network": existing.network_id}, opts)
        control_plane_subnet_id = existing.control_plane_subnet_id or existing.node_subnet_id
        endpoint_subnet_id = existing.private_endpoint_subnet_id
        self.network_id = pulumi.Output.from_input(existing.network_id)
        self.cidrs = existing.cidrs
        self.zones = args.provider.zones
        self.node_subnet_ids = dict.fromkeys(self.zones, pulumi.Output.from_input(existing.node_subnet_id))
        self.control_plane_subnet_ids = dict.fromkeys(self.zones, pulumi.Output.from_input(control_plane_subnet_id))
        self.load_balancer_subnet_ids = {}
        self.private_endpoint_subnet_id = (
            pulumi.Output.from_input(endpoint_subnet_id) if endpoint_subnet_id is not None else None
        )
        self.pod_range = None
        self.service_range = None
        self.security_group_ids = {}
        self.ready = ()
        self.register_outputs({"network_id": self.network_id, "node_subnet_ids": self.node_subnet_ids})
