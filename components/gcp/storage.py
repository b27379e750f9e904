"""Persistent storage of a platform on Google Cloud: disks, Filestore, snapshots and backups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.contract import Network
from components.gcp.storage_backup import BackupArgs, backup_plan
from components.gcp.storage_classes import list_disks_command, list_files_command, snapshot_classes, storage_classes
from components.settings import GcpProviderSettings, GcpStorageSettings, ProtectionSettings
from components.tags import labels
from components.terms import SnapshotClass, StorageClass


@dataclass(frozen=True, kw_only=True)
class GcpStorageArgs:
    """What storage is made from.

    `cluster_id` is the cluster's whole name; `after` is what encrypting with keys of one's own waits for.
    """

    settings: GcpStorageSettings
    provider: GcpProviderSettings
    network: Network
    cluster_id: pulumi.Output[str]
    protection: ProtectionSettings
    tags: Mapping[str, str]
    after: Sequence[pulumi.Resource] = ()


class GcpStorage(pulumi.ComponentResource):
    """What persistent volumes are made of; fulfils `contract.Storage`.

    Class `block` makes encrypted disks, class `file` a Filestore instance for each claim; the drivers are GKE's own.
    The objects themselves are the in-cluster layer's. What claims made outlives the stack if its claims were not
    deleted before: `list_disks_command` and `list_files_command` print it. The plan of backups, where there is one,
    always outlives it. Backups hold disks, not Filestore, whose instances Google backs up by a service of its own.
    Non-goals: Cloud Storage, Filestore multishare, regional disks, restore plans.
    """

    classes: Mapping[str, StorageClass]
    snapshot_classes: Mapping[str, SnapshotClass]
    kept: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]
    list_disks_command: str
    list_files_command: str

    def __init__(self, name: str, args: GcpStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the backup plan that the settings ask for, and the classes as data.

        Raises:
            ConfigurationError: tags that are no labels.
        """
        settings, provider = args.settings, args.provider
        tags = labels(args.tags)
        super().__init__("infraplatform:gcp:GcpStorage", name, {"kinds": _wanted(settings)}, opts)
        kept: dict[str, pulumi.Output[str]] = {}
        if settings.backup is not None:
            backup_args = BackupArgs(
                settings=settings.backup,
                cluster_id=args.cluster_id,
                provider=provider,
                protection=args.protection,
                tags=tags,
                parent=self,
                after=args.after,
            )
            kept["backup_plan"] = backup_plan(f"{name}-backups", backup_args).id

        self.classes = storage_classes(settings, provider, args.network.network_id, tags)
        self.snapshot_classes = snapshot_classes(settings, provider, tags, keep_data=args.protection.keep_data)
        self.kept = kept
        self.ready = tuple(args.after)
        self.list_disks_command = list_disks_command(provider, tags)
        self.list_files_command = list_files_command(provider, tags)
        self.register_outputs({"kept": self.kept, "list_disks_command": self.list_disks_command})


def _wanted(settings: GcpStorageSettings) -> list[str]:
    return ["block", "file"] if settings.file is not None else ["block"]
