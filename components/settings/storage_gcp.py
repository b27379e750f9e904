"""`infraplatform:storage` on Google Cloud: Persistent Disk or Hyperdisk, Filestore, snapshots, Backup for GKE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, by_environment, rule, wrong
from components.settings.storage import ReclaimPolicy, default_faults
from components.settings.values import KmsKeyName, PartOverrides, matching


class GcpDiskType(StrEnum):
    """What a disk is made of."""

    PD_BALANCED = "pd-balanced"
    PD_SSD = "pd-ssd"
    HYPERDISK_BALANCED = "hyperdisk-balanced"


class FilestoreTier(StrEnum):
    """How large, fast and safe a Filestore instance is."""

    BASIC_HDD = "basic-hdd"
    ZONAL = "zonal"
    REGIONAL = "regional"
    ENTERPRISE = "enterprise"


_CRON_FIELDS: Final = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
TIERS_WITHOUT_KEY: Final = (FilestoreTier.BASIC_HDD,)
"""Tiers that take no key of one's own. Source: gcp-filestore-csi-driver, CHANGELOG, v1.6.0, read 2026-11-29."""


class GcpBlockStorageSettings(Settings):
    """Disks that one node mounts at a time: class `block`."""

    default: bool = True
    """Whether claims that name no class get this one."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a disk when its claim is deleted."""
    disk_type: GcpDiskType = GcpDiskType.PD_BALANCED
    """What disks are made of; newer machine families take hyperdisk-balanced only."""
    key: KmsKeyName | None = None
    """KMS key of the disks; left out: Google's own."""
    iops: Annotated[int | None, Field(ge=3000, le=160000, examples=[6000])] = None
    """Provisioned IOPS of a hyperdisk-balanced disk; Google's choice by size where left out."""
    throughput_mib_per_second: Annotated[int | None, Field(ge=140, le=2400, examples=[250])] = None
    """Provisioned throughput of a hyperdisk-balanced disk in MiB/s; Google's choice by size where left out."""

    @rule
    def only_hyperdisks_are_provisioned(self) -> Iterator[Fault]:
        """A persistent disk's speed follows from its size."""
        for name, value in (("iops", self.iops), ("throughput_mib_per_second", self.throughput_mib_per_second)):
            if value is not None and self.disk_type is not GcpDiskType.HYPERDISK_BALANCED:
                problem = f"cannot be chosen for {self.disk_type.value}, whose size decides it"
                yield Fault((name,), problem, "remove it, or write disk_type: hyperdisk-balanced")


class GcpFileStorageSettings(Settings):
    """Filestore instances, one for each claim, that many nodes mount at once: class `file`."""

    default: bool = False
    """Whether claims that name no class get this one."""
    tier: FilestoreTier = by_environment(
        dev=FilestoreTier.BASIC_HDD, staging=FilestoreTier.BASIC_HDD, prod=FilestoreTier.REGIONAL
    )
    """How large, fast and safe an instance is; each has 1 TiB at least, of basic-hdd 100 GiB."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to an instance when its claim is deleted."""
    key: KmsKeyName | None = None
    """KMS key of the instances, not with tier: basic-hdd; left out: Google's own."""

    @rule
    def the_tier_takes_a_key(self) -> Iterator[Fault]:
        """Basic instances are encrypted with Google's keys only."""
        if self.key is not None and self.tier in TIERS_WITHOUT_KEY:
            problem = f"cannot be chosen with tier: {self.tier.value}"
            yield Fault(("key",), problem, "remove it, or write tier: zonal or regional")


class GcpBackupSettings(Settings):
    """A plan of Backup for GKE: objects, secrets and volumes of every namespace."""

    schedule: Annotated[
        str,
        matching(
            r"^[\d*/,-]+ [\d*/,-]+ [\d*/,-]+ [\d*/,-]+ [\d*/,-]+$",
            "a cron expression of five fields of digits and * / , - , in UTC",
            examples=["0 3 * * *"],
        ),
    ] = "0 3 * * *"
    """When, as a cron expression in UTC, in quotes."""
    keep_days: Annotated[int, Field(ge=1, le=365)] = by_environment(dev=7, staging=14, prod=35)
    """Days that a backup is kept."""
    key: KmsKeyName | None = None
    """KMS key of the backups; left out: Google's own."""

    @field_validator("schedule")
    @classmethod
    def _is_a_time(cls, schedule: str) -> str:
        for field, (name, least, most) in zip(schedule.split(), _CRON_FIELDS, strict=True):
            for number in re.findall(r"(?<!/)\b\d+", field):
                if not least <= int(number) <= most:
                    raise wrong(
                        f"{schedule!r} has {name} {number}", f"write {least} to {most} there, as in '0 3 * * *'"
                    )
        return schedule


class GcpStorageSettings(Settings):
    """Persistent storage of the cluster."""

    kind: Literal["gcp"] = "gcp"
    """Google Cloud's storage; follows from the provider where left out."""
    block: GcpBlockStorageSettings = GcpBlockStorageSettings()
    """Disks that one node mounts at a time; always there, as a cluster without a class is of no use."""
    file: GcpFileStorageSettings | None = None
    """Filestore, which many nodes mount at once; none where left out."""
    snapshots: bool = True
    """Whether volumes can be snapshotted."""
    backup: GcpBackupSettings | None = None
    """A backup plan; none where left out."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @rule
    def one_class_is_the_default(self) -> Iterator[Fault]:
        """Claims that name no class get one, and only one."""
        by_file = self.file is not None and self.file.default
        yield from default_faults(by_block=self.block.default, by_file=by_file)
