"""A cluster and a network that cost nothing, for the tests of what is built on them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import pulumi

from components.tags import platform_tags
from components.terms import Permissions, ServiceAccount, WorkloadIdentity

TAGS = platform_tags("infraplatform", "test", "dev", {"team": "core"})
NODE_ROLE = "arn:aws:iam::123456789012:role/path/nodes-1a2b3c4"


class Stand(pulumi.CustomResource):
    """A resource that stands for one which another part makes.

    Not a component: whoever waits for a component waits for its children, and this has none.
    """

    def __init__(self, name: str) -> None:
        super().__init__("test:double:Stand", name)


@dataclass(kw_only=True)
class ClusterDouble:
    """Fulfils `contract.Cluster` without a cloud."""

    node_role: pulumi.Output[str] | None = field(default_factory=lambda: pulumi.Output.from_input(NODE_ROLE))
    security_group_ids: Mapping[str, pulumi.Output[str]] = field(
        default_factory=lambda: {"nodes": pulumi.Output.from_input("sg-nodes")}
    )
    name: str = "cluster-1a2b3c"
    version: str = "1.35"
    oidc_issuer: pulumi.Output[str] | None = None
    node_prerequisites: Sequence[pulumi.Resource] = ()
    control_plane: Stand = field(init=False)
    ready: Sequence[Stand] = field(init=False)
    cluster_name: pulumi.Output[str] = field(init=False)
    api_url: pulumi.Output[str] = field(init=False)
    ca_certificate: pulumi.Output[str] = field(init=False)
    kubeconfig: pulumi.Output[str] = field(init=False)

    def __post_init__(self) -> None:
        self.control_plane = Stand("control-plane")
        self.ready = (Stand("deployers-access"),)
        self.cluster_name = pulumi.Output.from_input(self.name)
        self.api_url = pulumi.Output.from_input("https://192.0.2.1")
        self.ca_certificate = pulumi.Output.from_input("Y2E=")
        self.kubeconfig = pulumi.Output.secret(json.dumps({"current-context": self.name}))

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Nothing is granted: `service_account` gets an identity of the same name."""
        assert permissions
        return WorkloadIdentity(principal=pulumi.Output.from_input(service_account.name))


@dataclass(kw_only=True)
class NetworkDouble:
    """Fulfils `contract.Network` without a cloud, with a node subnet in each of `zones`."""

    zones: tuple[str, ...] = ("a", "b")
    cidrs: tuple[IPv4Network, ...] = (IPv4Network("10.20.0.0/16"),)
    pod_range: pulumi.Output[str] | None = None
    service_range: pulumi.Output[str] | None = None
    ready: Sequence[pulumi.Resource] = ()
    network_id: pulumi.Output[str] = field(init=False)
    node_subnet_ids: dict[str, pulumi.Output[str]] = field(init=False)
    control_plane_subnet_ids: dict[str, pulumi.Output[str]] = field(init=False)
    load_balancer_subnet_ids: dict[str, pulumi.Output[str]] = field(default_factory=dict[str, "pulumi.Output[str]"])
    security_group_ids: dict[str, pulumi.Output[str]] = field(default_factory=dict[str, "pulumi.Output[str]"])

    def __post_init__(self) -> None:
        self.network_id = pulumi.Output.from_input("vpc-1")
        self.node_subnet_ids = {zone: pulumi.Output.from_input(f"subnet-{zone}") for zone in self.zones}
        self.control_plane_subnet_ids = self.node_subnet_ids
