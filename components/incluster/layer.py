"""All that the platform makes inside a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.incluster.classes import VolumeSnapshotClass, storage_class
from components.incluster.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs
from components.incluster.karpenter import Karpenter, KarpenterArgs
from components.incluster.provider import ClusterAccess
from components.terms import SnapshotClass, StorageClass


@dataclass(frozen=True, kw_only=True)
class InClusterArgs:
    """What goes into a cluster.

    `after` is what objects wait for beyond the deployers' access: node groups for what runs, the snapshot controller
    for snapshot classes. The same order, backwards, lets Karpenter take its machines down before they go.
    """

    cluster: ClusterAccess
    storage_classes: Mapping[str, StorageClass]
    snapshot_classes: Mapping[str, SnapshotClass] = field(default_factory=dict[str, SnapshotClass])
    autoscaler: ClusterAutoscalerArgs | KarpenterArgs | None = None
    after: Sequence[pulumi.Resource] = ()


class InClusterLayer(pulumi.ComponentResource):
    """Storage classes, snapshot classes and the autoscaler, through the Kubernetes provider in `opts.providers`.

    Every object waits for the deployers' access and goes with its cluster (`deleted_with`), so that a destroy never
    asks an API that is gone; where the cluster is another stack's, objects are deleted one by one. No namespace is
    made: the autoscalers run in kube-system. Non-goals: what users run.
    """

    def __init__(self, name: str, args: InClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the objects."""
        super().__init__("infraplatform:incluster:InClusterLayer", name, None, opts)
        cluster = args.cluster
        first = pulumi.ResourceOptions(parent=self, depends_on=list(cluster.ready), deleted_with=cluster.control_plane)
        later = pulumi.ResourceOptions(
            parent=self, depends_on=[*cluster.ready, *args.after], deleted_with=cluster.control_plane
        )
        for key, storage in args.storage_classes.items():
            storage_class(f"{name}-{key}", key, storage, first)
        for key, snapshot in args.snapshot_classes.items():
            VolumeSnapshotClass(f"{name}-{key}", key, snapshot, later)
        match args.autoscaler:
            case ClusterAutoscalerArgs() as autoscaler:
                ClusterAutoscaler(f"{name}-cluster-autoscaler", autoscaler, later)
            case KarpenterArgs() as karpenter:
                Karpenter(f"{name}-karpenter", karpenter, later)
            case None:
                pass
        self.register_outputs({})
