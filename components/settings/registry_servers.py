"""`infraplatform:registry` on own servers: a registry that somebody runs already, and mirrors of others."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.settings.base import Settings
from components.settings.registry import RepositoryName
from components.settings.values import EachOnce, matching

RegistryHost = Annotated[
    str,
    matching(
        r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$",
        "a registry's host, with its port where it has one, without scheme or path",
        examples=["docker.io"],
    ),
]


class MirrorSettings(Settings):
    """Where containerd pulls a registry's images from, before it asks the registry itself."""

    url: Annotated[
        str,
        matching(
            r"^https?://[^\s/]+(/v2/\S*[^\s/])?$",
            "an address with https:// or http://; with a path only below /v2/",
            examples=["https://mirror.example/v2/registry.k8s.io"],
        ),
    ]
    """Address of the mirror; with a path below /v2/ where it keeps each registry apart."""
    only: bool = False
    """Whether the registry itself is never asked."""


class ExternalRegistrySettings(Settings):
    """A registry that somebody runs already."""

    kind: Literal["external"] = "external"
    """A registry outside this platform; follows from the provider where left out."""
    url: Annotated[
        str,
        matching(
            r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9-]+)+(:\d{1,5})?(/[a-z0-9._/-]*[a-z0-9])?$",
            "a registry's host, and path where there is one, without scheme",
            examples=["registry.example.com/platform"],
        ),
    ]
    """The registry's host, with a path where images have one in common."""
    repositories: Annotated[tuple[RepositoryName, ...], EachOnce, Field(examples=[["api", "web"]])] = ()
    """Names that images are pushed by."""
    mirrors: Annotated[
        dict[RegistryHost, MirrorSettings],
        Field(examples=[{"docker.io": {"url": "https://mirror.example/v2/docker.io"}}]),
    ] = {}
    """Mirrors by the registry that they stand for, on every node."""
