"""Private endpoints: a service's address inside the network, and the zone that its name is looked up in there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network, privatedns

from components.contract import Network
from components.settings import AzureProviderSettings


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointArgs:
    """What an endpoint is made from.

    `service_id` is the whole id of what answers, `group` the part of it that does, such as `registry`; `zone` is the
    name that Azure gave to the zone of such endpoints, `zone_id` a zone of that name that the network has already.
    """

    service_id: pulumi.Output[str]
    group: str
    zone: str
    zone_id: str | None
    network: Network
    subnet_id: pulumi.Output[str]
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    tags: Mapping[str, str]
    parent: pulumi.Resource


def private_endpoint(name: str, args: PrivateEndpointArgs) -> Sequence[pulumi.Resource]:
    """Make the endpoint, and its zone where the network has none; returns what clients in the network wait for."""
    child = pulumi.ResourceOptions(parent=args.parent)
    endpoint = network.PrivateEndpoint(
        name,
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        subnet=network.SubnetArgs(id=args.subnet_id),
        private_link_service_connections=[
            network.PrivateLinkServiceConnectionArgs(
                name=args.group, private_link_service_id=args.service_id, group_ids=[args.group]
            )
        ],
        tags=dict(args.tags),
        opts=child,
    )
    zone_id, link = (args.zone_id, None) if args.zone_id is not None else _linked_zone(name, args)
    records = network.PrivateDnsZoneGroup(
        name,
        resource_group_name=args.resource_group_name,
        private_endpoint_name=endpoint.name,
        private_dns_zone_group_name="default",
        private_dns_zone_configs=[network.PrivateDnsZoneConfigArgs(name=args.group, private_dns_zone_id=zone_id)],
        opts=pulumi.ResourceOptions(parent=args.parent, deleted_with=endpoint),
    )
    return (endpoint, records) if link is None else (endpoint, records, link)


def _linked_zone(name: str, args: PrivateEndpointArgs) -> tuple[pulumi.Output[str], pulumi.Resource]:
    """A zone that the network looks names up in, by its id, and the link that makes it so."""
    zone = privatedns.PrivateZone(
        name,
        resource_group_name=args.resource_group_name,
        private_zone_name=args.zone,
        location="Global",
        tags=dict(args.tags),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )
    link = privatedns.VirtualNetworkLink(
        name,
        resource_group_name=args.resource_group_name,
        private_zone_name=zone.name,
        virtual_network_link_name="network",
        location="Global",
        registration_enabled=False,
        virtual_network=privatedns.SubResourceArgs(id=args.network.network_id),
        tags=dict(args.tags),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )
    return zone.id, link
