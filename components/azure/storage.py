"""Persistent storage of a platform on Azure: disks, Azure Files, snapshots and backups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import managedidentity

from components.azure.roles import assign_to_identity, role_definition
from components.azure.storage_backup import BackupArgs, backups
from components.azure.storage_classes import list_disks_command, snapshot_classes, storage_classes
from components.azure.storage_files import FilesArgs, files
from components.azure.storage_volumes import VolumesArgs, volumes
from components.contract import Cluster, Network
from components.errors import ConfigurationError, Mistake
from components.settings import AzureProviderSettings, AzureStorageSettings, ProtectionSettings
from components.terms import SnapshotClass, StorageClass

_READER: Final = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
"""Role Reader. Source: Azure documentation, built-in roles, known, not read."""


@dataclass(frozen=True, kw_only=True)
class AzureStorageArgs:
    """What storage is made from.

    `cluster_id` is the cluster's whole id and `cluster_identity` what its control plane, with AKS's own drivers, acts
    as; `private_endpoint_subnet_id` is where storage accounts get their address, None where the network has no such
    subnet; `readable_disk_encryption_set` is one that the cluster's identity may see already, as its nodes have it.
    """

    settings: AzureStorageSettings
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    network: Network
    private_endpoint_subnet_id: pulumi.Output[str] | None
    cluster: Cluster
    cluster_id: pulumi.Output[str]
    cluster_identity: managedidentity.UserAssignedIdentity
    protection: ProtectionSettings
    tags: Mapping[str, str]
    readable_disk_encryption_set: str | None = None


class AzureStorage(pulumi.ComponentResource):
    """What persistent volumes are made of; fulfils `contract.Storage`.

    Class `block` makes encrypted disks, class `file` a share for each claim in the stack's own account; the drivers are
    AKS's own. The objects themselves are the in-cluster layer's. Disks that claims made outlive the stack if their
    claims were not deleted before: `list_disks_command` prints them. `file_system_id` is the account's whole id, None
    without files. Backups hold objects and disks, not files.
    Non-goals: blobs, NetApp Files, ultra disks, a vault's own copies of backups, restoring.
    """

    classes: Mapping[str, StorageClass]
    snapshot_classes: Mapping[str, SnapshotClass]
    kept: Mapping[str, pulumi.Output[str]]
    ready: Sequence[pulumi.Resource]
    list_disks_command: str
    file_system_id: pulumi.Output[str] | None
    volume_group_name: pulumi.Output[str]
    """The resource group that disks of claims are made in."""

    def __init__(self, name: str, args: AzureStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the account of files and the backups that the settings ask for, and the classes as data.

        Raises:
            ConfigurationError: files or backups are wanted, and the network has no subnet for their accounts.
        """
        settings, protection = args.settings, args.protection
        if mistakes := list(_no_place(args)):
            raise ConfigurationError(mistakes)
        super().__init__("infraplatform:azure:AzureStorage", name, {"kinds": _wanted(settings)}, opts)
        place = volumes(f"{name}-volumes", self._volumes_args(args))
        self.volume_group_name = place.group.name
        kept: dict[str, pulumi.Output[str]] = {"volumes": place.group.id}
        ready: list[pulumi.Resource] = [place.right, *self._key_reader(f"{name}-key", args)]
        self.file_system_id = None
        if (found := self._files_args(args)) is not None:
            made = files(f"{name}files", found)
            self.file_system_id = kept["file_system"] = made.account.id
            ready += made.ready
        if (wanted := self._backup_args(args)) is not None:
            kept |= backups(f"{name}-backup", wanted).kept

        self.classes = storage_classes(settings, self.file_system_id, args.tags, volume_group=self.volume_group_name)
        self.snapshot_classes = snapshot_classes(settings, args.tags, keep_data=protection.keep_data)
        self.kept = kept if protection.keep_data else {}
        self.ready = tuple(ready)
        self.list_disks_command = list_disks_command(args.provider, args.tags)
        self.register_outputs({"kept": self.kept, "list_disks_command": self.list_disks_command})

    def _volumes_args(self, args: AzureStorageArgs) -> VolumesArgs:
        return VolumesArgs(
            provider=args.provider,
            cluster_identity=args.cluster_identity,
            protection=args.protection,
            tags=args.tags,
            parent=self,
        )

    def _key_reader(self, name: str, args: AzureStorageArgs) -> list[pulumi.Resource]:
        """AKS's right to see the disk encryption set that its disks are to have; Azure refuses the same one twice."""
        encryption_set = args.settings.block.disk_encryption_set
        if encryption_set is None or encryption_set == args.readable_disk_encryption_set:
            return []
        role = role_definition(args.provider, _READER)
        return [
            assign_to_identity(name, args.cluster_identity, role_definition_id=role, scope=encryption_set, parent=self)
        ]

    def _files_args(self, args: AzureStorageArgs) -> FilesArgs | None:
        settings, subnet = args.settings.file, args.private_endpoint_subnet_id
        if settings is None or subnet is None:
            return None
        return FilesArgs(
            settings=settings,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            network=args.network,
            private_endpoint_subnet_id=subnet,
            cluster=args.cluster,
            cluster_identity=args.cluster_identity,
            protection=args.protection,
            tags=args.tags,
            parent=self,
        )

    def _backup_args(self, args: AzureStorageArgs) -> BackupArgs | None:
        settings, subnet = args.settings.backup, args.private_endpoint_subnet_id
        if settings is None or subnet is None:
            return None
        return BackupArgs(
            settings=settings,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            network=args.network,
            private_endpoint_subnet_id=subnet,
            cluster=args.cluster,
            cluster_id=args.cluster_id,
            cluster_identity=args.cluster_identity,
            protection=args.protection,
            tags=args.tags,
            parent=self,
        )


def _wanted(settings: AzureStorageSettings) -> list[str]:
    return ["block", "file"] if settings.file is not None else ["block"]


def _no_place(args: AzureStorageArgs) -> Iterator[Mistake]:
    """Storage accounts that would have no address in the network."""
    if args.private_endpoint_subnet_id is not None:
        return
    for part, settings in (("file", args.settings.file), ("backup", args.settings.backup)):
        if settings is not None:
            problem = "wants a private endpoint, and the network has no subnet for it"
            remedy = "name such a subnet in network.existing, or remove it"
            yield Mistake(f"infraplatform:storage.{part}", problem, remedy)
