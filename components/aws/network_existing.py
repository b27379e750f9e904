"""A network that stands already, taken by its ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations
from typing import Final

import pulumi

from components.errors import ConfigurationError, Mistake
from components.settings import AwsProviderSettings, ExistingNetwork

_KEY: Final = "infraplatform:network.existing"
_ID_SUFFIX: Final = r"-(?:[0-9a-f]{8}|[0-9a-f]{17})"
"""AWS ids end in 17 hexadecimal digits; those from before 2016 in 8. Source: EC2 user guide, resource IDs, 2026-11."""
_SUBNET_KEYS: Final = ("node_subnet_ids", "control_plane_subnet_ids", "load_balancer_subnet_ids")
_MIN_VPC_PREFIX: Final = 16
_MAX_VPC_PREFIX: Final = 28


@dataclass(frozen=True, kw_only=True)
class ExistingVpcNetworkArgs:
    """What an existing network is known by."""

    existing: ExistingNetwork
    provider: AwsProviderSettings


class ExistingVpcNetwork(pulumi.ComponentResource):
    """A VPC that stands already; fulfils `contract.Network`. It makes and changes no resource.

    What its ids and ranges say is checked; whether the subnets lie in the VPC and have a way to the control plane and
    to images, configuration cannot tell. Non-goals: tagging its subnets for load balancer discovery.
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

    def __init__(self, name: str, args: ExistingVpcNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Take the network as it is.

        Raises:
            ConfigurationError: the ids or ranges cannot be those of one VPC; with every mistake.
        """
        existing = args.existing
        if mistakes := list(existing_network_mistakes(existing)):
            raise ConfigurationError(mistakes)
        super().__init__("infraplatform:aws:ExistingVpcNetwork", name, {"network_id": existing.network_id}, opts)
        self.network_id = pulumi.Output.from_input(existing.network_id)
        self.cidrs = existing.cidrs
        self.zones = args.provider.zones
        self.node_subnet_ids = _by_zone(existing.node_subnet_ids, self.zones)
        self.control_plane_subnet_ids = _by_zone(
            existing.control_plane_subnet_ids or existing.node_subnet_ids, self.zones
        )
        self.load_balancer_subnet_ids = _by_zone(existing.load_balancer_subnet_ids, self.zones)
        self.pod_range = None
        self.service_range = None
        self.security_group_ids = {}
        self.ready = ()
        self.register_outputs({"network_id": self.network_id, "node_subnet_ids": self.node_subnet_ids})


def existing_network_mistakes(existing: ExistingNetwork) -> Iterator[Mistake]:
    """What is wrong with an existing network's ids and ranges, as far as they tell by themselves."""
    yield from _malformed_ids(existing)
    yield from _repeated_subnets(existing)
    yield from _impossible_ranges(existing.cidrs)


def _malformed_ids(existing: ExistingNetwork) -> Iterator[Mistake]:
    if not re.fullmatch("vpc" + _ID_SUFFIX, existing.network_id):
        yield Mistake(
            f"{_KEY}.network_id", f"{existing.network_id!r} is no VPC id", "write it as vpc-0a1b2c3d4e5f60718"
        )
    for key in _SUBNET_KEYS:
        subnet_ids: Mapping[str, str] = getattr(existing, key)
        for zone, subnet_id in subnet_ids.items():
            if not re.fullmatch("subnet" + _ID_SUFFIX, subnet_id):
                remedy = "write it as subnet-0a1b2c3d4e5f60718"
                yield Mistake(f"{_KEY}.{key}.{zone}", f"{subnet_id!r} is no subnet id", remedy)


def _repeated_subnets(existing: ExistingNetwork) -> Iterator[Mistake]:
    """A subnet lies in one zone, and is private or public; nodes and control plane may share one."""
    places: dict[str, tuple[str, str]] = {}
    for key in _SUBNET_KEYS:
        subnet_ids: Mapping[str, str] = getattr(existing, key)
        for zone, subnet_id in subnet_ids.items():
            first_key, first_zone = places.setdefault(subnet_id, (key, zone))
            where = f"{_KEY}.{key}.{zone}"
            if first_zone != zone:
                yield Mistake(where, f"{subnet_id} is zone {first_zone}'s already", "write a subnet of this zone")
            elif key == "load_balancer_subnet_ids" and first_key != key:
                problem = f"{subnet_id} is {first_key}'s already, and those are private"
                yield Mistake(where, problem, "write a public subnet, or remove load_balancer_subnet_ids")


def _impossible_ranges(cidrs: Sequence[IPv4Network]) -> Iterator[Mistake]:
    """A VPC's ranges are /16 to /28 and do not overlap. Source: VPC user guide, VPC CIDR blocks, read 2026-11."""
    key = f"{_KEY}.cidrs"
    for cidr in cidrs:
        if not _MIN_VPC_PREFIX <= cidr.prefixlen <= _MAX_VPC_PREFIX:
            yield Mistake(key, f"{cidr} cannot be a VPC's range", "write the VPC's ranges, each a /16 to /28")
    for one, other in combinations(cidrs, 2):
        if one.overlaps(other):
            yield Mistake(key, f"{one} and {other} overlap", "write each of the VPC's ranges once")


def _by_zone(subnet_ids: Mapping[str, str], zones: Sequence[str]) -> dict[str, pulumi.Output[str]]:
    """The ids as Outputs, in the zones' declared order."""
    return {zone: pulumi.Output.from_input(subnet_ids[zone]) for zone in zones if zone in subnet_ids}
