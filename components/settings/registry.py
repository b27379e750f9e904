"""`infraplatform:registry`: where images are pushed, and upstream registries pulled through it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from components.settings.base import LogicalName, OVERRIDES_DESCRIPTION, Overrides, Settings, by_environment, wrong

RepositoryName = Annotated[
    str, Field(pattern=r"^[a-z0-9]+(?:[._/-][a-z0-9]+)*$", min_length=2, max_length=200, examples=["api"])
]
OPEN_UPSTREAMS = ("public.ecr.aws", "registry.k8s.io", "quay.io")
"""Upstreams that ECR pulls through without credentials. Source: ECR user guide, pull through cache, read 2026-11."""
CREDENTIAL_UPSTREAMS = ("registry-1.docker.io", "ghcr.io", "registry.gitlab.com")
"""Upstreams that ECR pulls through only with credentials. Same source."""


class PullThroughSettings(Settings):
    """One upstream registry whose images are pulled through this one."""

    upstream: Annotated[str, Field(examples=["registry.k8s.io"])]
    """Host of the upstream registry."""
    credentials: bool = False
    """Whether `infraplatform:pull_through_credentials` holds this upstream's user name and access token."""

    @model_validator(mode="after")
    def _upstream_is_known(self) -> Self:
        known = (*OPEN_UPSTREAMS, *CREDENTIAL_UPSTREAMS)
        if self.upstream not in known and not self.upstream.endswith(".azurecr.io"):
            raise wrong(f"ECR cannot pull through {self.upstream!r}", f"write one of {', '.join(known)}")
        if self.upstream not in OPEN_UPSTREAMS and not self.credentials:
            raise wrong(
                f"{self.upstream} wants credentials",
                "write credentials: true and set the secret infraplatform:pull_through_credentials",
            )
        return self


class EcrRegistrySettings(Settings):
    """Private repositories in the provider's account and region."""

    kind: Literal["ecr"] = "ecr"
    """ECR."""
    repositories: Annotated[tuple[RepositoryName, ...], Field(examples=[["api", "web"]])] = ()
    """Names of the repositories."""
    keep_images: Annotated[int, Field(ge=1, le=10000)] = by_environment(dev=20, staging=50, prod=200)
    """Newest tagged images that each repository keeps."""
    keep_untagged_days: Annotated[int, Field(ge=1, le=365)] = 7
    """Days that untagged images are kept."""
    pull_through: dict[LogicalName, PullThroughSettings] = {}
    """Upstream registries to pull through, by the prefix that their images get."""
    key_arn: Annotated[str | None, Field(pattern=r"^arn:aws[a-z-]*:kms:")] = None
    """KMS key of the images; left out: AWS's own key for ECR. Fixed at a repository's creation."""
    overrides: Annotated[Overrides, Field(description=OVERRIDES_DESCRIPTION)] = {}

    @field_validator("repositories")
    @classmethod
    def _names_differ(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise wrong(f"repositories name {', '.join(repeated)} twice", "write each repository once")
        return names
