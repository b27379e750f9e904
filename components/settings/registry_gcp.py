"""`infraplatform:registry` on Google Cloud: one Docker repository, and remote ones for what is pulled through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, by_environment, rule
from components.settings.registry import PullThroughPrefix, RepositoryName
from components.settings.values import EachOnce, KmsKeyName, LogicalName, PartOverrides, matching


class GcpPullThroughSettings(Settings):
    """One upstream registry whose images are pulled through a remote repository."""

    upstream: Annotated[
        str,
        matching(
            r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$",
            "a registry's host, without scheme or path",
            examples=["registry.k8s.io"],
        ),
    ]
    """Host of the upstream registry."""
    credentials: bool = False
    """Whether `infraplatform:pull_through_credentials` holds this upstream's user name and access token."""


class ArtifactRegistrySettings(Settings):
    """Images in Artifact Registry, in the provider's project and region."""

    kind: Literal["artifact-registry"] = "artifact-registry"
    """Artifact Registry; follows from the provider where left out."""
    name: LogicalName | None = None
    """Id of the repository that holds the images; left out: the Pulumi project's and stack's names."""
    repositories: Annotated[tuple[RepositoryName, ...], EachOnce, Field(examples=[["api", "web"]])] = ()
    """Names that images are pushed by; they exist with their first image, all in one repository of the registry."""
    keep_images: Annotated[int, Field(ge=1, le=10000)] = by_environment(dev=20, staging=50, prod=200)
    """Newest versions of each image that are always kept."""
    keep_untagged_days: Annotated[int, Field(ge=1, le=365)] = 7
    """Days that untagged images are kept."""
    scanning: bool = True
    """Whether pushed images are scanned for vulnerabilities, where the project has the service on."""
    pull_through: Annotated[
        dict[PullThroughPrefix, GcpPullThroughSettings],
        Field(examples=[{"kubernetes": {"upstream": "registry.k8s.io"}}]),
    ] = {}
    """Upstream registries to pull through, each a remote repository, by its name."""
    key: KmsKeyName | None = None
    """KMS key of the images; left out: Google's own. Fixed at a repository's creation."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @rule
    def an_upstream_has_one_cache(self) -> Iterator[Fault]:
        """An upstream pulled through twice would have each image twice."""
        first: dict[str, str] = {}
        for name, cache in self.pull_through.items():
            if first.setdefault(cache.upstream, name) != name:
                problem = f"{cache.upstream} is pulled through as {first[cache.upstream]} already"
                yield Fault(("pull_through", name, "upstream"), problem, f"remove {name}")
