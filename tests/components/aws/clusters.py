"""EKS clusters for the tests, in a VPC of zones a, b and c, with what stands on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from components.aws.add_ons import EksAddOns, EksAddOnsArgs
from components.aws.cluster import EksCluster, EksClusterArgs
from components.aws.node_groups import EksNodeGroup, EksNodeGroupArgs
from components.contract import Cluster, Network
from components.settings import (
    EksClusterSettings,
    NodeGroupSettings,
    ProtectionSettings,
    StorageSettings,
)
from preview.plan import Operation, Plan, Resource
from tests.components.aws.networks import TAGS, by_type_and_name, provider, vpc_network
from tests.support import applied, plan

Resources = dict[tuple[str, str], Resource]

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
    *, storage: StorageSettings | None = None, group: Mapping[str, Any] | None = None, **settings: Any
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
            storage=storage or StorageSettings(),
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


@cache
def planned(build: Callable[[], object]) -> Resources:
    """The resources of a first preview, which has no finding."""
    preview = plan(build)
    assert preview.diagnostics == ()
    return by_type_and_name(preview.resources)


@cache
def standing(build: Callable[[], object]) -> Resources:
    """The resources once they were made, with made-up ids."""
    return by_type_and_name(applied(build).resources.values())


def changed(before: Callable[[], object], after: Callable[[], object]) -> Plan:
    """The preview of `after` where `before` stands."""
    return plan(after, record=applied(before))


def operations(preview: Plan) -> dict[tuple[str, str], Operation]:
    """What is done to each resource that does not stay the same, by short type and logical name."""
    return {
        (step.resource.type.rpartition(":")[2], step.resource.name): step.operation
        for step in preview.steps
        if step.operation is not Operation.SAME
    }


def complaints(preview: Plan) -> str:
    """All findings of a preview as text."""
    return "\n".join(str(diagnostic) for diagnostic in preview.diagnostics)
