"""Subnets in their fixed slots, and a route table for each private zone and for all that is public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Final, Literal

import pulumi_aws as aws

from components.aws.network_place import Place
from components.cidr import ipv6_slot, zone_ranges

Role = Literal["nodes", "control_plane", "load_balancers"]

_NAMES: Final[Mapping[Role, str]] = {
    "nodes": "node",
    "control_plane": "control-plane",
    "load_balancers": "load-balancer",
}
_DISCOVERY_TAGS: Final[Mapping[Role, Mapping[str, str]]] = {
    "nodes": {"kubernetes.io/role/internal-elb": "1"},
    "control_plane": {},
    "load_balancers": {"kubernetes.io/role/elb": "1"},
}
"""What load balancer controllers find subnets by.

Source: EKS user guide of 2024-12, "View Amazon EKS networking requirements for VPC and subnets", read 2026-11-23.
"""


@dataclass(frozen=True, kw_only=True)
class Subnets:
    """The subnets of a VPC by zone, with their route tables. `public` is None where nothing is public."""

    nodes: Mapping[str, aws.ec2.Subnet]
    control_plane: Mapping[str, aws.ec2.Subnet]
    private_tables: Mapping[str, aws.ec2.RouteTable]
    load_balancers: Mapping[str, aws.ec2.Subnet]
    public_table: aws.ec2.RouteTable | None
    associations: tuple[aws.ec2.RouteTableAssociation, ...]


def subnets(place: Place, cidr: IPv4Network, *, public: bool, dual_stack: bool) -> Subnets:
    """The subnets of every zone; those for load balancers only where the network is `public`.

    Each private zone has a route table of its own, even where all share one NAT gateway, so that more gateways later
    change routes and nothing else. Nodes and control plane of a zone share it.
    """
    private_tables = {zone: _route_table(place, f"{place.name}-private-{zone}") for zone in place.zones}
    public_table = _route_table(place, f"{place.name}-public") if public else None
    roles: tuple[Role, ...] = ("nodes", "control_plane", "load_balancers") if public else ("nodes", "control_plane")
    made: dict[Role, dict[str, aws.ec2.Subnet]] = {"load_balancers": {}}
    associations: list[aws.ec2.RouteTableAssociation] = []
    for role in roles:
        made[role] = {zone: _subnet(place, cidr, zone, role, dual_stack=dual_stack) for zone in place.zones}
        for zone, subnet in made[role].items():
            table = public_table if role == "load_balancers" and public_table else private_tables[zone]
            name = f"{place.name}-{_NAMES[role]}-{zone}"
            associations.append(
                aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=place.child())
            )
    return Subnets(
        nodes=made["nodes"],
        control_plane=made["control_plane"],
        load_balancers=made["load_balancers"],
        private_tables=private_tables,
        public_table=public_table,
        associations=tuple(associations),
    )


def _route_table(place: Place, name: str) -> aws.ec2.RouteTable:
    return aws.ec2.RouteTable(name, vpc_id=place.vpc.id, tags=place.tags_of(name), opts=place.child())


def _subnet(place: Place, cidr: IPv4Network, zone: str, role: Role, *, dual_stack: bool) -> aws.ec2.Subnet:
    """One subnet. No machine gets a public address by being started in it, not even in a public one."""
    name = f"{place.name}-{_NAMES[role]}-{zone}"
    ranges = zone_ranges(cidr, zone)
    range_by_role: dict[Role, IPv4Network] = {
        "nodes": ranges.nodes,
        "control_plane": ranges.control_plane,
        "load_balancers": ranges.load_balancers,
    }

    def in_slot(vpc_range: str) -> str:
        return ipv6_range(vpc_range, zone, role)

    return aws.ec2.Subnet(
        name,
        vpc_id=place.vpc.id,
        availability_zone=place.provider.zone_name(zone),
        cidr_block=str(range_by_role[role]),
        map_public_ip_on_launch=False,
        ipv6_cidr_block=place.vpc.ipv6_cidr_block.apply(in_slot) if dual_stack else None,
        assign_ipv6_address_on_creation=dual_stack,
        enable_resource_name_dns_aaaa_record_on_launch=dual_stack,
        tags=place.tags_of(name, _DISCOVERY_TAGS[role]),
        opts=place.child(),
    )


def ipv6_range(vpc_range: str, zone: str, role: Role) -> str:
    """The subnet's /64 in the /56 that AWS gave the VPC."""
    if not vpc_range:
        return ""  # a preview of turning dual stack on, against a VPC that has no range yet
    return str(list(IPv6Network(vpc_range).subnets(new_prefix=64))[ipv6_slot(zone, role)])
