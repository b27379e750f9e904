"""What lives inside an AKS cluster: its classes. Drivers, snapshot controller and autoscaler are AKS's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.azure.storage_classes import snapshot_classes, storage_classes
from components.incluster.layer import InClusterArgs, InClusterLayer
from components.incluster.provider import ClusterAccess, kubernetes_provider
from components.incluster.reference import InfrastructureReference
from components.settings import AzureStack


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the objects in a cluster find around them, in the same stack or in the infrastructure's."""

    access: ClusterAccess
    file_account_id: pulumi.Output[str] | None
    volume_group: pulumi.Output[str]
    after: Sequence[pulumi.Resource] = ()


def surroundings_in(settings: AzureStack, reference: InfrastructureReference) -> Surroundings:
    """What another stack holds of the surroundings."""
    files = settings.storage.file is not None
    return Surroundings(
        access=reference,
        file_account_id=reference.file_system_id if files else None,
        volume_group=reference.volume_group,
    )


def in_cluster(settings: AzureStack, tags: Mapping[str, str], around: Surroundings) -> None:
    """Make the objects inside the cluster."""
    provider = kubernetes_provider("kubernetes", around.access)
    storage, keep_data = settings.storage, settings.protection.keep_data
    args = InClusterArgs(
        cluster=around.access,
        storage_classes=storage_classes(storage, around.file_account_id, tags, volume_group=around.volume_group),
        snapshot_classes=snapshot_classes(storage, tags, keep_data=keep_data),
        after=around.after,
    )
    InClusterLayer("in-cluster", args, pulumi.ResourceOptions(providers=[provider]))
