"""EKS clusters for the tests, in a VPC of zones a, b and c, with what stands on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.aws.add_ons import EksAddOns, EksAddOnsArgs
from components.aws.cluster import EksCluster, EksClusterArgs
from components.aws.node_groups import EksNodeGroup, EksNodeGroupArgs
from components.contract import Cluster, Network
from components.settings import (
    AwsStorageSettings,
    EksClusterSettings,
    NodeGroupSettings,
    ProtectionSettings,
)
from tests.components.aws.networks import TAGS, provider, vpc_network
from tests.components.plans import changed, complaints, operations, planned, standing

__all__ = [
    "DEPLOYER",
    "ZONES",
    "add_ons",
    "changed",
    "complaints",
    "eks_cluster",
    "eks_settings",
    "node_group",
    "operations",
    "planned",
    "standing",
    "with_group",
]

DEPLOYER = "arn:aws:iam::123456789012:role/deployer"
ZONES = ("a", "b", "c")


def eks_settings(**settings: Any) -> EksClusterSettings:
    """A private cluster in zones a and b, unless told otherwise."""
    return EksClusterSettings.model_validate(
        {"version": "1.35", "zones": ("a", "b"), "deployers": (DEPLOYER,), **settings}
    )


def eks_cluster(
    network: Network | None = None,
    *,
    protection: ProtectionSettings | None = None,
    region: str = "us-east-1",
    volume_key_arn: str | None = None,
    **settings: Any,
) -> EksCluster:
    """A cluster of `eks_settings(**settings)`."""
    return EksCluster(
        "cluster",
        EksClusterArgs(
            settings=eks_settings(**settings),
            provider=provider(*ZONES, region=region),
            network=network or vpc_network(*ZONES, region=region),
            protection=protection or ProtectionSettings(),
            tags=TAGS,
            volume_key_arn=volume_key_arn,
        ),
    )


def node_group(
    cluster: Cluster,
    network: Network,
    key: str = "general",
    *,
    cluster_settings: Mapping[str, Any] | None = None,
    **settings: Any,
) -> EksNodeGroup:
    """A group of m7g.large, one to three per zone, unless told otherwise."""
    defaults = {"machine_types": ("m7g.large",), "min_nodes": 2, "max_nodes": 6}
    return EksNodeGroup(
        f"node-group-{key}",
        EksNodeGroupArgs(
            key=key,
            settings=NodeGroupSettings.model_validate({**defaults, **settings}),
            provider=provider(*ZONES),
            cluster_settings=eks_settings(**(cluster_settings or {})),
            cluster=cluster,
            network=network,
            tags=TAGS,
        ),
    )


def add_ons(
    *, storage: AwsStorageSettings | None = None, group: Mapping[str, Any] | None = None, **settings: Any
) -> EksAddOns:
    """The add-ons of a cluster of `eks_settings(**settings)`, after one node group unless in Auto Mode."""
    network = vpc_network(*ZONES)
    cluster = eks_cluster(network, **settings)
    auto_mode = settings.get("autoscaler") == "auto-mode"
    groups = [] if auto_mode else [node_group(cluster, network, cluster_settings=settings, **(group or {}))]
    return EksAddOns(
        "add-ons",
        EksAddOnsArgs(
            settings=eks_settings(**settings),
            storage=storage or AwsStorageSettings(),
            provider=provider(*ZONES),
            cluster=cluster,
            node_groups=groups,
            tags=TAGS,
        ),
    )


def with_group(**settings: Any) -> Callable[[], EksNodeGroup]:
    """A program of a cluster and one node group."""

    def build() -> EksNodeGroup:
        network = vpc_network(*ZONES)
        return node_group(eks_cluster(network), network, **settings)

    return build
