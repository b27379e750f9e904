"""A registry that somebody runs already, named so that stacks export it like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.settings import ExternalRegistrySettings


@dataclass(frozen=True, kw_only=True)
class ExternalRegistryArgs:
    """What an external registry is described by."""

    settings: ExternalRegistrySettings


class ExternalRegistry(pulumi.ComponentResource):
    """A registry outside the platform; fulfils `contract.Registry`. Nodes pull without credentials.

    Mirrors have no prefix: nodes take them for the registry that they stand for.
    """

    registry_url: pulumi.Output[str]
    repository_urls: Mapping[str, pulumi.Output[str]]
    mirror_urls: Mapping[str, pulumi.Output[str]]
    pull_credentials: pulumi.Output[str] | None
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: ExternalRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Describe the registry."""
        settings = args.settings
        super().__init__("infraplatform:servers:ExternalRegistry", name, {"url": settings.url}, opts)
        self.registry_url = pulumi.Output.from_input(settings.url)
        self.repository_urls = {
            repository: pulumi.Output.from_input(f"{settings.url}/{repository}") for repository in settings.repositories
        }
        self.mirror_urls = {}
        self.pull_credentials = None
        self.ready = (self,)
        self.register_outputs({"registry_url": self.registry_url})
