"""`infraplatform:network` on Google Cloud: one subnet for the region, with ranges of its own for pods and services."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, rule, wrong
from components.settings.network import PRIVATE_RANGES
from components.settings.values import PartOverrides, Range, matching

MIN_CIDR_PREFIX: Final = 13
MAX_CIDR_PREFIX: Final = 20
"""An eighth of the range is for services, which GKE takes no larger than /16; half is for pods, /21 at least."""
MIN_POD_PREFIX: Final = 9
MAX_POD_PREFIX: Final = 21
"""What GKE takes for pods. Source: GKE documentation, IP address ranges for VPC-native clusters, known, not read."""
MIN_SERVICE_PREFIX: Final = 16
MAX_SERVICE_PREFIX: Final = 27
"""What GKE takes for services. Same source."""
_ONLY_WHEN_CREATED: Final = ("dual_stack", "egress", "flow_logs", "pod_cidr", "service_cidr")

RangeName = Annotated[
    str,
    matching(
        r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        "a secondary range's name: lower-case letters, digits and inner hyphens, a letter first",
        examples=["pods"],
    ),
]


class GcpEgress(StrEnum):
    """How nodes reach the internet."""

    NONE = "none"
    REGIONAL_NAT = "regional-nat"


class GcpExistingNetwork(Settings):
    """A network that stands already; its names are taken as they are, nothing in it is changed."""

    network_id: Annotated[
        str,
        matching(
            r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/global/networks/[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
            "a network's whole name: projects/<project>/global/networks/<name>",
            examples=["projects/my-project/global/networks/shared"],
        ),
    ]
    """The network by its whole name; it may be another project's (shared VPC)."""
    subnet_id: Annotated[
        str,
        matching(
            r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/regions/[a-z0-9-]+/subnetworks/[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
            "a subnet's whole name: projects/<project>/regions/<region>/subnetworks/<name>",
            examples=["projects/my-project/regions/europe-west3/subnetworks/nodes"],
        ),
    ]
    """The nodes' subnet by its whole name, with Private Google Access on."""
    cidr: Annotated[Range, Field(examples=["10.60.0.0/20"])]
    """The subnet's own range, which nodes have their addresses from."""
    pod_range: RangeName
    """Name of the subnet's secondary range for pods."""
    pod_cidr: Annotated[Range, Field(examples=["10.61.0.0/16"])]
    """That range; its size bounds the number of nodes."""
    service_range: Annotated[RangeName, Field(examples=["services"])]
    """Name of the subnet's secondary range for services."""
    service_cidr: Annotated[Range, Field(examples=["10.62.0.0/20"])]
    """That range."""
    dual_stack: bool = False
    """Whether the subnet has IPv6 ranges too, which nodes, pods and services then have addresses from."""

    @field_validator("pod_cidr")
    @classmethod
    def _existing_pods_have_room(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        return _sized(cidr, MIN_POD_PREFIX, MAX_POD_PREFIX, "10.61.0.0/16")

    @field_validator("service_cidr")
    @classmethod
    def _existing_services_have_room(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        return _sized(cidr, MIN_SERVICE_PREFIX, MAX_SERVICE_PREFIX, "10.62.0.0/20")

    @rule
    def pods_and_services_have_ranges_of_their_own(self) -> Iterator[Fault]:
        """A range of a subnet has one use."""
        if self.pod_range == self.service_range:
            yield Fault(("service_range",), f"{self.service_range} is the pods' range", "write the services' own")

    @rule
    def existing_ranges_do_not_overlap(self) -> Iterator[Fault]:
        """Nodes, pods and services have no address in common."""
        yield from overlaps({"cidr": self.cidr, "pod_cidr": self.pod_cidr, "service_cidr": self.service_cidr})


class GcpNetworkSettings(Settings):
    """The network: created from `cidr`, or an `existing` one."""

    kind: Literal["gcp"] = "gcp"
    """Google Cloud's network; follows from the provider where left out."""
    cidr: Annotated[Range | None, Field(examples=["10.20.0.0/16"])] = None
    """Private IPv4 range, /13 to /20; nodes, pods and services have fixed parts of it, pods its first half."""
    pod_cidr: Annotated[Range | None, Field(examples=["10.128.0.0/14"])] = None
    """Private IPv4 range of pods, /9 to /21, where half of cidr is too small; fixed at the cluster's creation."""
    service_cidr: Annotated[Range | None, Field(examples=["10.200.0.0/20"])] = None
    """Private IPv4 range of services, /27 to /16, in place of their part of cidr; fixed at the cluster's creation."""
    existing: GcpExistingNetwork | None = None
    """An existing network by its names; excludes every other key of this part but `overrides`."""
    egress: GcpEgress = GcpEgress.REGIONAL_NAT
    """How nodes reach the internet: none, or Cloud NAT for the region. Google's own services need neither."""
    dual_stack: bool = False
    """Whether nodes, pods and services have IPv6 addresses too, within the network; once on, it stays on."""
    flow_logs: bool = True
    """Whether samples of all traffic's metadata are logged, and kept as long as the project's log bucket keeps them."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @property
    def has_ipv6(self) -> bool:
        """Whether the nodes' subnet has IPv6 ranges, created or existing."""
        return self.dual_stack if self.existing is None else self.existing.dual_stack

    @field_validator("cidr", "pod_cidr", "service_cidr")
    @classmethod
    def _is_private(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        if cidr is not None and not any(cidr.subnet_of(private) for private in PRIVATE_RANGES):
            raise wrong(f"{cidr} is not a private range", "write a range inside 10.0.0.0/8, as 10.20.0.0/16")
        return cidr

    @field_validator("cidr")
    @classmethod
    def _cidr_has_room(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        return _sized(cidr, MIN_CIDR_PREFIX, MAX_CIDR_PREFIX, "10.20.0.0/16")

    @field_validator("pod_cidr")
    @classmethod
    def _pods_have_room(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        return _sized(cidr, MIN_POD_PREFIX, MAX_POD_PREFIX, "10.128.0.0/14")

    @field_validator("service_cidr")
    @classmethod
    def _services_have_room(cls, cidr: IPv4Network | None) -> IPv4Network | None:
        return _sized(cidr, MIN_SERVICE_PREFIX, MAX_SERVICE_PREFIX, "10.200.0.0/20")

    @rule
    def is_created_or_existing(self) -> Iterator[Fault]:
        """A network is either created from a range or existing."""
        if self.cidr is None and self.existing is None:
            remedy = "write cidr for a new network, or existing for one by its names"
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
    def ranges_do_not_overlap(self) -> Iterator[Fault]:
        """Pods' and services' own ranges lie outside `cidr` and each other."""
        if self.existing is None:
            yield from overlaps({"cidr": self.cidr, "pod_cidr": self.pod_cidr, "service_cidr": self.service_cidr})


def overlaps(ranges: dict[str, IPv4Network | None]) -> Iterator[Fault]:
    """A fault for each range that overlaps one before it."""
    before: dict[str, IPv4Network] = {}
    for name, cidr in ranges.items():
        if cidr is None:
            continue
        for other, taken in before.items():
            if cidr.overlaps(taken):
                yield Fault((name,), f"{cidr} overlaps {other} {taken}", "write a range of its own")
        before[name] = cidr


def _sized(cidr: IPv4Network | None, largest: int, smallest: int, example: str) -> IPv4Network | None:
    if cidr is not None and not largest <= cidr.prefixlen <= smallest:
        size = "too small" if cidr.prefixlen > smallest else "too large"
        raise wrong(f"{cidr} is {size}", f"write a /{largest} to /{smallest}, as {example}")
    return cidr
