"""The suite of `contract.Network`: every implementation is a row of SUBJECTS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from ipaddress import IPv4Network
from itertools import combinations
from typing import Final

import pulumi
import pytest

from components.contract import Network
from tests.contract import aws, azure, checks, gcp, servers
from tests.contract.harness import Breaks, Built, build_with_breaks, cases, members, output, secret

SUBJECTS: Final[Mapping[str, Callable[[], Network]]] = {
    "aws-vpc": aws.vpc_network,
    "aws-vpc-without-egress": aws.isolated_vpc_network,
    "aws-existing-vpc": aws.existing_vpc_network,
    "azure-vnet": azure.azure_network,
    "azure-vnet-without-nat-gateway": azure.azure_network_behind_a_load_balancer,
    "azure-existing-vnet": azure.existing_azure_network,
    "gcp-vpc": gcp.gcp_network,
    "gcp-vpc-without-egress": gcp.isolated_gcp_network,
    "gcp-existing-vpc": gcp.existing_gcp_network,
    "servers-site": servers.site_network,
}


def check_network(network: Network) -> None:
    """Everything that the contract promises of a network.

    Raises:
        AssertionError: a promise is broken.
    """
    checks.open_text(network.network_id)
    _check_ranges(network)
    zones = [checks.text(zone) for zone in checks.sequence(network.zones)]
    assert zones, "a network has a zone"
    assert len(set(zones)) == len(zones), f"zones {zones} name one twice"
    checks.open_texts(network.node_subnet_ids, zones)
    checks.open_texts(network.control_plane_subnet_ids, zones)
    public = checks.open_texts(network.load_balancer_subnet_ids)
    assert list(public) in ([], zones), f"load balancers have subnets in {list(public)}, the zones are {zones}"
    private = {*map(_id, network.node_subnet_ids.values()), *map(_id, network.control_plane_subnet_ids.values())}
    assert not private & set(public.values()), "a subnet is private or public, not both"
    for secondary in (network.pod_range, network.service_range):
        if secondary is not None:
            checks.open_text(secondary)
    checks.open_texts(network.security_group_ids)
    checks.resources(network.ready, at_least=0)


def _id(subnet_id: object) -> str:
    return checks.open_text(subnet_id)


def _check_ranges(network: Network) -> None:
    cidrs = checks.sequence(network.cidrs)
    assert cidrs, "a network has a range"
    for cidr in cidrs:
        assert isinstance(cidr, IPv4Network), f"{cidr!r} is no IPv4 range"
    for one, other in combinations(cidrs, 2):
        assert not one.overlaps(other), f"{one} and {other} overlap"


def _subnets(zones: Sequence[str], last: str = "subnet") -> dict[str, pulumi.Output[str]]:
    ids = {zone: f"subnet-{zone}" for zone in zones} | {zones[-1]: last}
    return {zone: pulumi.Output.from_input(id_) for zone, id_ in ids.items()}


_ELSEWHERE: Final = ("elsewhere",)
"""Stands for the other zones of a network that has one zone alone: a site of own servers."""
_SUBNET_BREAKS: Final[Mapping[str, Callable[[Network], object]]] = {
    "no Outputs": lambda sound: {zone: f"subnet-{zone}" for zone in sound.zones},
    "a zone without one": lambda sound: _subnets(sound.zones[1:] or _ELSEWHERE),
    "an empty id": lambda sound: _subnets(sound.zones, last=""),
    "other zones": lambda sound: _subnets(("us-east-1a", *sound.zones[1:])),
    "a list": lambda _: [pulumi.Output.from_input("subnet-1")],
}
BREAKS: Final[Breaks] = {
    "network_id": {
        "no Output": lambda _: "vpc-1",
        "empty": output(""),
        "a secret": secret("vpc-1"),
    },
    "cidrs": {
        "none": lambda _: (),
        "texts": lambda _: ("10.20.0.0/16",),
        "overlapping": lambda _: (IPv4Network("10.20.0.0/16"), IPv4Network("10.20.32.0/20")),
    },
    "zones": {
        "none": lambda _: (),
        "one twice": lambda sound: (sound.zones[0], sound.zones[0]),
        "fewer than the subnets": lambda sound: sound.zones[1:],
        "another order than the subnets": lambda sound: (sound.zones[1:] or _ELSEWHERE) + sound.zones[:1],
        "a text": lambda _: "ab",
    },
    "node_subnet_ids": _SUBNET_BREAKS,
    "control_plane_subnet_ids": _SUBNET_BREAKS,
    "load_balancer_subnet_ids": _SUBNET_BREAKS,
    "pod_range": {"no Output": lambda _: "pods", "empty": output("")},
    "service_range": {"no Output": lambda _: "services", "empty": output("")},
    "security_group_ids": {"None": lambda _: None, "empty id": lambda _: {"nodes": pulumi.Output.from_input("")}},
    "ready": {"None": lambda _: None, "names": lambda _: ("network-vpc",)},
}


@cache
def _built(row: str) -> Built[Network]:
    return build_with_breaks(SUBJECTS[row], BREAKS)


@pytest.mark.parametrize("row", SUBJECTS)
def test_a_network_keeps_its_contract(row: str) -> None:
    check_network(_built(row).sound)


@pytest.mark.parametrize(("row", "attribute", "fault"), cases(SUBJECTS, BREAKS))
def test_a_broken_attribute_fails_the_suite(row: str, attribute: str, fault: str) -> None:
    with pytest.raises(AssertionError):
        check_network(_built(row).broken[attribute, fault])


def test_every_attribute_is_broken_on_purpose() -> None:
    assert set(BREAKS) == members(Network)
