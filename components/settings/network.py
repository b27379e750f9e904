"""`infraplatform:network`: address ranges, egress, endpoints, flow logs; or an existing network by its ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from ipaddress import IPv4Network
from itertools import combinations
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, by_environment, rule, wrong
from components.settings.values import EachOnce, LogRetentionDays, PartOverrides, Range, Zone, matching

MIN_CIDR_PREFIX: Final = 16
MAX_CIDR_PREFIX: Final = 20
MAX_VPC_PREFIX: Final = 28
PRIVATE_RANGES: Final = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""RFC 1918 and RFC 6598 ranges."""
_ONLY_WHEN_CREATED: Final = ("egress", "dual_stack", "interface_endpoints", "flow_logs", "flow_log_retention_days")

SubnetId = Annotated[
    str, matching(r"^subnet-([0-9a-f]{8}|[0-9a-f]{17})$", "a subnet's id, as subnet-0a1b2c3d4e5f60718")
]
VpcId = Annotated[
    str,
    matching(
        r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$",
        "a VPC's id, as vpc-0a1b2c3d4e5f60718",
        examples=["vpc-0a1b2c3d4e5f60718"],
    ),
]
EndpointService = Annotated[
    str, matching(r"^[a-z0-9][a-z0-9_.-]*$", "a service's name as AWS ends its endpoint's with, as ecr.api")
]


class Egress(StrEnum):
    """How nodes reach the internet."""

    NONE = "none"
    SINGLE_NAT = "single-nat"
    NAT_PER_ZONE = "nat-per-zone"
    REGIONAL_NAT = "regional-nat"


class AwsExistingNetwork(Settings):
    """A network that stands already; its ids are taken as they are, nothing in it is changed."""

    network_id: VpcId
    """Id of the VPC."""
    cidrs: Annotated[tuple[Range, ...], Field(min_length=1, examples=[["10.20.0.0/16"]])]
    """All IPv4 ranges of the VPC."""
    node_subnet_ids: Annotated[dict[Zone, SubnetId], Field(min_length=1, examples=[{"a": "subnet-0a1b2c3d4e5f60718"}])]
    """Private subnet for nodes, by zone."""
    control_plane_subnet_ids: Annotated[dict[Zone, SubnetId], Field(examples=[{"a": "subnet-0a1b2c3d4e5f60719"}])] = {}
    """Private subnet for the control plane's interfaces, by zone; the node subnets where left out."""
    load_balancer_subnet_ids: Annotated[dict[Zone, SubnetId], Field(examples=[{"a": "subnet-0a1b2c3d4e5f60720"}])] = {}
    """Public subnet for load balancers, by zone."""

    @rule
    def a_subnet_is_in_one_zone(self) -> Iterator[Fault]:
        """A subnet lies in one zone; nodes and the control plane may share it."""
        zones: dict[str, str] = {}
        private = {"node_subnet_ids": self.node_subnet_ids, "control_plane_subnet_ids": self.control_plane_subnet_ids}
        for kind, subnet_ids in private.items():
            for zone, subnet_id in subnet_ids.items():
                if zones.setdefault(subnet_id, zone) != zone:
                    problem = f"{subnet_id} is zone {zones[subnet_id]}'s already"
                    yield Fault((kind, zone), problem, f"write a subnet of zone {zone}")

    @rule
    def load_balancers_have_subnets_of_their_own(self) -> Iterator[Fault]:
        """Load balancers stand in public subnets, nodes and the control plane in private ones."""
        private = {*self.node_subnet_ids.values(), *self.control_plane_subnet_ids.values()}
        for zone, subnet_id in self.load_balancer_subnet_ids.items():
            if subnet_id in private:
                problem = f"{subnet_id} is a private subnet above, and this one is public"
                yield Fault(("load_balancer_subnet_ids", zone), problem, "write a public subnet, or remove the key")

    @rule
    def ranges_are_a_vpcs(self) -> Iterator[Fault]:
        """A VPC's ranges are /16 to /28 and do not overlap. Source: VPC user guide, VPC CIDR blocks, read 2026-11."""
        for cidr in self.cidrs:
            if not MIN_CIDR_PREFIX <= cidr.prefixlen <= MAX_VPC_PREFIX:
                yield Fault(("cidrs",), f"{cidr} cannot be a VPC's range", "write the VPC's ranges, each /16 to /28")
        for one, other in combinations(self.cidrs, 2):
            if one.overlaps(other):
                yield Fault(("cidrs",), f"{one} and {other} overlap", "write each of the VPC's ranges once")


class AwsNetworkSettings(Settings):
    """The network: created from `cidr`, or an `existing` one."""

    kind: Literal["aws"] = "aws"
    """AWS's network, a VPC; follows from the provider where left out."""
    cidr: Annotated[Range | None, Field(examples=["10.20.0.0/16"])] = None
    """Private IPv4 range, /16 to /20; each zone letter has a fixed eighth of it."""
    existing: AwsExistingNetwork | None = None
    """An existing network by its ids; excludes every other key of this part but `overrides`."""
    egress: Egress = by_environment(dev=Egress.SINGLE_NAT, staging=Egress.SINGLE_NAT, prod=Egress.NAT_PER_ZONE)
    """How nodes reach the internet: none, one NAT gateway, one per zone, or a regional NAT gateway."""
    dual_stack: bool = False
    """Whether subnets have IPv6 ranges too."""
    interface_endpoints: Annotated[
        tuple[EndpointService, ...] | None, EachOnce, Field(examples=[["ecr.api", "ecr.dkr", "sts"]])
    ] = None
    """Services reached by private endpoints; left out: all that a cluster needs where egress is none, else none."""
    flow_logs: bool = True
    """Whether all traffic's metadata is logged."""
    flow_log_retention_days: LogRetentionDays = by_environment(dev=7, staging=30, prod=365)
    """Days that flow logs are kept."""
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
            size = "too small" if cidr.prefixlen > MAX_CIDR_PREFIX else "larger than a VPC may be"
            raise wrong(f"{cidr} is {size}", f"write a /{MIN_CIDR_PREFIX} to /{MAX_CIDR_PREFIX}, as 10.20.0.0/16")
        return cidr

    @rule
    def is_created_or_existing(self) -> Iterator[Fault]:
        """A network is either created from a range or existing."""
        if self.cidr is None and self.existing is None:
            yield Fault(
                (), "has neither cidr nor existing", "write cidr for a new network, or existing for one by its ids"
            )
        if self.cidr is not None and self.existing is not None:
            yield Fault((), "has both cidr and existing", "remove cidr, or existing")

    @rule
    def an_existing_network_stays_as_it_is(self) -> Iterator[Fault]:
        """What only a created network can have is not said of an existing one."""
        if self.existing is not None:
            for name in sorted(self.model_fields_set & set(_ONLY_WHEN_CREATED)):
                yield Fault((name,), "cannot hold: an existing network is not changed", "remove it")


def subnet_maps(existing: AwsExistingNetwork) -> Mapping[str, Mapping[str, str]]:
    """An existing network's subnets by zone, by the key that lists them."""
    return {
        "node_subnet_ids": existing.node_subnet_ids,
        "control_plane_subnet_ids": existing.control_plane_subnet_ids,
        "load_balancer_subnet_ids": existing.load_balancer_subnet_ids,
    }
