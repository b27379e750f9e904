"""A platform: its parts by the contract, and what every stack exports of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.contract import Cluster, Network, NodeGroup, Registry, Storage

EXPORTS: Final = (
    "network_id",
    "subnet_ids",
    "security_group_ids",
    "cluster_name",
    "api_url",
    "ca_certificate",
    "oidc_issuer",
    "kubeconfig",
    "node_role",
    "node_groups",
    "registry_url",
    "repository_urls",
    "mirror_urls",
    "storage_classes",
    "kept",
    "in_cluster",
)
"""The names that every stack exports, whatever its provider, way and layer.

Where nodes' own identity does not pull, `pull_credentials` is one more; where people log in at an issuer of their own
and `kubeconfig` is the operators', `login_kubeconfig` is theirs.
"""


@dataclass(frozen=True, kw_only=True)
class Platform:
    """The parts of one stack. `in_cluster` is what a second layer needs of this one, beyond the other exports.

    `login_kubeconfig` holds no credential: JSON text for people who log in at an issuer of their own.
    """

    network: Network
    cluster: Cluster
    node_groups: Mapping[str, NodeGroup]
    registry: Registry
    storage: Storage
    in_cluster: Mapping[str, pulumi.Output[str] | None]
    login_kubeconfig: pulumi.Output[str] | None = None

    def exports(self) -> dict[str, Any]:
        """The stack's outputs by `EXPORTS`; None is what this way of running Kubernetes does not have."""
        network, cluster = self.network, self.cluster
        credentials = self.registry.pull_credentials
        return {
            **({} if credentials is None else {"pull_credentials": credentials}),
            **({} if self.login_kubeconfig is None else {"login_kubeconfig": self.login_kubeconfig}),
            "network_id": network.network_id,
            "subnet_ids": {
                "nodes": dict(network.node_subnet_ids),
                "control_plane": dict(network.control_plane_subnet_ids),
                "load_balancers": dict(network.load_balancer_subnet_ids),
            },
            "security_group_ids": {**network.security_group_ids, **cluster.security_group_ids},
            "cluster_name": cluster.cluster_name,
            "api_url": cluster.api_url,
            "ca_certificate": cluster.ca_certificate,
            "oidc_issuer": cluster.oidc_issuer,
            "kubeconfig": cluster.kubeconfig,
            "node_role": cluster.node_role,
            "node_groups": {name: dict(group.group_names) for name, group in self.node_groups.items()},
            "registry_url": self.registry.registry_url,
            "repository_urls": dict(self.registry.repository_urls),
            "mirror_urls": dict(self.registry.mirror_urls),
            "storage_classes": sorted(self.storage.classes),
            "kept": dict(self.storage.kept),
            "in_cluster": dict(self.in_cluster),
        }
