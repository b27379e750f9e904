"""Harbor in the cluster, on own servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.servers.registry import docker_config
from components.settings import HarborRegistrySettings
from components.settings.registry_harbor import HARBOR_PROJECT


@dataclass(frozen=True, kw_only=True)
class HarborRegistryArgs:
    """What Harbor is described by.

    `host` is its name and port, `user` its administrator's `username` and `password`, a secret; `after` is the
    cluster, whose control planes install it.
    """

    settings: HarborRegistrySettings
    host: str
    user: pulumi.Output[Mapping[str, str]]
    after: Sequence[pulumi.Resource]


class HarborRegistry(pulumi.ComponentResource):
    """Harbor in the cluster; fulfils `contract.Registry`.

    Its chart is among those that a control plane installs. Images are in its project `library`, from which nodes pull
    without a login. `pull_credentials` are the administrator's, with the password that Harbor was made with. Non-goals:
    projects, users, robots and replication, which are made in Harbor itself.
    """

    registry_url: pulumi.Output[str]
    repository_urls: Mapping[str, pulumi.Output[str]]
    mirror_urls: Mapping[str, pulumi.Output[str]]
    pull_credentials: pulumi.Output[str] | None
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: HarborRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Describe the registry."""
        url = f"{args.host}/{HARBOR_PROJECT}"
        super().__init__("infraplatform:servers:HarborRegistry", name, {"url": url}, opts)
        self.registry_url = pulumi.Output.from_input(url)
        self.repository_urls = {
            repository: pulumi.Output.from_input(f"{url}/{repository}") for repository in args.settings.repositories
        }
        self.mirror_urls = {}
        self.pull_credentials = pulumi.Output.secret(args.user.apply(lambda user: docker_config(args.host, user)))
        self.ready = (self, *args.after)
        self.register_outputs({"registry_url": self.registry_url})
