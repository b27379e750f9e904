"""`infraplatform:cluster.load_balancer` by kubeadm: who gives services of type LoadBalancer an address, and which."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from components.settings.base import Fault, Settings, rule, wrong
from components.settings.values import EachOnce, LogicalName

_FORM: Final = "write a range, as 192.0.2.240/28, or its first and last address, as 192.0.2.240-192.0.2.250"


class AddressSpan(NamedTuple):
    """All addresses from the first to the last."""

    first: IPv4Address
    last: IPv4Address

    def overlaps(self, other: AddressSpan) -> bool:
        """Whether they have an address in common."""
        return self.first <= other.last and other.first <= self.last


def span_of(text: str | IPv4Network) -> AddressSpan:
    """What a range is, written either way.

    Raises:
        ValueError: it is none.
    """
    first, dash, last = str(text).partition("-")
    if dash:
        return AddressSpan(IPv4Address(first), IPv4Address(last))
    network = IPv4Network(first)
    return AddressSpan(network[0], network[-1])


def _is_a_span(text: str) -> str:
    try:
        span = span_of(text)
    except ValueError:
        raise wrong(f"{text!r} is no range of IPv4 addresses", _FORM) from None
    if span.first > span.last:
        raise wrong(f"{text} ends before it begins", f"write {span.last}-{span.first}")
    return text


AddressRange = Annotated[str, AfterValidator(_is_a_span), Field(examples=["192.0.2.240-192.0.2.250"])]


class LoadBalancerKind(StrEnum):
    """Who answers for the addresses of services."""

    METALLB = "metallb"
    CILIUM = "cilium"


class LoadBalancerSettings(Settings):
    """Services of type LoadBalancer get an address that one of the nodes answers for (ARP); another when it ends."""

    kind: LoadBalancerKind = LoadBalancerKind.METALLB
    """metallb, or cilium, where that carries packets to services in kube-proxy's place."""
    pools: Annotated[
        dict[LogicalName, Annotated[tuple[AddressRange, ...], EachOnce, Field(min_length=1)]],
        Field(min_length=1, examples=[{"default": ["192.0.2.240-192.0.2.250"]}]),
    ]
    """Free addresses of the hosts' own network, by pool; nothing else there may use them, no DHCP either."""

    @property
    def spans(self) -> dict[tuple[str, int], AddressSpan]:
        """The ranges of all pools, by pool and place."""
        return {(pool, place): span_of(text) for pool, texts in self.pools.items() for place, text in enumerate(texts)}

    @rule
    def pools_do_not_overlap(self) -> Iterator[Fault]:
        """Each address is in one range."""
        before: dict[tuple[str, int], AddressSpan] = {}
        for place, span in self.spans.items():
            for other, taken in before.items():
                if span.overlaps(taken):
                    pool, number = place
                    problem = f"has addresses of pools.{other[0]}[{other[1]}]"
                    yield Fault(("pools", pool, number), problem, "write each address once")
            before[place] = span
