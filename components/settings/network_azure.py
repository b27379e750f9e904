"""`infraplatform:network` on Azure: a virtual network with one subnet for each use, which all zones share."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Network
from itertools import combinations
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, by_environment, rule, wrong
from components.settings.network import PRIVATE_RANGES
from components.settings.values import EachOnce, PartOverrides, Range, matching

MIN_CIDR_PREFIX: Final = 16
MAX_CIDR_PREFIX: Final = 24
"""An eighth of the range is for the API server, which needs a /28 at least.

Source: AKS documentation, "API Server VNet Integration" (2023-05-19), read 2026-11-29.
"""
_ONLY_WHEN_CREATED: Final = ("internet_ports", "flow_logs", "flow_log_retention_days", "network_watcher_id")

_NETWORK: Final = (
    r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[A-Za-z0-9_.()-]{1,90}"
    r"/providers/Microsoft\.Network/virtualNetworks/[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
)
_EXAMPLE_GROUP: Final = (
    "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/resourceGroups/network/providers/Microsoft.Network"
)
_EXAMPLE: Final = f"{_EXAMPLE_GROUP}/virtualNetworks/shared"
VirtualNetworkId = Annotated[
    str,
    matching(
        rf"^{_NETWORK}$",
        "a virtual network's whole id, /subscriptions/.../virtualNetworks/<name>",
        examples=[_EXAMPLE],
    ),
]
AzureSubnetId = Annotated[
    str,
    matching(
        rf"^{_NETWORK}/subnets/[A-Za-z0-9][A-Za-z0-9_.-]{{0,79}}$",
        "a subnet's whole id, /subscriptions/.../virtualNetworks/<name>/subnets/<name>",
        examples=[f"{_EXAMPLE}/subnets/nodes"],
    ),
]
NetworkWatcherId = Annotated[
    str,
    matching(
        r"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[A-Za-z0-9_.()-]{1,90}"
        r"/providers/Microsoft\.Network/networkWatchers/[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$",
        "a network watcher's whole id, /subscriptions/.../networkWatchers/<name>",
        examples=[f"{_EXAMPLE_GROUP}/networkWatchers/westeurope"],
    ),
]


class AzureEgress(StrEnum):
    """How nodes reach the internet; a cluster keeps its way, so another one replaces it."""

    NAT_GATEWAY = "nat-gateway"
    LOAD_BALANCER = "load-balancer"
    USER_DEFINED_ROUTING = "user-defined-routing"


class AzureExistingNetwork(Settings):
    """A network that stands already; its ids are taken as they are, nothing in it is changed."""

    network_id: VirtualNetworkId
    """The virtual network by its whole id, in the provider's region."""
    cidrs: Annotated[tuple[Range, ...], Field(min_length=1, examples=[["10.60.0.0/16"]])]
    """All IPv4 ranges of the virtual network."""
    node_subnet_id: AzureSubnetId
    """The nodes' subnet by its whole id."""
    node_cidr: Annotated[Range, Field(examples=["10.60.0.0/20"])]
    """That subnet's range; its size bounds the number of nodes."""
    control_plane_subnet_id: AzureSubnetId | None = None
    """A subnet delegated to Microsoft.ContainerService/managedClusters; for API server VNet integration."""
    private_endpoint_subnet_id: AzureSubnetId | None = None
    """A subnet for private endpoints; for what is reached by them."""

    @property
    def subnet_ids(self) -> dict[str, str]:
        """The subnets that the settings name, by their key."""
        named = {
            "node_subnet_id": self.node_subnet_id,
            "control_plane_subnet_id": self.control_plane_subnet_id,
            "private_endpoint_subnet_id": self.private_endpoint_subnet_id,
        }
        return {key: subnet_id for key, subnet_id in named.items() if subnet_id is not None}

    @rule
    def subnets_are_the_networks(self) -> Iterator[Fault]:
        """Each subnet lies in the network."""
        for key, subnet_id in self.subnet_ids.items():
            if not subnet_id.lower().startswith(f"{self.network_id.lower()}/"):
                yield Fault((key,), "is another network's subnet", f"write a subnet of {self.network_id}")

    @rule
    def each_use_has_its_subnet(self) -> Iterator[Fault]:
        """A delegated subnet serves the API server alone, and network policies differ between the others."""
        for (one, one_id), (other, other_id) in combinations(self.subnet_ids.items(), 2):
            if one_id.lower() == other_id.lower():
                yield Fault((other,), f"is {one} too", "write a subnet of its own")

    @rule
    def ranges_are_the_networks(self) -> Iterator[Fault]:
        """Nodes have addresses in the network, whose ranges do not overlap."""
        if not any(self.node_cidr.subnet_of(cidr) for cidr in self.cidrs):
            yield Fault(("node_cidr",), f"{self.node_cidr} is in no range of cidrs", "write the node subnet's range")
        for one, other in combinations(self.cidrs, 2):
            if one.overlaps(other):
                yield Fault(("cidrs",), f"{one} and {other} overlap", "write each of the network's ranges once")


class AzureNetworkSettings(Settings):
    """The network: created from `cidr`, or an `existing` one."""

    kind: Literal["azure"] = "azure"
    """Azure's network; follows from the provider where left out."""
    cidr: Annotated[Range | None, Field(examples=["10.20.0.0/16"])] = None
    """Private IPv4 range, /16 to /24; nodes have its first half, private endpoints and API server an eighth each."""
    existing: AzureExistingNetwork | None = None
    """An existing network by its ids; excludes every other key of this part but `egress` and `overrides`."""
    egress: AzureEgress = by_environment(
        dev=AzureEgress.NAT_GATEWAY, staging=AzureEgress.NAT_GATEWAY, prod=AzureEgress.LOAD_BALANCER
    )
    """How nodes reach the internet: by a NAT gateway in one zone, AKS's load balancer in all, or existing routes."""
    internet_ports: Annotated[
        tuple[Annotated[int, Field(ge=1, le=65535)], ...], EachOnce, Field(max_length=100, examples=[[80, 443]])
    ] = ()
    """TCP ports at which the internet reaches services of type LoadBalancer; left out: none are reached."""
    flow_logs: bool = True
    """Whether all traffic's metadata is logged."""
    flow_log_retention_days: Annotated[int, Field(ge=1, le=365)] = by_environment(
        dev=7, staging=30, prod=365, ge=1, le=365
    )
    """Days that flow logs are kept."""
    network_watcher_id: NetworkWatcherId | None = None
    """The region's network watcher; left out: the one that Azure makes by itself with the first network of a region."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @field_validator("cidr")
    @classmethod
    def _cidr_has_room(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        if cidr is None:
            return None
        if not any(cidr.subnet_of(private) for private in PRIVATE_RANGES):
            raise wrong(f"{cidr} is not a private range", "write a range inside 10.0.0.0/8, as 10.20.0.0/16")
        if not MIN_CIDR_PREFIX <= cidr.prefixlen <= MAX_CIDR_PREFIX:
            size = "too small" if cidr.prefixlen > MAX_CIDR_PREFIX else "too large"
            raise wrong(f"{cidr} is {size}", f"write a /{MIN_CIDR_PREFIX} to /{MAX_CIDR_PREFIX}, as 10.20.0.0/16")
        return cidr

    @rule
    def is_created_or_existing(self) -> Iterator[Fault]:
        """A network is either created from a range or existing."""
        if self.cidr is None and self.existing is None:
            remedy = "write cidr for a new network, or existing for one by its ids"
            yield Fault((), "has neither cidr nor existing", remedy)
        if self.cidr is not None and self.existing is not None:
            yield Fault((), "has both cidr and existing", "remove cidr, or existing")

    @rule
    def an_existing_network_stays_as_it_is(self) -> Iterator[Fault]:
        """What only a created network can have is not said of an existing one."""
        if self.existing is not None:
            for name in sorted(self.model_fields_set & set(_ONLY_WHEN_CREATED)):
                yield Fault((name,), "cannot hold: an existing network is not changed", "remove it")

    @rule
    def an_existing_network_says_its_egress(self) -> Iterator[Fault]:
        """AKS must know how an existing subnet leads out, and own routes are an existing network's alone."""
        choices = ", ".join(AzureEgress)
        if self.existing is not None and "egress" not in self.model_fields_set:
            yield Fault(("egress",), "is missing with existing", f"write how its node subnet leads out: {choices}")
        if self.existing is None and self.egress is AzureEgress.USER_DEFINED_ROUTING:
            remedy = f"write {AzureEgress.NAT_GATEWAY} or {AzureEgress.LOAD_BALANCER}, or existing"
            yield Fault(("egress",), "is an existing network's only: a created one has no routes of its own", remedy)
