"""The site's network on own servers: it stands already, and nothing in it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from components.settings import ServersNetworkSettings, ServersProviderSettings


@dataclass(frozen=True, kw_only=True)
class SiteNetworkArgs:
    """What a site's network is described by."""

    settings: ServersNetworkSettings
    provider: ServersProviderSettings


class SiteNetwork(pulumi.ComponentResource):
    """The network that own servers stand in; fulfils `contract.Network`. The whole site is one zone and one subnet."""

    network_id: pulumi.Output[str]
    cidrs: tuple[IPv4Network, ...]
    zones: tuple[str, ...]
    node_subnet_ids: Mapping[str, pulumi.Output[str]]
    control_plane_subnet_ids: Mapping[str, pulumi.Output[str]]
    load_balancer_subnet_ids: Mapping[str, pulumi.Output[str]]
    pod_range: pulumi.Output[str] | None
    service_range: pulumi.Output[str] | None
    security_group_ids: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: SiteNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Describe the network."""
        cidrs = args.settings.node_cidrs
        shown = {"site": args.provider.site, "ranges": [str(cidr) for cidr in cidrs]}
        super().__init__("infraplatform:servers:SiteNetwork", name, shown, opts)
        site = args.provider.site
        self.network_id = pulumi.Output.from_input(site)
        self.cidrs = cidrs
        self.zones = (site,)
        self.node_subnet_ids = {site: self.network_id}
        self.control_plane_subnet_ids = {site: self.network_id}
        self.load_balancer_subnet_ids = {}
        self.pod_range = None
        self.service_range = None
        self.security_group_ids = {}
        self.ready = ()
        self.register_outputs({"network_id": self.network_id})
