"""The network of a platform on Google Cloud: a VPC of its own with one subnet for the region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.cidr import RegionRanges, region_ranges
from components.gcp.network_egress import internet_egress
from components.settings import GcpEgress, GcpNetworkSettings, GcpProviderSettings, ProtectionSettings

POD_RANGE: Final = "pods"
SERVICE_RANGE: Final = "services"
"""Names of the subnet's secondary ranges."""
_BELOW_ALL_OTHERS: Final = 65534
"""A firewall rule's priority: the last before the two that every VPC has. GKE's own rules have 1000 or less."""


@dataclass(frozen=True, kw_only=True)
class GcpNetworkArgs:
    """What a VPC is made from; `settings.cidr` is set."""

    settings: GcpNetworkSettings
    provider: GcpProviderSettings
    protection: ProtectionSettings
    tags: Mapping[str, str]


class GcpNetwork(pulumi.ComponentResource):
    """A VPC with one subnet, which all zones of the region share; fulfils `contract.Network`.

    Nodes, pods and services have ranges in fixed slots. Google's own services are reached privately, the internet by
    Cloud NAT where there is egress. No rule lets anything in: GKE makes the rules that its nodes and load balancers
    need, and what no rule takes is refused and logged. Admission webhooks need none on any port: the API server reaches
    pods by the tunnel that agents on the nodes open (Konnectivity), not by the network. IPv6 addresses, where wanted,
    are the network's own (ULA): nothing on the internet reaches them, and nothing there is reached by them.
    Non-goals: peering, shared VPC hosts, IPv6 to the internet, SSH by Identity-Aware Proxy, proxy-only subnets.
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

    def __init__(self, name: str, args: GcpNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the VPC and all in it.

        Raises:
            ValueError: `args.settings` says no range.
        """
        settings = args.settings
        if settings.cidr is None:
            raise ValueError("a VPC needs network.cidr; an existing network is ExistingGcpNetwork's")
        shown = {"cidr": str(settings.cidr), "egress": settings.egress.value}
        super().__init__("infraplatform:gcp:GcpNetwork", name, shown, opts)
        ranges = ranges_of(settings, settings.cidr)
        vpc = self._vpc(f"{name}-vpc", args)
        subnet = self._subnet(f"{name}-subnet", vpc, ranges, args)
        self._refuse_the_rest(f"{name}-refuse-ingress", "0.0.0.0/0", vpc, args)
        if settings.dual_stack:
            self._refuse_the_rest(f"{name}-refuse-ingress-ipv6", "::/0", vpc, args)
        egress: list[pulumi.Resource] = []
        if settings.egress is GcpEgress.REGIONAL_NAT:
            egress = internet_egress(name, vpc, subnet, args.provider, self)

        self.network_id = vpc.id
        self.cidrs = (ranges.nodes,)
        self.zones = args.provider.zones
        self.node_subnet_ids = dict.fromkeys(self.zones, subnet.id)
        self.control_plane_subnet_ids = self.node_subnet_ids
        self.load_balancer_subnet_ids = {}
        self.pod_range = pulumi.Output.from_input(POD_RANGE)
        self.service_range = pulumi.Output.from_input(SERVICE_RANGE)
        self.security_group_ids = {}
        self.ready = (subnet, *egress)
        self.register_outputs({"network_id": self.network_id, "node_subnet_ids": self.node_subnet_ids})

    def _vpc(self, name: str, args: GcpNetworkArgs) -> gcp.compute.Network:
        """The VPC, without Google's subnet in every region.

        Its default route stays also where there is no egress: Private Google Access needs it, and without NAT or
        addresses of their own nothing else leaves by it.
        """
        return gcp.compute.Network(
            name,
            project=args.provider.project,
            auto_create_subnetworks=False,
            enable_ula_internal_ipv6=args.settings.dual_stack or None,
            routing_mode="REGIONAL",
            opts=pulumi.ResourceOptions(parent=self, protect=args.protection.protect),
        )

    def _subnet(
        self, name: str, vpc: gcp.compute.Network, ranges: RegionRanges, args: GcpNetworkArgs
    ) -> gcp.compute.Subnetwork:
        """The nodes' subnet, with what pods and services have their addresses from."""
        secondary = {POD_RANGE: ranges.pods, SERVICE_RANGE: ranges.services}
        return gcp.compute.Subnetwork(
            name,
            project=args.provider.project,
            region=args.provider.region,
            network=vpc.id,
            ip_cidr_range=str(ranges.nodes),
            secondary_ip_ranges=[
                gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=key, ip_cidr_range=str(cidr))
                for key, cidr in secondary.items()
            ],
            stack_type="IPV4_IPV6" if args.settings.dual_stack else None,
            ipv6_access_type="INTERNAL" if args.settings.dual_stack else None,
            private_ip_google_access=True,
            log_config=_flow_logs() if args.settings.flow_logs else None,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protection.protect),
        )

    def _refuse_the_rest(self, name: str, world: str, vpc: gcp.compute.Network, args: GcpNetworkArgs) -> None:
        """Refuse what no other rule lets in: a VPC does so by itself, but logs nothing of it. A rule has one family."""
        logged = gcp.compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA")
        gcp.compute.Firewall(
            name,
            project=args.provider.project,
            network=vpc.id,
            direction="INGRESS",
            priority=_BELOW_ALL_OTHERS,
            source_ranges=[world],
            denies=[gcp.compute.FirewallDenyArgs(protocol="all")],
            log_config=logged if args.settings.flow_logs else None,
            opts=pulumi.ResourceOptions(parent=self),
        )


def ranges_of(settings: GcpNetworkSettings, cidr: IPv4Network) -> RegionRanges:
    """The ranges that the settings name, and for the others their slots in `cidr`."""
    slots = region_ranges(cidr)
    return RegionRanges(
        nodes=slots.nodes, pods=settings.pod_cidr or slots.pods, services=settings.service_cidr or slots.services
    )


def _flow_logs() -> gcp.compute.SubnetworkLogConfigArgs:
    """Half of all flows' metadata, minute by minute."""
    return gcp.compute.SubnetworkLogConfigArgs(
        aggregation_interval="INTERVAL_1_MIN", flow_sampling=0.5, metadata="INCLUDE_ALL_METADATA"
    )
