"""Storage and snapshot classes as objects in the cluster."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.terms import SnapshotClass, StorageClass

_DEFAULT_STORAGE_CLASS = "storageclass.kubernetes.io/is-default-class"
_DEFAULT_SNAPSHOT_CLASS = "snapshot.storage.kubernetes.io/is-default-class"


def storage_class(
    logical_name: str, name: str, settings: StorageClass, opts: pulumi.ResourceOptions
) -> kubernetes.storage.v1.StorageClass:
    """Make a storage class that claims name `name`."""
    return kubernetes.storage.v1.StorageClass(
        logical_name,
        metadata=_metadata(name, {_DEFAULT_STORAGE_CLASS: _text(on=settings.default)}),
        provisioner=settings.provisioner,
        parameters=dict(settings.parameters),
        reclaim_policy=settings.reclaim_policy,
        volume_binding_mode=settings.volume_binding_mode,
        allow_volume_expansion=settings.allow_volume_expansion,
        mount_options=list(settings.mount_options) or None,
        opts=opts,
    )


class VolumeSnapshotClass(pulumi.CustomResource):
    """A snapshot class that snapshots name `name`.

    A class of our own: its fields lie beside `metadata`, and the SDK's CustomResource takes none but `spec`. Its
    definition comes with the snapshot controller, so `opts` must wait for that.
    """

    def __init__(self, logical_name: str, name: str, settings: SnapshotClass, opts: pulumi.ResourceOptions) -> None:
        """Make the object."""
        properties = {
            "apiVersion": "snapshot.storage.k8s.io/v1",
            "kind": "VolumeSnapshotClass",
            "metadata": _metadata(name, {_DEFAULT_SNAPSHOT_CLASS: _text(on=settings.default)}),
            "driver": settings.driver,
            "deletionPolicy": settings.deletion_policy,
            "parameters": dict(settings.parameters),
        }
        super().__init__("kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", logical_name, properties, opts)


def _metadata(name: str, annotations: Mapping[str, str]) -> kubernetes.meta.v1.ObjectMetaArgs:
    return kubernetes.meta.v1.ObjectMetaArgs(name=name, annotations=dict(annotations))


def _text(*, on: bool) -> str:
    return "true" if on else "false"
