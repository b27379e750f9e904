"""Persistent storage on own servers: folders and disks of the nodes, copies on several, shares of NFS servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.settings import LonghornClassSettings, NfsClassSettings, ServersStorageSettings
from components.settings.storage import ReclaimPolicy
from components.settings.storage_longhorn import LONGHORN_DRIVER
from components.settings.storage_servers import LOCAL_PATH, LOCAL_PROVISIONER, NFS_DRIVER
from components.terms import SnapshotClass, StorageClass

PROVISIONER: Final = "rancher.io/local-path"
"""What local-path-provisioner calls itself. Source: its deploy/local-path-storage.yaml, read 2026-11-29."""


@dataclass(frozen=True, kw_only=True)
class ServersStorageArgs:
    """What storage is made from; `after` is the cluster, whose control planes make the class."""

    settings: ServersStorageSettings
    after: Sequence[pulumi.Resource]


class ServersStorage(pulumi.ComponentResource):
    """The class `local-path`, and those of disks, copies and shares; fulfils `contract.Storage`.

    The classes are among what control planes apply and install, so that they wait for no plugin. Non-goals: disks that
    are cut into volumes, snapshots of copied volumes, volumes of local disks that outlive their node.
    """

    classes: Mapping[str, StorageClass]
    snapshot_classes: Mapping[str, SnapshotClass]
    kept: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: ServersStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Describe the storage."""
        settings, local, copied = args.settings, args.settings.local, args.settings.copied_classes
        super().__init__("infraplatform:servers:ServersStorage", name, {"directory": local.directory}, opts)
        self.classes = {
            LOCAL_PATH: StorageClass(
                provisioner=PROVISIONER,
                default=settings.default_class == LOCAL_PATH,
                reclaim_policy=local.reclaim_policy.value,
                allow_volume_expansion=False,
            ),
            **dict.fromkeys(settings.local_volumes, _LOCAL_VOLUMES),
            **{name: _share(each, is_default=name == settings.default_class) for name, each in settings.nfs.items()},
            **{name: _copies(each, is_default=name == settings.default_class) for name, each in copied.items()},
        }
        self.snapshot_classes = {"nfs": SnapshotClass(driver=NFS_DRIVER)} if settings.nfs else {}
        self.kept = {}
        self.ready = args.after
        self.register_outputs({"classes": sorted(self.classes)})


_LOCAL_VOLUMES: Final = StorageClass(
    provisioner=LOCAL_PROVISIONER, reclaim_policy=ReclaimPolicy.RETAIN.value, allow_volume_expansion=False
)


def _copies(settings: LonghornClassSettings, *, is_default: bool) -> StorageClass:
    """Bound at once: data is wherever there is room."""
    return StorageClass(
        provisioner=LONGHORN_DRIVER,
        parameters=settings.parameters,
        default=is_default,
        reclaim_policy=settings.reclaim_policy.value,
        volume_binding_mode="Immediate",
    )


def _share(settings: NfsClassSettings, *, is_default: bool) -> StorageClass:
    return StorageClass(
        provisioner=NFS_DRIVER,
        parameters={"server": settings.server, "share": settings.share},
        default=is_default,
        reclaim_policy=settings.reclaim_policy.value,
        volume_binding_mode="Immediate",
        mount_options=settings.mount_options,
    )
