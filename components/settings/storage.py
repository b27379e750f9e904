"""`infraplatform:storage`: block and file classes, snapshots and backups."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from components.settings.base import OVERRIDES_DESCRIPTION, Overrides, Settings, by_environment, wrong

CRON_PATTERN = r"^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$"


class ReclaimPolicy(StrEnum):
    """What happens to a volume when its claim is deleted, in Kubernetes' own words."""

    DELETE = "Delete"
    RETAIN = "Retain"


class BlockStorageSettings(Settings):
    """Disks that one node mounts at a time: class `block`."""

    default: bool = True
    """Whether claims that name no class get this one."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a disk when its claim is deleted."""
    key_arn: Annotated[str | None, Field(pattern=r"^arn:aws[a-z-]*:kms:")] = None
    """KMS key of the disks; left out: the account's default key for EBS."""
    iops: Annotated[int | None, Field(ge=3000, le=80000)] = None
    """Provisioned IOPS of a gp3 disk; 3,000 where left out."""
    throughput_mib_per_second: Annotated[int | None, Field(ge=125, le=2000)] = None
    """Provisioned throughput of a gp3 disk in MiB/s; 125 where left out."""


class FileStorageSettings(Settings):
    """A file system that many nodes mount at once: class `file`."""

    default: bool = False
    """Whether claims that name no class get this one."""
    key_arn: Annotated[str | None, Field(pattern=r"^arn:aws[a-z-]*:kms:")] = None
    """KMS key of the file system; left out: the account's default key for EFS. Fixed at creation."""


class BackupSettings(Settings):
    """A plan that backs up the stack's disks and file system."""

    schedule: Annotated[str, Field(pattern=CRON_PATTERN, examples=["cron(0 3 * * ? *)"])] = "cron(0 3 * * ? *)"
    """When, as an AWS cron expression in UTC."""
    keep_days: Annotated[int, Field(ge=1, le=36500)] = by_environment(dev=7, staging=14, prod=35)
    """Days that a backup is kept."""


class StorageSettings(Settings):
    """Persistent storage of the cluster."""

    block: BlockStorageSettings = BlockStorageSettings()
    """Disks that one node mounts at a time; always there, as a cluster without a class is of no use."""
    file: FileStorageSettings | None = None
    """A file system that many nodes mount at once; none where left out."""
    snapshots: bool = True
    """Whether volumes can be snapshotted."""
    backup: BackupSettings | None = None
    """A backup plan; none where left out."""
    overrides: Annotated[Overrides, Field(description=OVERRIDES_DESCRIPTION)] = {}

    @model_validator(mode="after")
    def _one_class_is_the_default(self) -> Self:
        defaults = [self.block.default, self.file is not None and self.file.default]
        if defaults.count(True) != 1:
            raise wrong("exactly one storage class is the default", "write default: true in block or in file, not both")
        return self
