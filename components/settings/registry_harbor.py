"""`infraplatform:registry` of kind `harbor`: Harbor in the cluster, by its chart."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Settings, by_environment
from components.settings.registry import RepositoryName
from components.settings.registry_servers import MirrorSettings, OwnHost, RegistryHost, VolumeClass
from components.settings.values import EachOnce

HARBOR_PROJECT: Final = "library"
"""The project that Harbor makes itself; whoever reaches it may pull from it."""


class HarborRegistrySettings(Settings):
    """Harbor in the cluster itself: projects, users and rights, a page to look at, with a certificate of its own CA."""

    kind: Literal["harbor"] = "harbor"
    """Harbor, which the cluster runs."""
    host: OwnHost | None = None
    """Name that images begin with; left out: registry.<cluster.name>.internal. Nodes know it without any DNS."""
    node_port: Annotated[int, Field(ge=30000, le=32767)] = 30500
    """Port at which every node answers for it, also from outside; part of images' names."""
    size_gib: Annotated[int, Field(ge=1, le=65536)] = by_environment(dev=20, staging=100, prod=500)
    """Size of the images' volume, where the storage class keeps to sizes; fixed at its creation."""
    database_size_gib: Annotated[int, Field(ge=1, le=65536)] = by_environment(dev=2, staging=10, prod=20)
    """Size of the volume of its database, in the same way; fixed at its creation."""
    storage_class: VolumeClass | None = None
    """Class of all its volumes; left out: the default class. Fixed at their creation."""
    scanner: bool = True
    """Whether Trivy looks for known weaknesses in images; it fetches its list of them from the internet."""
    repositories: Annotated[tuple[RepositoryName, ...], EachOnce, Field(examples=[["api", "web"]])] = ()
    """Names that images are pushed by, in the project `library`."""
    mirrors: Annotated[
        dict[RegistryHost, MirrorSettings],
        Field(examples=[{"docker.io": {"url": "https://mirror.example/v2/docker.io"}}]),
    ] = {}
    """Mirrors by the registry that they stand for, on every node; Harbor's own images may come by one, too."""

    @property
    def charts(self) -> tuple[str, ...]:
        """The download of the chart that it comes by."""
        return ("harbor-chart",)
