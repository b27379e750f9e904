"""`infraplatform:cluster` by kubeadm: HTTP proxies that hosts reach the world through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from components.settings.base import Fault, Settings, rule, wrong
from components.settings.values import EachOnce, matching

_PROXY: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")


def _names_no_user(url: str) -> str:
    """A password would be in the state, in units and in the environment of programs; the message must not show it."""
    if "@" in url:
        problem = "has a user and a password, which every program on the hosts would show"
        raise wrong(problem, "let the proxy know the hosts by address, and write its address alone")
    if not _PROXY.fullmatch(url):
        raise wrong(f"{url!r} is no proxy's address", "write scheme, host and port, as http://proxy.example:3128")
    return url


ProxyUrl = Annotated[str, AfterValidator(_names_no_user), Field(examples=["http://proxy.example:3128"])]
DirectHost = Annotated[
    str,
    matching(
        r"^[A-Za-z0-9.-]+(:\d{1,5}|/\d{1,2})?$",
        "a host's name or address, a domain with a dot before it, or an IPv4 range",
        examples=[".corp.example"],
    ),
]


class ProxySettings(Settings):
    """HTTP proxies for what hosts and the control plane ask of the world: binaries, images, webhooks, token issuers."""

    http: ProxyUrl | None = None
    """The proxy for http://; left out: none."""
    https: ProxyUrl | None = None
    """The proxy for https://; often the same; left out: none."""
    no_proxy: Annotated[tuple[DirectHost, ...], EachOnce, Field(examples=[[".corp.example", "192.0.2.0/24"]])] = ()
    """What is reached without them, beside nodes, pods, services and the API's endpoint, which always are."""

    @rule
    def somebody_is_asked(self) -> Iterator[Fault]:
        """Proxies without one are a mistake."""
        if self.http is None and self.https is None:
            yield Fault(("https",), "is missing, and so is http", "write one of them, or remove proxy")
