"""`infraplatform:network` on own servers: the ranges that are there, and those that pods and services get."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, rule, wrong
from components.settings.values import EachOnce, Range

MIN_POD_PREFIX: Final = 22
"""kube-controller-manager gives each node a /24 of the pods' range (its default node-cidr-mask-size-ipv4)."""
MIN_SERVICE_PREFIX: Final = 12
MAX_SERVICE_PREFIX: Final = 24
"""The API server takes ranges of up to 20 bits. Source: kube-apiserver's validation, known, not read."""


class ServersNetworkSettings(Settings):
    """The site's network, which stands already; nothing in it is changed."""

    kind: Literal["servers"] = "servers"
    """The servers' own network; follows from the provider where left out."""
    node_cidrs: Annotated[tuple[Range, ...], EachOnce, Field(min_length=1, examples=[["10.0.0.0/24"]])]
    """IPv4 ranges that the hosts' private addresses are in."""
    pod_cidr: Annotated[Range, Field(examples=["10.244.0.0/16"])] = IPv4Network("10.244.0.0/16")
    """IPv4 range of pods, a /24 of it for each node; fixed at the cluster's creation."""
    service_cidr: Annotated[Range, Field(examples=["10.96.0.0/16"])] = IPv4Network("10.96.0.0/16")
    """IPv4 range of services, /24 to /12; fixed at the cluster's creation."""

    @field_validator("pod_cidr")
    @classmethod
    def _pods_have_room(cls, cidr: IPv4Network) -> IPv4Network:
        if cidr.prefixlen > MIN_POD_PREFIX:
            raise wrong(f"{cidr} is too small", f"write a /{MIN_POD_PREFIX} or larger, as 10.244.0.0/16")
        return cidr

    @field_validator("service_cidr")
    @classmethod
    def _services_have_room(cls, cidr: IPv4Network) -> IPv4Network:
        if not MIN_SERVICE_PREFIX <= cidr.prefixlen <= MAX_SERVICE_PREFIX:
            remedy = f"write a /{MAX_SERVICE_PREFIX} to /{MIN_SERVICE_PREFIX}, as 10.96.0.0/16"
            raise wrong(f"{cidr} cannot hold services", remedy)
        return cidr

    @rule
    def ranges_do_not_overlap(self) -> Iterator[Fault]:
        """Nodes, pods and services have no address in common."""
        before = {f"node_cidrs[{index}]": cidr for index, cidr in enumerate(self.node_cidrs)}
        for name, cidr in (("pod_cidr", self.pod_cidr), ("service_cidr", self.service_cidr)):
            for other, taken in before.items():
                if cidr.overlaps(taken):
                    yield Fault((name,), f"{cidr} overlaps {other} {taken}", "write a range of its own")
            before[name] = cidr
