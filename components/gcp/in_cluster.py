"""What lives inside a GKE cluster: its classes, and who may do what. Drivers and autoscaler are GKE's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.gcp.access import in_kubernetes
from components.gcp.storage_classes import snapshot_classes, storage_classes
from components.incluster.access import AccessBindings
from components.incluster.layer import InClusterArgs, InClusterLayer
from components.incluster.provider import ClusterAccess, kubernetes_provider
from components.incluster.reference import InfrastructureReference
from components.settings import GcpStack


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the objects in a cluster find around them, in the same stack or in the infrastructure's."""

    access: ClusterAccess
    network_id: pulumi.Output[str]
    after: Sequence[pulumi.Resource] = ()


def surroundings_in(reference: InfrastructureReference) -> Surroundings:
    """What another stack holds of the surroundings."""
    return Surroundings(access=reference, network_id=reference.network_id)


def in_cluster(settings: GcpStack, tags: Mapping[str, str], around: Surroundings) -> None:
    """Make the objects inside the cluster."""
    provider = kubernetes_provider("kubernetes", around.access)
    storage, place, keep_data = settings.storage, settings.provider, settings.protection.keep_data
    args = InClusterArgs(
        cluster=around.access,
        storage_classes=storage_classes(storage, place, around.network_id, tags),
        snapshot_classes=snapshot_classes(storage, place, tags, keep_data=keep_data),
        after=around.after,
    )
    inside = pulumi.ResourceOptions(providers=[provider])
    InClusterLayer("in-cluster", args, inside)
    if settings.cluster.access:
        AccessBindings("access", around.access, in_kubernetes(settings.cluster.access), inside)
