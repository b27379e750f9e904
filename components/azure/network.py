"""The network of a platform on Azure: a virtual network of its own with one subnet for each use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_azure_native import network

from components.azure.network_egress import nat_gateway
from components.azure.network_flow_logs import flow_logs
from components.azure.network_place import Place
from components.azure.network_subnets import subnets
from components.settings import AzureEgress, AzureNetworkSettings, AzureProviderSettings, ProtectionSettings


@dataclass(frozen=True, kw_only=True)
class AzureNetworkArgs:
    """What a virtual network is made from; `settings.cidr` is set."""

    settings: AzureNetworkSettings
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    protection: ProtectionSettings
    tags: Mapping[str, str]


class AzureNetwork(pulumi.ComponentResource):
    """A virtual network with subnets for nodes, API server and private endpoints; fulfils `contract.Network`.

    All zones share them, in fixed slots; pods have addresses of their own, outside the network. From the internet
    nothing comes in but what `internet_ports` names, and no machine has a public address. The load balancer for egress
    and for public services is AKS's own, in all zones. Non-goals: peering, hubs, firewalls, routes, IPv6, bastions,
    plans against DDoS, more than one range.
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

    def __init__(self, name: str, args: AzureNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the virtual network and all in it.

        Raises:
            ValueError: `args.settings` says no range.
        """
        settings = args.settings
        if settings.cidr is None:
            raise ValueError("a virtual network needs network.cidr; an existing network is ExistingAzureNetwork's")
        shown = {"cidr": str(settings.cidr), "egress": settings.egress.value}
        super().__init__("infraplatform:azure:AzureNetwork", name, shown, opts)
        place = self._place(name, settings.cidr, args)
        by_nat = settings.egress is AzureEgress.NAT_GATEWAY
        made = subnets(
            place,
            settings.cidr,
            nat_gateway=nat_gateway(f"{name}-nat", place) if by_nat else None,
            internet_ports=settings.internet_ports,
        )
        if settings.flow_logs:
            flow_logs(place, settings.flow_log_retention_days, settings.network_watcher_id)

        self.network_id = place.virtual_network.id
        self.cidrs = (settings.cidr,)
        self.zones = args.provider.zones
        self.node_subnet_ids = dict.fromkeys(self.zones, made.nodes.id)
        self.control_plane_subnet_ids = dict.fromkeys(self.zones, made.control_plane.id)
        self.load_balancer_subnet_ids = {}
        self.private_endpoint_subnet_id = made.private_endpoints.id
        self.pod_range = None
        self.service_range = None
        self.security_group_ids = {role: group.id for role, group in made.security_groups.items()}
        self.ready = (made.nodes, made.control_plane, made.private_endpoints)
        self.register_outputs({"network_id": self.network_id, "node_subnet_ids": self.node_subnet_ids})

    def _place(self, name: str, cidr: IPv4Network, args: AzureNetworkArgs) -> Place:
        """The virtual network. Its subnets are resources of their own, which its updates leave alone."""
        virtual_network = network.VirtualNetwork(
            f"{name}-vnet",
            resource_group_name=args.resource_group_name,
            location=args.provider.region,
            address_space=network.AddressSpaceArgs(address_prefixes=[str(cidr)]),
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protection.protect),
        )
        return Place(
            name=name,
            virtual_network=virtual_network,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=self,
            protect=args.protection.protect,
        )
