"""Registries on own servers: one that somebody runs already, and one that the cluster runs itself."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.settings import ExternalRegistrySettings, SelfHostedRegistrySettings


@dataclass(frozen=True, kw_only=True)
class ExternalRegistryArgs:
    """What an external registry is described by."""

    settings: ExternalRegistrySettings


class ExternalRegistry(pulumi.ComponentResource):
    """A registry outside the platform; fulfils `contract.Registry`. Nodes have its credentials themselves.

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


@dataclass(frozen=True, kw_only=True)
class SelfHostedRegistryArgs:
    """What the cluster's own registry is described by.

    `host` is its name and port, `user` its `username` and `password`, a secret; `after` is the cluster, whose control
    planes make it.
    """

    settings: SelfHostedRegistrySettings
    host: str
    user: pulumi.Output[Mapping[str, str]]
    after: Sequence[pulumi.Resource]


class SelfHostedRegistry(pulumi.ComponentResource):
    """The registry that the cluster runs itself; fulfils `contract.Registry`.

    It is among the manifests that a control plane applies, and each node has its name, its CA and a password for it.
    `pull_credentials` are for whoever pushes from outside. Non-goals: users with other rights, garbage collection.
    """

    registry_url: pulumi.Output[str]
    repository_urls: Mapping[str, pulumi.Output[str]]
    mirror_urls: Mapping[str, pulumi.Output[str]]
    pull_credentials: pulumi.Output[str] | None
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: SelfHostedRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Describe the registry."""
        super().__init__("infraplatform:servers:SelfHostedRegistry", name, {"url": args.host}, opts)
        self.registry_url = pulumi.Output.from_input(args.host)
        self.repository_urls = {
            repository: pulumi.Output.from_input(f"{args.host}/{repository}")
            for repository in args.settings.repositories
        }
        self.mirror_urls = {}
        self.pull_credentials = pulumi.Output.secret(args.user.apply(lambda user: docker_config(args.host, user)))
        self.ready = (self, *args.after)
        self.register_outputs({"registry_url": self.registry_url})


def docker_config(host: str, user: Mapping[str, str]) -> str:
    """What `docker login` writes."""
    login = b64encode(f"{user['username']}:{user['password']}".encode()).decode()
    return json.dumps({"auths": {host: {"auth": login}}})
