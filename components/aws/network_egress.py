"""The way to the internet: gateways, and the routes that lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws.network_place import Place
from components.aws.network_subnets import Subnets
from components.settings import Egress

ANY_IPV4: Final = "0.0.0.0/0"
ANY_IPV6: Final = "::/0"


def internet_egress(place: Place, subnets: Subnets, egress: Egress, *, dual_stack: bool) -> list[pulumi.Resource]:
    """Gateways and routes for `egress`; returns what must stand before a node reaches the internet.

    IPv4 leaves by NAT. IPv6 has no translation: private subnets send it to an egress-only gateway, which lets nothing
    in, whatever the NAT mode.
    """
    if egress is Egress.NONE or subnets.public_table is None:
        return []
    name = f"{place.name}-internet-gateway"
    internet = aws.ec2.InternetGateway(name, vpc_id=place.vpc.id, tags=place.tags_of(name), opts=place.child())
    ready: list[pulumi.Resource] = [
        *_public_routes(place, subnets.public_table, internet, dual_stack=dual_stack),
        *_private_routes(place, subnets, _nat_gateways(place, subnets, egress, internet)),
    ]
    if dual_stack:
        ready += _private_ipv6_routes(place, subnets)
    return ready


def _public_routes(
    place: Place, table: aws.ec2.RouteTable, internet: aws.ec2.InternetGateway, *, dual_stack: bool
) -> list[aws.ec2.Route]:
    name = f"{place.name}-public-internet"
    routes = [
        aws.ec2.Route(
            name,
            route_table_id=table.id,
            destination_cidr_block=ANY_IPV4,
            gateway_id=internet.id,
            opts=place.child(),
        )
    ]
    if dual_stack:
        routes.append(
            aws.ec2.Route(
                f"{name}-ipv6",
                route_table_id=table.id,
                destination_ipv6_cidr_block=ANY_IPV6,
                gateway_id=internet.id,
                opts=place.child(),
            )
        )
    return routes


def _private_routes(place: Place, subnets: Subnets, gateways: Mapping[str, aws.ec2.NatGateway]) -> list[aws.ec2.Route]:
    return [
        aws.ec2.Route(
            f"{place.name}-private-{zone}-internet",
            route_table_id=table.id,
            destination_cidr_block=ANY_IPV4,
            nat_gateway_id=gateways[zone].id,
            opts=place.child(),
        )
        for zone, table in subnets.private_tables.items()
    ]


def _private_ipv6_routes(place: Place, subnets: Subnets) -> list[aws.ec2.Route]:
    name = f"{place.name}-egress-only-gateway"
    gateway = aws.ec2.EgressOnlyInternetGateway(name, vpc_id=place.vpc.id, tags=place.tags_of(name), opts=place.child())
    return [
        aws.ec2.Route(
            f"{place.name}-private-{zone}-internet-ipv6",
            route_table_id=table.id,
            destination_ipv6_cidr_block=ANY_IPV6,
            egress_only_gateway_id=gateway.id,
            opts=place.child(),
        )
        for zone, table in subnets.private_tables.items()
    ]


def _nat_gateways(
    place: Place, subnets: Subnets, egress: Egress, internet: aws.ec2.InternetGateway
) -> dict[str, aws.ec2.NatGateway]:
    """The NAT gateway that each zone's traffic leaves by.

    A single one stands in the first zone, so that a zone added at the end does not move it, and it is the same
    resource as that zone's own gateway in the per-zone mode.
    """
    if egress is Egress.REGIONAL_NAT:
        return dict.fromkeys(place.zones, _regional_nat_gateway(place, internet))
    if egress is Egress.SINGLE_NAT:
        first = place.zones[0]
        return dict.fromkeys(place.zones, _zonal_nat_gateway(place, subnets, first, internet))
    return {zone: _zonal_nat_gateway(place, subnets, zone, internet) for zone in place.zones}


def _zonal_nat_gateway(
    place: Place, subnets: Subnets, zone: str, internet: aws.ec2.InternetGateway
) -> aws.ec2.NatGateway:
    name = f"{place.name}-nat-{zone}"
    address = aws.ec2.Eip(name, domain="vpc", tags=place.tags_of(name), opts=place.child(internet))
    return aws.ec2.NatGateway(
        name,
        allocation_id=address.allocation_id,
        subnet_id=subnets.load_balancers[zone].id,
        tags=place.tags_of(name),
        opts=place.child(internet),
    )


def _regional_nat_gateway(place: Place, internet: aws.ec2.InternetGateway) -> aws.ec2.NatGateway:
    """One gateway that follows the nodes into their zones, with addresses that AWS gives it.

    It needs the VPC, and takes no subnet and no address. Source: pulumi-aws 7.51.1, ec2.NatGateway.
    It reaches a zone some time after that zone's first node; until then the zone's traffic crosses zones. Known, not
    read with AWS: public pages name 15 minutes to an hour.
    """
    name = f"{place.name}-nat"
    return aws.ec2.NatGateway(
        name,
        vpc_id=place.vpc.id,
        availability_mode="regional",
        tags=place.tags_of(name),
        opts=place.child(internet),
    )
