"""A network that stands already, taken by its ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from components.settings import AwsExistingNetwork, AwsProviderSettings


@dataclass(frozen=True, kw_only=True)
class ExistingVpcNetworkArgs:
    """What an existing network is known by."""

    existing: AwsExistingNetwork
    provider: AwsProviderSettings


class ExistingVpcNetwork(pulumi.ComponentResource):
    """A VPC that stands already; fulfils `contract.Network`. It makes and changes no resource.

    What its ids and ranges say, the settings have checked; whether the subnets lie in the VPC and have a way to the
    control plane and to images, configuration cannot tell. Non-goals: tagging its subnets for load balancer discovery.
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

    def __init__(self, name: str, args: ExistingVpcNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Take the network as it is."""
        existing = args.existing
        super().__init__("infraplatform:aws:ExistingVpcNetwork", name, {"vpc": existing.network_id}, opts)
        self.network_id = pulumi.Output.from_input(existing.network_id)
        self.cidrs = existing.cidrs
        self.zones = args.provider.zones
        self.node_subnet_ids = _by_zone(existing.node_subnet_ids, self.zones)
        self.control_plane_subnet_ids = _by_zone(
            existing.control_plane_subnet_ids or existing.node_subnet_ids, self.zones
        )
        self.load_balancer_subnet_ids = _by_zone(existing.load_balancer_subnet_ids, self.zones)
        self.pod_range = None
        self.service_range = None
        self.security_group_ids = {}
        self.ready = ()
        self.register_outputs({"network_id": self.network_id, "node_subnet_ids": self.node_subnet_ids})


def _by_zone(subnet_ids: Mapping[str, str], zones: Sequence[str]) -> dict[str, pulumi.Output[str]]:
    """The ids as Outputs, in the zones' declared order."""
    return {zone: pulumi.Output.from_input(subnet_ids[zone]) for zone in zones if zone in subnet_ids}
