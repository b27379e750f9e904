"""`infraplatform:registry` on Azure: one registry, and cache rules for what is pulled through."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.settings.base import Settings
from components.settings.registry import PullThroughPrefix, RepositoryName
from components.settings.values import EachOnce, PartOverrides


class AcrPullThroughSettings(Settings):
    """One upstream registry whose images are pulled through this one."""

    upstream: Annotated[str, Field(examples=["registry.k8s.io"])]
    """Host of the upstream registry."""
    credentials: bool = False
    """Whether `infraplatform:pull_through_credentials` holds this upstream's user name and access token."""


class AcrRegistrySettings(Settings):
    """Images in Azure Container Registry, in the provider's subscription and region."""

    kind: Literal["acr"] = "acr"
    """Azure Container Registry; follows from the provider where left out."""
    repositories: Annotated[tuple[RepositoryName, ...], EachOnce, Field(examples=[["api", "web"]])] = ()
    """Names that images are pushed by; they exist with their first image."""
    pull_through: Annotated[
        dict[PullThroughPrefix, AcrPullThroughSettings],
        Field(examples=[{"kubernetes": {"upstream": "registry.k8s.io"}}]),
    ] = {}
    """Upstream registries to pull through, each by its name."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""
