"""The subnets of a virtual network, one for each use, and what may come into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from pulumi_azure_native import network

from components.azure.network_place import Place
from components.cidr import subnet_ranges

_DELEGATED_TO: Final = "Microsoft.ContainerService/managedClusters"
"""Whom the API server's subnet is given to.

Source: AKS documentation, "API Server VNet Integration" (2023-05-19), read 2026-11-29.
"""
_INTERNET_PRIORITY: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Subnets:
    """The subnets, and their security groups by role."""

    nodes: network.Subnet
    control_plane: network.Subnet
    private_endpoints: network.Subnet
    security_groups: dict[str, network.NetworkSecurityGroup]


def subnets(
    place: Place,
    cidr: IPv4Network,
    *,
    nat_gateway: network.NatGateway | None,
    internet_ports: Sequence[int],
) -> Subnets:
    """Make the subnets in their slots of `cidr`.

    Each has a security group of its own. Beside their rules, Azure's own let in what comes from the network and from
    Azure's load balancers' probes, and nothing else; pods and API server need no more (same source as above). No
    machine gets a way out by default.
    """
    ranges = subnet_ranges(cidr)
    groups = {
        "nodes": _security_group(place, "nodes", _from_internet(internet_ports)),
        "control_plane": _security_group(place, "control-plane", []),
        "private_endpoints": _security_group(place, "private-endpoints", []),
    }
    return Subnets(
        nodes=_subnet(place, "nodes", ranges.nodes, groups["nodes"], nat_gateway=nat_gateway),
        control_plane=_subnet(
            place, "control-plane", ranges.control_plane, groups["control_plane"], delegated_to=_DELEGATED_TO
        ),
        private_endpoints=_subnet(place, "private-endpoints", ranges.private_endpoints, groups["private_endpoints"]),
        security_groups=groups,
    )


def _subnet(
    place: Place,
    use: str,
    cidr: IPv4Network,
    group: network.NetworkSecurityGroup,
    *,
    nat_gateway: network.NatGateway | None = None,
    delegated_to: str | None = None,
) -> network.Subnet:
    return network.Subnet(
        f"{place.name}-{use}",
        resource_group_name=place.resource_group_name,
        virtual_network_name=place.virtual_network.name,
        subnet_name=use,
        address_prefix=str(cidr),
        network_security_group=network.NetworkSecurityGroupArgs(id=group.id),
        nat_gateway=network.SubResourceArgs(id=nat_gateway.id) if nat_gateway is not None else None,
        delegations=[network.DelegationArgs(name=use, service_name=delegated_to)] if delegated_to else None,
        default_outbound_access=False,
        private_endpoint_network_policies="Enabled",  # security groups hold for private endpoints too
        opts=place.lasting_child(),
    )


def _security_group(place: Place, use: str, rules: list[network.SecurityRuleArgs]) -> network.NetworkSecurityGroup:
    return network.NetworkSecurityGroup(
        f"{place.name}-{use}",
        resource_group_name=place.resource_group_name,
        location=place.provider.region,
        security_rules=rules,
        tags=dict(place.tags),
        opts=place.child(),
    )


def _from_internet(ports: Sequence[int]) -> list[network.SecurityRuleArgs]:
    """The rule that lets the internet in at the ports of public services; none where there are no ports.

    AKS opens each service's ports in a security group of its own only, and changes nobody else's.
    Source: AKS documentation, "Network concepts", network security groups, known, not read.
    """
    if not ports:
        return []
    return [
        network.SecurityRuleArgs(
            name="services-from-internet",
            priority=_INTERNET_PRIORITY,
            direction="Inbound",
            access="Allow",
            protocol="Tcp",
            source_address_prefix="Internet",
            source_port_range="*",
            destination_address_prefix="*",
            destination_port_ranges=[str(port) for port in sorted(ports)],
        )
    ]
