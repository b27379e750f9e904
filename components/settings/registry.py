"""`infraplatform:registry`: where images are pushed, and upstream registries pulled through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, by_environment, rule
from components.settings.values import EachOnce, KmsKeyArn, PartOverrides, matching

RepositoryName = Annotated[
    str,
    matching(
        r"^[a-z0-9]+(?:[._/-][a-z0-9]+)*$",
        "lower-case letters and digits, with single . _ - / between them",
        min_length=2,
        max_length=200,
        examples=["api"],
    ),
]
PullThroughPrefix = Annotated[
    str,
    matching(
        r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        "2 to 30 lower-case letters, digits and single inner hyphens, a letter first",
        min_length=2,
        max_length=30,
        examples=["kubernetes"],
    ),
]
"""A prefix of cached images. Source: ECR API, CreatePullThroughCacheRule, read 2026-11-23."""
OPEN_UPSTREAMS: Final = ("public.ecr.aws", "registry.k8s.io", "quay.io")
"""Upstreams that ECR pulls through without credentials. Source: ECR user guide, pull through cache, read 2026-11."""
CREDENTIAL_UPSTREAMS: Final = ("registry-1.docker.io", "ghcr.io", "registry.gitlab.com")
"""Upstreams that ECR pulls through only with credentials. Same source."""
AZURE_UPSTREAM: Final = ".azurecr.io"
"""How an Azure registry's host ends; wants credentials too. Same source."""


class PullThroughSettings(Settings):
    """One upstream registry whose images are pulled through this one."""

    upstream: Annotated[str, Field(examples=["registry.k8s.io"])]
    """Host of the upstream registry."""
    credentials: bool = False
    """Whether `infraplatform:pull_through_credentials` holds this upstream's user name and access token."""

    @rule
    def the_upstream_is_one_of_ecrs(self) -> Iterator[Fault]:
        """ECR pulls through from the registries it knows, from some with credentials only."""
        known = (*OPEN_UPSTREAMS, *CREDENTIAL_UPSTREAMS)
        if self.upstream not in known and not self.upstream.endswith(AZURE_UPSTREAM):
            remedy = f"write one of {', '.join(known)}, or a host that ends with {AZURE_UPSTREAM}"
            yield Fault(("upstream",), f"ECR cannot pull through {self.upstream!r}", remedy)
        elif self.upstream not in OPEN_UPSTREAMS and not self.credentials:
            remedy = "write credentials: true, and set the secret infraplatform:pull_through_credentials"
            yield Fault(("credentials",), f"{self.upstream} wants credentials", remedy)


class EcrRegistrySettings(Settings):
    """Private repositories in the provider's account and region."""

    kind: Literal["ecr"] = "ecr"
    """ECR; follows from the provider where left out."""
    repositories: Annotated[tuple[RepositoryName, ...], EachOnce, Field(examples=[["api", "web"]])] = ()
    """Names of the repositories."""
    keep_images: Annotated[int, Field(ge=1, le=10000)] = by_environment(dev=20, staging=50, prod=200)
    """Newest tagged images that each repository keeps."""
    keep_untagged_days: Annotated[int, Field(ge=1, le=365)] = 7
    """Days that untagged images are kept."""
    pull_through: Annotated[
        dict[PullThroughPrefix, PullThroughSettings], Field(examples=[{"kubernetes": {"upstream": "registry.k8s.io"}}])
    ] = {}
    """Upstream registries to pull through, by the prefix that their images get."""
    key_arn: KmsKeyArn | None = None
    """KMS key of the images; left out: AWS's own key for ECR. Fixed at a repository's creation."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @rule
    def no_repository_is_taken_for_a_cache(self) -> Iterator[Fault]:
        """ECR takes whatever lies under a cache's prefix for an upstream's image."""
        for index, repository in enumerate(self.repositories):
            prefix, slash, _ = repository.partition("/")
            if slash and prefix in self.pull_through:
                problem = f"{repository!r} lies under the prefix {prefix}/ of a cache"
                yield Fault(("repositories", index), problem, "rename the repository, or the key in pull_through")

    @rule
    def an_upstream_has_one_cache(self) -> Iterator[Fault]:
        """An upstream pulled through twice would have each image twice."""
        first: dict[str, str] = {}
        for prefix, cache in self.pull_through.items():
            if first.setdefault(cache.upstream, prefix) != prefix:
                problem = f"{cache.upstream} is pulled through as {first[cache.upstream]} already"
                yield Fault(("pull_through", prefix, "upstream"), problem, f"remove {prefix}")
