"""`infraplatform:registry` on own servers: one that somebody runs already, or one in the cluster; mirrors of others."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.settings.base import Settings, by_environment
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
OwnHost = Annotated[
    str,
    matching(
        r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+$",
        "a DNS name in lower case, with a dot, without port",
        examples=["registry.example.com"],
    ),
]
VolumeClass = Annotated[
    str, matching(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", "a storage class's name", examples=["local-path"])
]


class MirrorSettings(Settings):
    """Where hosts pull a registry's images from, before they ask the registry itself."""

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


class SelfHostedRegistrySettings(Settings):
    """A registry in the cluster itself: CNCF distribution on a volume, with a certificate of the cluster's own CA."""

    kind: Literal["self-hosted"] = "self-hosted"
    """A registry that the cluster runs."""
    host: OwnHost | None = None
    """Name that images begin with; left out: registry.<cluster.name>.internal. Nodes know it without any DNS."""
    node_port: Annotated[int, Field(ge=30000, le=32767)] = 30500
    """Port at which every node answers for it, also from outside; part of images' names."""
    size_gib: Annotated[int, Field(ge=1, le=65536)] = by_environment(dev=20, staging=100, prod=500)
    """Size of its volume, where the storage class keeps to sizes; fixed at its creation."""
    storage_class: VolumeClass | None = None
    """Class of its volume; left out: the default class. Fixed at its creation."""
    rotate: Annotated[str, Field(min_length=1, max_length=40, examples=["2027-01"])] = "1"
    """Any text; another one makes another password."""
    repositories: Annotated[tuple[RepositoryName, ...], EachOnce, Field(examples=[["api", "web"]])] = ()
    """Names that images are pushed by."""
    mirrors: Annotated[
        dict[RegistryHost, MirrorSettings],
        Field(examples=[{"docker.io": {"url": "https://mirror.example/v2/docker.io"}}]),
    ] = {}
    """Mirrors by the registry that they stand for, on every node; the registry's own image may come by one, too."""
