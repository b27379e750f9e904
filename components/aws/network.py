"""The network of a platform on AWS: a VPC of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.aws.network_egress import internet_egress
from components.aws.network_endpoints import private_endpoints
from components.aws.network_flow_logs import flow_logs
from components.aws.network_place import Place
from components.aws.network_subnets import subnets
from components.settings import AwsNetworkSettings, AwsProviderSettings, Egress, ProtectionSettings
from components.tags import named


@dataclass(frozen=True, kw_only=True)
class VpcNetworkArgs:
    """What a VPC is made from; `settings.cidr` is set."""

    settings: AwsNetworkSettings
    provider: AwsProviderSettings
    protection: ProtectionSettings
    tags: Mapping[str, str]


class VpcNetwork(pulumi.ComponentResource):
    """A VPC with subnets in 1 to 4 zones; fulfils `contract.Network`.

    Each zone has a private subnet for nodes, a private one for the control plane's interfaces and, where there is
    egress, a public one for load balancers, all in slots fixed by the zone's letter: adding a zone only creates.
    No machine gets a public address. Non-goals: peering, transit gateways, network ACLs, more than one CIDR.
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

    def __init__(self, name: str, args: VpcNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the VPC and all in it.

        Raises:
            ValueError: `args.settings` says no range.
        """
        settings = args.settings
        if settings.cidr is None:
            raise ValueError("a VPC needs network.cidr; an existing network is ExistingVpcNetwork's")
        shown = {"cidr": str(settings.cidr), "egress": settings.egress.value}  # no zones: one more only creates
        super().__init__("infraplatform:aws:VpcNetwork", name, shown, opts)
        vpc = self._vpc(f"{name}-vpc", args)
        place = Place(name=name, vpc=vpc, provider=args.provider, tags=args.tags, parent=self)
        _lock_default_security_group(place)
        if settings.flow_logs:
            flow_logs(place, settings.flow_log_retention_days)
        public = settings.egress is not Egress.NONE
        made = subnets(place, settings.cidr, public=public, dual_stack=settings.dual_stack)
        egress = internet_egress(place, made, settings.egress, dual_stack=settings.dual_stack)
        endpoints = private_endpoints(place, made, settings)

        self.network_id = vpc.id
        self.cidrs = (settings.cidr,)
        self.zones = args.provider.zones
        self.node_subnet_ids = _ids(made.nodes)
        self.control_plane_subnet_ids = _ids(made.control_plane)
        self.load_balancer_subnet_ids = _ids(made.load_balancers)
        self.pod_range = None
        self.service_range = None
        self.security_group_ids = {}
        self.ready = (*made.associations, *egress, *endpoints)
        self.register_outputs({"network_id": self.network_id, "node_subnet_ids": self.node_subnet_ids})

    def _vpc(self, name: str, args: VpcNetworkArgs) -> aws.ec2.Vpc:
        """The VPC; names resolve in it, which private endpoints and EKS need."""
        return aws.ec2.Vpc(
            name,
            cidr_block=str(args.settings.cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            assign_generated_ipv6_cidr_block=args.settings.dual_stack,
            tags=named(args.tags, name),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protection.protect),
        )


def _lock_default_security_group(place: Place) -> None:
    """Take every rule from the default security group, so that what names no group reaches nothing."""
    name = f"{place.name}-default-security-group"
    aws.ec2.DefaultSecurityGroup(
        name, vpc_id=place.vpc.id, ingress=[], egress=[], tags=place.tags_of(name), opts=place.child()
    )


def _ids(subnets_by_zone: Mapping[str, aws.ec2.Subnet]) -> dict[str, pulumi.Output[str]]:
    return {zone: subnet.id for zone, subnet in subnets_by_zone.items()}
