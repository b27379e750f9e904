"""The way to the internet: a NAT gateway, and its address."""

from __future__ import annotations

from typing import Final

from pulumi_azure_native import network

from components.azure.network_place import Place
from components.settings.provider_azure import ZONES

_IDLE_MINUTES: Final = 4


def nat_gateway(name: str, place: Place) -> network.NatGateway:
    """Make a NAT gateway with one address, which 64,512 connections to one destination may share.

    It is of the Standard sku: in one zone, of Azure's choosing, and with that zone nodes of all zones lose their way
    out; its address is in all zones. The sku of all zones, StandardV2, is newer than the API version that the SDK
    speaks (2024-05-01). Source: Azure documentation, "Azure NAT Gateway SKUs" (2026-07-27), read 2026-11-29.
    """
    address = network.PublicIPAddress(
        f"{name}-address",
        resource_group_name=place.resource_group_name,
        location=place.provider.region,
        sku=network.PublicIPAddressSkuArgs(name="Standard", tier="Regional"),
        public_ip_allocation_method="Static",
        public_ip_address_version="IPv4",
        zones=list(ZONES),
        tags=dict(place.tags),
        opts=place.child(),
    )
    return network.NatGateway(
        name,
        resource_group_name=place.resource_group_name,
        location=place.provider.region,
        sku=network.NatGatewaySkuArgs(name="Standard"),
        idle_timeout_in_minutes=_IDLE_MINUTES,
        public_ip_addresses=[network.SubResourceArgs(id=address.id)],
        tags=dict(place.tags),
        opts=place.child(),
    )
