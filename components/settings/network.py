"""`infraplatform:network`: address ranges, egress, endpoints, flow logs; or an existing network by its ids."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Final, Self

from pydantic import Field, field_validator, model_validator

from components.settings.base import OVERRIDES_DESCRIPTION, Overrides, Settings, by_environment, wrong

MAX_CIDR_PREFIX: Final = 20
MIN_CIDR_PREFIX: Final = 16
PRIVATE_RANGES: Final = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""RFC 1918 and RFC 6598 ranges."""

LogRetentionDays = Annotated[int, Field(examples=[30])]
RETENTION_DAYS: Final = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)  # fmt: skip
"""What CloudWatch Logs keeps. Source: CloudWatch Logs API, PutRetentionPolicy, read 2026-11."""


def check_retention(days: int) -> int:
    """Return `days` if the log store can keep logs so long, else raise with the nearest longer choice."""
    if days not in RETENTION_DAYS:
        longer = next((choice for choice in RETENTION_DAYS if choice > days), RETENTION_DAYS[-1])
        raise wrong(f"logs cannot be kept for {days} days", f"write {longer}, or another of {RETENTION_DAYS}")
    return days


class Egress(StrEnum):
    """How nodes reach the internet."""

    NONE = "none"
    SINGLE_NAT = "single-nat"
    NAT_PER_ZONE = "nat-per-zone"
    REGIONAL_NAT = "regional-nat"


class ExistingNetwork(Settings):
    """A network that stands already; its ids are taken as they are, nothing in it is changed."""

    network_id: Annotated[str, Field(examples=["vpc-0a1b2c3d4e5f60718"])]
    """Id of the VPC."""
    cidrs: Annotated[tuple[IPv4Network, ...], Field(min_length=1, examples=[["10.20.0.0/16"]])]
    """All IPv4 ranges of the network."""
    node_subnet_ids: Annotated[dict[str, str], Field(min_length=1, examples=[{"a": "subnet-0a1b2c3d4e5f60718"}])]
    """Private subnet for nodes, by zone."""
    control_plane_subnet_ids: dict[str, str] = {}
    """Private subnet for the control plane's interfaces, by zone; the node subnets where left out."""
    load_balancer_subnet_ids: dict[str, str] = {}
    """Public subnet for load balancers, by zone."""


class NetworkSettings(Settings):
    """The network: created from `cidr`, or an `existing` one."""

    cidr: Annotated[IPv4Network | None, Field(examples=["10.20.0.0/16"])] = None
    """Private IPv4 range, /16 to /20; each zone letter has a fixed eighth of it."""
    existing: ExistingNetwork | None = None
    """An existing network by its ids; excludes every other key of this part but `overrides`."""
    egress: Egress = by_environment(dev=Egress.SINGLE_NAT, staging=Egress.SINGLE_NAT, prod=Egress.NAT_PER_ZONE)
    """How nodes reach the internet: none, one NAT gateway, one per zone, or a regional NAT gateway."""
    dual_stack: bool = False
    """Whether subnets have IPv6 ranges too."""
    interface_endpoints: tuple[str, ...] | None = None
    """Services reached by private endpoints; left out: all that a cluster needs where egress is none, else none."""
    flow_logs: bool = True
    """Whether all traffic's metadata is logged."""
    flow_log_retention_days: LogRetentionDays = by_environment(dev=7, staging=30, prod=365)
    """Days that flow logs are kept."""
    overrides: Annotated[Overrides, Field(description=OVERRIDES_DESCRIPTION)] = {}

    _retention = field_validator("flow_log_retention_days")(check_retention)

    @field_validator("cidr", mode="before")
    @classmethod
    def _cidr_is_a_network(cls, cidr: object) -> object:
        if isinstance(cidr, str) and "/" in cidr:
            address, _, prefix = cidr.partition("/")
            try:
                whole = IPv4Network((IPv4Address(address), int(prefix)), strict=False)
            except ValueError:
                return cidr
            if str(whole) != cidr:
                raise wrong(f"{cidr} is an address inside a range, not a range", f"write {whole}")
        return cidr

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

    @model_validator(mode="after")
    def _created_or_existing(self) -> Self:
        if (self.cidr is None) == (self.existing is None):
            raise wrong("a network is either created or existing", "write exactly one of cidr and existing")
        if self.existing and (extra := self.model_fields_set & {"dual_stack", "interface_endpoints"}):
            raise wrong(f"an existing network is not changed, so {sorted(extra)} cannot hold", "remove these keys")
        return self
