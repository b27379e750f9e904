"""`infraplatform:storage`: block and file classes, snapshots and backups."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, by_environment, rule
from components.settings.values import KmsKeyArn, PartOverrides, matching

CRON_PATTERN: Final = r"^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$"
GP3_IOPS: Final = 3000
GP3_THROUGHPUT_MIB_PER_SECOND: Final = 125
GP3_IOPS_PER_MIB_PER_SECOND: Final = 4
"""What a gp3 disk has unasked, and how its throughput hangs on its IOPS. Source: EBS user guide, gp3, read 2026-11."""


class ReclaimPolicy(StrEnum):
    """What happens to a volume when its claim is deleted, in Kubernetes' own words."""

    DELETE = "Delete"
    RETAIN = "Retain"


class AwsBlockStorageSettings(Settings):
    """Disks that one node mounts at a time: class `block`."""

    default: bool = True
    """Whether claims that name no class get this one."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a disk when its claim is deleted."""
    key_arn: KmsKeyArn | None = None
    """KMS key of the disks; left out: the account's default key for EBS."""
    iops: Annotated[int | None, Field(ge=GP3_IOPS, le=80000)] = None
    """Provisioned IOPS of a gp3 disk; 3,000 where left out."""
    throughput_mib_per_second: Annotated[int | None, Field(ge=GP3_THROUGHPUT_MIB_PER_SECOND, le=2000)] = None
    """Provisioned throughput of a gp3 disk in MiB/s, a quarter of its IOPS at most; 125 where left out."""

    @rule
    def throughput_has_its_iops(self) -> Iterator[Fault]:
        """A gp3 disk has four IOPS at least for each MiB/s."""
        iops = self.iops or GP3_IOPS
        throughput = self.throughput_mib_per_second or GP3_THROUGHPUT_MIB_PER_SECOND
        if throughput * GP3_IOPS_PER_MIB_PER_SECOND > iops:
            problem = f"{throughput} MiB/s are too much for {iops} IOPS"
            remedy = (
                f"write iops: {throughput * GP3_IOPS_PER_MIB_PER_SECOND}, or {iops // GP3_IOPS_PER_MIB_PER_SECOND} here"
            )
            yield Fault(("throughput_mib_per_second",), problem, remedy)


class AwsFileStorageSettings(Settings):
    """A file system that many nodes mount at once: class `file`."""

    default: bool = False
    """Whether claims that name no class get this one."""
    key_arn: KmsKeyArn | None = None
    """KMS key of the file system; left out: the account's default key for EFS. Fixed at creation."""


class AwsBackupSettings(Settings):
    """A plan that backs up the stack's disks and file system."""

    schedule: Annotated[
        str, matching(CRON_PATTERN, "an AWS cron expression of six fields", examples=["cron(0 3 * * ? *)"])
    ] = "cron(0 3 * * ? *)"
    """When, as an AWS cron expression in UTC."""
    keep_days: Annotated[int, Field(ge=1, le=36500)] = by_environment(dev=7, staging=14, prod=35)
    """Days that a backup is kept."""


class AwsStorageSettings(Settings):
    """Persistent storage of the cluster."""

    kind: Literal["aws"] = "aws"
    """AWS's storage; follows from the provider where left out."""
    block: AwsBlockStorageSettings = AwsBlockStorageSettings()
    """Disks that one node mounts at a time; always there, as a cluster without a class is of no use."""
    file: AwsFileStorageSettings | None = None
    """A file system that many nodes mount at once; none where left out."""
    snapshots: bool = True
    """Whether volumes can be snapshotted."""
    backup: AwsBackupSettings | None = None
    """A backup plan; none where left out."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @rule
    def one_class_is_the_default(self) -> Iterator[Fault]:
        """Claims that name no class get one, and only one."""
        by_file = self.file is not None and self.file.default
        yield from default_faults(by_block=self.block.default, by_file=by_file)


def default_faults(*, by_block: bool, by_file: bool) -> Iterator[Fault]:
    """A fault where claims that name no class would get none, or one of two."""
    if by_block and by_file:
        yield Fault(("block", "default"), "is true in file too", "write default: false here, or in file")
    if not by_block and not by_file:
        remedy = "write true here, or default: true in file"
        yield Fault(("block", "default"), "leaves no class the default", remedy)
