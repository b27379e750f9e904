"""What lives inside an EKS cluster: what it needs of AWS, and what it is made with there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.autoscaler import (
    CLUSTER_AUTOSCALER,
    KARPENTER,
    KarpenterInfrastructure,
    KarpenterInfrastructureArgs,
    cluster_autoscaler_permissions,
)
from components.aws.storage_classes import snapshot_classes, storage_classes
from components.contract import Cluster
from components.incluster.cluster_autoscaler import ClusterAutoscalerArgs
from components.incluster.karpenter import KarpenterArgs
from components.incluster.layer import InClusterArgs, InClusterLayer
from components.incluster.provider import ClusterAccess, kubernetes_provider
from components.incluster.reference import InfrastructureReference
from components.machine_types import aws_machine_type
from components.settings import Autoscaler, AwsStack
from components.terms import WorkloadIdentity
from components.versions import CLUSTER_AUTOSCALER_VERSIONS, KARPENTER_AMI_ALIASES, KARPENTER_VERSION

_IMAGES_UPSTREAM = "registry.k8s.io"
_KUBERNETES_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}


@dataclass(frozen=True, kw_only=True)
class AutoscalerRights:
    """The autoscaler's half in AWS. All None and empty where AWS itself, or nobody, makes nodes."""

    identity: WorkloadIdentity | None = None
    interruption_queue: pulumi.Output[str] | None = None
    ready: Sequence[pulumi.Resource] = ()


def autoscaler_rights(
    settings: AwsStack, cluster: Cluster, tags: Mapping[str, str], opts: pulumi.ResourceOptions
) -> AutoscalerRights:
    """Give the chosen autoscaler its identity, and Karpenter its queue; `opts` are for what is made beside it."""
    match settings.cluster.autoscaler:
        case Autoscaler.CLUSTER_AUTOSCALER:
            permissions = cluster_autoscaler_permissions(cluster.cluster_name, settings.provider)
            return AutoscalerRights(identity=cluster.grant(CLUSTER_AUTOSCALER, permissions))
        case Autoscaler.KARPENTER:
            args = KarpenterInfrastructureArgs(provider=settings.provider, cluster=cluster, tags=tags)
            made = KarpenterInfrastructure("karpenter", args, opts)
            identity = cluster.grant(KARPENTER, made.permissions)
            return AutoscalerRights(identity=identity, interruption_queue=made.queue_name, ready=made.ready)
        case Autoscaler.AUTO_MODE | Autoscaler.NONE:
            return AutoscalerRights()


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the objects in a cluster find around them, in the same stack or in the infrastructure's.

    `image_mirror` is what images of registry.k8s.io are pulled by, where a cache has that upstream.
    """

    access: ClusterAccess
    rights: AutoscalerRights
    file_system_id: pulumi.Output[str] | None
    image_mirror: pulumi.Output[str] | None
    node_role: pulumi.Output[str] | None
    node_subnet_ids: Mapping[str, pulumi.Output[str]]
    node_security_group_id: pulumi.Output[str]
    after: Sequence[pulumi.Resource] = ()


def surroundings_in(reference: InfrastructureReference, settings: AwsStack) -> Surroundings:
    """What another stack holds of the surroundings."""
    karpenter = settings.cluster.autoscaler is Autoscaler.KARPENTER
    has_identity = karpenter or settings.cluster.autoscaler is Autoscaler.CLUSTER_AUTOSCALER
    mirror = mirror_key(settings)
    return Surroundings(
        access=reference,
        rights=AutoscalerRights(
            identity=reference.autoscaler_identity if has_identity else None,
            interruption_queue=reference.interruption_queue if karpenter else None,
        ),
        file_system_id=reference.file_system_id if settings.storage.file is not None else None,
        image_mirror=reference.mirror_url(mirror) if mirror is not None else None,
        node_role=reference.node_role,
        node_subnet_ids=reference.node_subnet_ids(settings.cluster.zones),
        node_security_group_id=reference.security_group_id("nodes"),
    )


def in_cluster(settings: AwsStack, tags: Mapping[str, str], around: Surroundings) -> None:
    """Make the objects inside the cluster."""
    provider = kubernetes_provider("kubernetes", around.access)
    auto_mode = settings.cluster.autoscaler is Autoscaler.AUTO_MODE
    keep_data = settings.protection.keep_data
    args = InClusterArgs(
        cluster=around.access,
        storage_classes=storage_classes(settings.storage, around.file_system_id, auto_mode=auto_mode, tags=tags),
        snapshot_classes=snapshot_classes(settings.storage, auto_mode=auto_mode, keep_data=keep_data, tags=tags),
        autoscaler=_autoscaler(settings, tags, around),
        after=[*around.after, *around.rights.ready],
    )
    InClusterLayer("in-cluster", args, pulumi.ResourceOptions(providers=[provider]))


def mirror_key(settings: AwsStack) -> str | None:
    """The cache that has the autoscaler's images, by its name in the settings."""
    caches = settings.registry.pull_through.items()
    return next((key for key, cache in caches if cache.upstream == _IMAGES_UPSTREAM), None)


def _autoscaler(
    settings: AwsStack, tags: Mapping[str, str], around: Surroundings
) -> ClusterAutoscalerArgs | KarpenterArgs | None:
    """What the chosen autoscaler runs with; None where no program in the cluster makes nodes."""
    identity, queue, node_role = around.rights.identity, around.rights.interruption_queue, around.node_role
    if identity is None:
        return None
    cluster = settings.cluster
    if queue is None or node_role is None:
        return ClusterAutoscalerArgs(
            cluster_name=around.access.cluster_name,
            region=settings.provider.region,
            version=CLUSTER_AUTOSCALER_VERSIONS[cluster.version],
            identity=identity,
            registry=around.image_mirror or _IMAGES_UPSTREAM,
        )
    return KarpenterArgs(
        cluster_name=around.access.cluster_name,
        version=KARPENTER_VERSION,
        identity=identity,
        interruption_queue=queue,
        node_role=node_role,
        subnet_ids=[around.node_subnet_ids[zone] for zone in sorted(cluster.zones)],
        security_group_ids=[around.node_security_group_id],
        image_alias=KARPENTER_AMI_ALIASES[cluster.version],
        architectures=_architectures(settings),
        region=settings.provider.region,
        tags=tags,
    )


def _architectures(settings: AwsStack) -> list[str]:
    """The architectures of the stack's own node groups: what its users' images are built for."""
    machines = [aws_machine_type(name) for group in settings.node_groups.values() for name in group.machine_types]
    return sorted({_KUBERNETES_ARCHITECTURES[machine.architecture] for machine in machines if machine is not None})
