"""`infraplatform:registry` on Azure: one registry, and cache rules for what is pulled through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from ipaddress import collapse_addresses
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, by_environment, rule
from components.settings.registry import PullThroughPrefix, RepositoryName
from components.settings.values import EachOnce, PartOverrides, Range, matching
from components.settings.values_azure import KeyVaultKeyId, PrivateDnsZoneId, zone_faults

DOCKER_HUB: Final = ("docker.io", "registry-1.docker.io")
"""Docker Hub's names: the one that images have, and the one that its registry answers to, which ECR takes."""
CREDENTIALS_POSSIBLE: Final[Mapping[str, bool]] = {
    **dict.fromkeys(DOCKER_HUB, True),
    "gcr.io": True,
    "ghcr.io": True,
    "mcr.microsoft.com": False,
    "nvcr.io": True,
    "public.ecr.aws": False,
    "quay.io": True,
    "registry.k8s.io": True,
}
"""Upstreams that ACR pulls through, and whether with credentials, too.

Source: MicrosoftDocs/azure-docs, articles/container-registry/container-registry-artifact-cache.md of 2024-02-26, read
2026-11-29; it names Docker Hub, Nvidia and Google's registry by their owners, not by host.
"""
DEFAULT_UNTAGGED_DAYS: Final = 7


class AcrTier(StrEnum):
    """What a registry can do, and costs."""

    BASIC = "basic"
    STANDARD = "standard"
    PREMIUM = "premium"


class AcrPullThroughSettings(Settings):
    """One upstream registry whose images are pulled through this one."""

    upstream: Annotated[str, Field(examples=["registry.k8s.io"])]
    """Host of the upstream registry."""
    credentials: bool = False
    """Whether `infraplatform:pull_through_credentials` holds this upstream's user name and access token."""

    @rule
    def the_upstream_is_one_of_acrs(self) -> Iterator[Fault]:
        """ACR pulls through from the registries it knows, from some without credentials only."""
        possible = CREDENTIALS_POSSIBLE.get(self.upstream)
        if possible is None:
            remedy = f"write one of {', '.join(CREDENTIALS_POSSIBLE)}"
            yield Fault(("upstream",), f"ACR cannot pull through {self.upstream!r}", remedy)
        elif self.credentials and not possible:
            yield Fault(("credentials",), f"{self.upstream} takes none", "remove it")


class AcrRegistrySettings(Settings):
    """Images in Azure Container Registry, in the provider's subscription and region."""

    kind: Literal["acr"] = "acr"
    """Azure Container Registry; follows from the provider where left out."""
    name: Annotated[
        str | None,
        matching(
            r"^[a-z0-9]{5,50}$",
            "5 to 50 lower-case letters and digits; it is the host's name, which no other registry in Azure has",
            examples=["exampleplatform"],
        ),
    ] = None
    """The registry's name in all of Azure; left out: `registry` and eight characters of Pulumi's choice."""
    tier: AcrTier = by_environment(dev=AcrTier.BASIC, staging=AcrTier.PREMIUM, prod=AcrTier.PREMIUM)
    """What the registry can do; a premium one has a private endpoint, zones and keys, others a public endpoint."""
    repositories: Annotated[tuple[RepositoryName, ...], EachOnce, Field(examples=[["api", "web"]])] = ()
    """Names that images are pushed by; they exist with their first image."""
    public_access: Annotated[tuple[Range, ...], EachOnce, Field(max_length=100, examples=[["203.0.113.0/24"]])] = ()
    """Networks that reach a premium registry's public endpoint, such as a build system's; left out: it has none."""
    keep_untagged_days: Annotated[int | None, Field(ge=1, le=365)] = None
    """Days that a premium registry keeps untagged images; 7 where left out, others keep all of them."""
    keep_deleted_days: Annotated[int | None, Field(ge=1, le=90, examples=[14])] = None
    """Days in which deleted images can be restored, a preview of Azure's; untagged images then stay."""
    pull_through: Annotated[
        dict[PullThroughPrefix, AcrPullThroughSettings],
        Field(examples=[{"kubernetes": {"upstream": "registry.k8s.io"}}]),
    ] = {}
    """Upstream registries to pull through, by the prefix that their images get."""
    key: KeyVaultKeyId | None = None
    """Key of a premium registry's images; left out: Microsoft's own. Fixed at the registry's creation."""
    private_dns_zone: PrivateDnsZoneId | None = None
    """Zone privatelink.azurecr.io that the network has already; left out: one is made and linked."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @rule
    def only_premium_has_it(self) -> Iterator[Fault]:
        """Private endpoints, network rules, retention and keys come with the premium tier."""
        if self.tier is AcrTier.PREMIUM:
            return
        chosen = {
            "public_access": self.public_access,
            "keep_untagged_days": self.keep_untagged_days,
            "key": self.key,
            "private_dns_zone": self.private_dns_zone,
        }
        for name, value in chosen.items():
            if value:
                yield Fault((name,), f"is not to be had with tier: {self.tier.value}", "remove it, or write premium")

    @rule
    def untagged_images_go_or_can_be_restored(self) -> Iterator[Fault]:
        """ACR has the one policy or the other."""
        if self.keep_deleted_days is not None and self.keep_untagged_days is not None:
            problem = "cannot be beside keep_deleted_days: ACR has one of the two policies"
            yield Fault(("keep_untagged_days",), problem, "remove one of the two")

    @rule
    def the_world_is_not_let_in(self) -> Iterator[Fault]:
        """A premium registry's public endpoint is for some networks; for all of the internet there are other tiers."""
        if any(network.prefixlen == 0 for network in collapse_addresses(self.public_access)):
            problem = "opens the registry to the whole internet"
            yield Fault(("public_access",), problem, "name networks, or write tier: standard")

    @rule
    def the_zone_is_the_registrys(self) -> Iterator[Fault]:
        """Registries' private endpoints are looked up in one zone, of a name that Azure gave."""
        yield from zone_faults(self.private_dns_zone, "privatelink.azurecr.io")

    @rule
    def no_repository_is_taken_for_a_cache(self) -> Iterator[Fault]:
        """ACR takes whatever lies under a cache's prefix for an upstream's image."""
        for index, repository in enumerate(self.repositories):
            prefix, slash, _ = repository.partition("/")
            if slash and prefix in self.pull_through:
                problem = f"{repository!r} lies under the prefix {prefix}/ of a cache"
                yield Fault(("repositories", index), problem, "rename the repository, or the key in pull_through")

    @rule
    def an_upstream_has_one_cache(self) -> Iterator[Fault]:
        """An upstream pulled through twice would have each image twice."""
        first: dict[str, str] = {}
        for name, cache in self.pull_through.items():
            host = upstream_host(cache.upstream)
            if first.setdefault(host, name) != name:
                problem = f"{cache.upstream} is pulled through as {first[host]} already"
                yield Fault(("pull_through", name, "upstream"), problem, f"remove {name}")


def upstream_host(upstream: str) -> str:
    """An upstream's host as ACR knows it."""
    return DOCKER_HUB[0] if upstream in DOCKER_HUB else upstream
