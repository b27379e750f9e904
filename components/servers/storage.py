"""Persistent storage on own servers: folders on the nodes' own disks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.settings import ServersStorageSettings
from components.terms import SnapshotClass, StorageClass

LOCAL_CLASS: Final = "local-path"
PROVISIONER: Final = "rancher.io/local-path"
"""What local-path-provisioner calls itself. Source: its deploy/local-path-storage.yaml, read 2026-11-29."""


@dataclass(frozen=True, kw_only=True)
class ServersStorageArgs:
    """What storage is made from; `after` is the cluster, whose control planes make the class."""

    settings: ServersStorageSettings
    after: Sequence[pulumi.Resource]


class ServersStorage(pulumi.ComponentResource):
    """The class `local-path`; fulfils `contract.Storage`.

    The class itself is among the manifests that a control plane applies, so that it waits for no plugin. Non-goals:
    volumes that outlive their node, snapshots.
    """

    classes: Mapping[str, StorageClass]
    snapshot_classes: Mapping[str, SnapshotClass]
    kept: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: ServersStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Describe the storage."""
        local = args.settings.local
        super().__init__("infraplatform:servers:ServersStorage", name, {"directory": local.directory}, opts)
        self.classes = {
            LOCAL_CLASS: StorageClass(
                provisioner=PROVISIONER,
                default=True,
                reclaim_policy=local.reclaim_policy.value,
                allow_volume_expansion=False,
            )
        }
        self.snapshot_classes = {}
        self.kept = {}
        self.ready = args.after
        self.register_outputs({"classes": sorted(self.classes)})
