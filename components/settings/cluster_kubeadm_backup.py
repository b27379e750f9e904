"""`infraplatform:cluster.etcd_backup` on own servers: how often etcd is saved, and where copies go."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.settings.base import Fault, Settings, by_environment, rule
from components.settings.values import FolderPath, matching


class BackupTarget(StrEnum):
    """Where snapshots are copied to, beside the control plane's own folder."""

    LOCAL = "local"
    NFS = "nfs"
    S3 = "s3"


class S3BackupSettings(Settings):
    """A bucket of S3, or of what speaks its protocol."""

    endpoint: Annotated[
        str,
        matching(r"^https?://[^\s/]+$", "an address with https://", examples=["https://s3.eu-central-1.amazonaws.com"]),
    ]
    """Address of the service, without the bucket."""
    bucket: Annotated[
        str,
        matching(
            r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
            "a bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens",
            examples=["etcd-backups"],
        ),
    ]
    """The bucket; it stands already, and its own lifecycle rule removes old copies."""
    region: Annotated[str, matching(r"^[a-z0-9-]+$", "a region's name", examples=["eu-central-1"])]
    """Its region, which signatures name."""
    prefix: Annotated[
        str,
        matching(r"^([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)?$", "folders without outer slashes", examples=["platform"]),
    ] = ""
    """What all names of copies begin with, before the cluster's and the node's name."""


class NfsBackupSettings(Settings):
    """A share of an NFS server, mounted while a snapshot is copied and no longer."""

    server: Annotated[
        str,
        matching(r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", "an address or a DNS name", examples=["nas.example"]),
    ]
    """The server."""
    share: FolderPath
    """The folder that it exports."""
    options: Annotated[
        str, matching(r"^[a-z0-9=.,_-]+$", "mount options with commas", examples=["nfsvers=4.2,soft"])
    ] = "nfsvers=4.2,soft,timeo=150,retrans=3"
    """Options of the mount; a hard mount would wait for a lost server for ever."""


class EtcdBackupSettings(Settings):
    """Snapshots of etcd that each control plane saves every day, before upgrades, and copies away."""

    directory: FolderPath = "/var/backups/infraplatform-etcd"
    """Where they are, on each control plane; the copies are beside these, not in their place."""
    keep: Annotated[int, Field(ge=1, le=1000)] = by_environment(dev=3, staging=14, prod=30)
    """Newest snapshots that are kept, here and on an NFS share."""
    target: BackupTarget = BackupTarget.LOCAL
    """Where copies go: nowhere, to an NFS share or to a bucket."""
    s3: S3BackupSettings | None = None
    """The bucket; with target: s3, and the secret infraplatform:etcd_backup_credentials."""
    nfs: NfsBackupSettings | None = None
    """The share; with target: nfs."""

    @rule
    def the_target_is_described(self) -> Iterator[Fault]:
        """The target's own keys are there, and no other's."""
        for target, described in ((BackupTarget.S3, self.s3), (BackupTarget.NFS, self.nfs)):
            if self.target is target and described is None:
                yield Fault((target.value,), f"is missing with target: {target.value}", "describe where copies go")
            if self.target is not target and described is not None:
                remedy = f"write target: {target.value}, or remove it"
                yield Fault((target.value,), "is described, and copies do not go there", remedy)
