"""Persistent storage of a platform on AWS: EBS disks, an EFS file system, snapshots and backups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.storage_backup import BackupArgs, backups
from components.aws.storage_classes import list_disks_command, snapshot_classes, storage_classes
from components.aws.storage_files import FileSystem, FileSystemArgs, file_system
from components.contract import Cluster, Network
from components.settings import AwsFileStorageSettings, AwsProviderSettings, AwsStorageSettings, ProtectionSettings
from components.terms import SnapshotClass, StorageClass


@dataclass(frozen=True, kw_only=True)
class AwsStorageArgs:
    """What storage is made from. `auto_mode` says that EKS Auto Mode brings the driver of disks."""

    settings: AwsStorageSettings
    provider: AwsProviderSettings
    network: Network
    cluster: Cluster
    protection: ProtectionSettings
    tags: Mapping[str, str]
    auto_mode: bool = False


class AwsStorage(pulumi.ComponentResource):
    """What persistent volumes are made of; fulfils `contract.Storage`.

    Class `block` makes encrypted gp3 disks, class `file` directories of an encrypted file system. The objects
    themselves are the in-cluster layer's. `file_system_id` is None without a file system. `list_disks_command` prints
    the ids of the disks that claims made. Non-goals: S3, FSx, replication to another region.
    """

    classes: Mapping[str, StorageClass]
    snapshot_classes: Mapping[str, SnapshotClass]
    kept: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]
    file_system_id: pulumi.Output[str] | None
    list_disks_command: str

    def __init__(self, name: str, args: AwsStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the file system and the backups that the settings ask for."""
        settings, protection = args.settings, args.protection
        super().__init__("infraplatform:aws:AwsStorage", name, {"kinds": _wanted(settings)}, opts)
        files = self._files(f"{name}-files", settings.file, args) if settings.file is not None else None
        file_system_id = files.resource.id if files else None
        kept = {"file_system": files.resource.id} if files else {}
        if settings.backup is not None:
            backup_args = BackupArgs(
                settings=settings.backup,
                file_system=files.resource if files else None,
                provider=args.provider,
                protection=protection,
                tags=args.tags,
                parent=self,
            )
            kept["backup_vault"] = backups(f"{name}-backups", backup_args).name

        self.file_system_id = file_system_id
        self.classes = storage_classes(settings, file_system_id, auto_mode=args.auto_mode, tags=args.tags)
        self.snapshot_classes = snapshot_classes(
            settings, auto_mode=args.auto_mode, keep_data=protection.keep_data, tags=args.tags
        )
        self.kept = kept if protection.keep_data else {}
        self.ready = files.ready if files else ()
        self.list_disks_command = list_disks_command(args.provider.region, args.tags)
        self.register_outputs({"kept": self.kept, "list_disks_command": self.list_disks_command})

    def _files(self, name: str, settings: AwsFileStorageSettings, args: AwsStorageArgs) -> FileSystem:
        return file_system(
            name,
            FileSystemArgs(
                settings=settings,
                network=args.network,
                cluster=args.cluster,
                protection=args.protection,
                tags=args.tags,
                backed_up=args.settings.backup is not None,
                parent=self,
            ),
        )


def _wanted(settings: AwsStorageSettings) -> list[str]:
    return ["block", "file"] if settings.file is not None else ["block"]
