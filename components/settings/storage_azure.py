"""`infraplatform:storage` on Azure: managed disks, Azure Files, snapshots, Azure Backup."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, by_environment, rule
from components.settings.storage import ReclaimPolicy, default_faults
from components.settings.values import PartOverrides, matching
from components.settings.values_azure import DiskEncryptionSetId, PrivateDnsZoneId, zone_faults


class AzureDiskType(StrEnum):
    """What a disk is made of; `-zrs` is kept in three zones at once, the others in the zone of their first pod."""

    STANDARD_SSD = "standard-ssd"
    STANDARD_SSD_ZRS = "standard-ssd-zrs"
    PREMIUM_SSD = "premium-ssd"
    PREMIUM_SSD_ZRS = "premium-ssd-zrs"
    PREMIUM_SSD_V2 = "premium-ssd-v2"


class FileProtocol(StrEnum):
    """How nodes mount files."""

    NFS = "nfs"
    SMB = "smb"


class Redundancy(StrEnum):
    """Where copies are: in one building, or in three zones."""

    LOCAL = "local"
    ZONE = "zone"


FILES_ZONE: Final = "privatelink.file.core.windows.net"
BLOBS_ZONE: Final = "privatelink.blob.core.windows.net"
"""Where storage accounts' private endpoints are looked up. Source: Azure, private endpoint DNS, known, not read."""
PREMIUM_V2_IOPS: Final = 3000
PREMIUM_V2_MIB_PER_SECOND: Final = 125
"""What a Premium SSD v2 disk has unasked. Source: Azure managed disks, disk types, known, not read."""


class AzureBlockStorageSettings(Settings):
    """Disks that one node mounts at a time: class `block`."""

    default: bool = True
    """Whether claims that name no class get this one."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a disk when its claim is deleted."""
    disk_type: AzureDiskType = by_environment(
        dev=AzureDiskType.STANDARD_SSD, staging=AzureDiskType.PREMIUM_SSD, prod=AzureDiskType.PREMIUM_SSD
    )
    """What disks are made of; premium ones want machine types that take them, `-zrs` and v2 not every region has."""
    disk_encryption_set: DiskEncryptionSetId | None = None
    """Disk encryption set with the disks' key; left out: Microsoft's own keys."""
    iops: Annotated[int | None, Field(ge=PREMIUM_V2_IOPS, le=80000, examples=[6000])] = None
    """Provisioned IOPS of a premium-ssd-v2 disk; 3,000 where left out."""
    throughput_mib_per_second: Annotated[int | None, Field(ge=PREMIUM_V2_MIB_PER_SECOND, le=1200, examples=[250])] = (
        None
    )
    """Provisioned throughput of a premium-ssd-v2 disk in MiB/s, a quarter of its IOPS at most; 125 where left out."""

    @rule
    def only_version_two_is_provisioned(self) -> Iterator[Fault]:
        """Other disks' speed follows from their size."""
        for name, value in (("iops", self.iops), ("throughput_mib_per_second", self.throughput_mib_per_second)):
            if value is not None and self.disk_type is not AzureDiskType.PREMIUM_SSD_V2:
                problem = f"cannot be chosen for {self.disk_type.value}, whose size decides it"
                yield Fault((name,), problem, "remove it, or write disk_type: premium-ssd-v2")

    @rule
    def throughput_has_its_iops(self) -> Iterator[Fault]:
        """A Premium SSD v2 disk has four IOPS at least for each MiB/s. Source: as above, known, not read."""
        iops = self.iops or PREMIUM_V2_IOPS
        throughput = self.throughput_mib_per_second or PREMIUM_V2_MIB_PER_SECOND
        if throughput * 4 > iops and self.disk_type is AzureDiskType.PREMIUM_SSD_V2:
            problem = f"{throughput} MiB/s are too much for {iops} IOPS"
            yield Fault(("throughput_mib_per_second",), problem, f"write iops: {throughput * 4}, or {iops // 4} here")


class AzureFileStorageSettings(Settings):
    """A storage account with a share for each claim, which many nodes mount at once: class `file`."""

    default: bool = False
    """Whether claims that name no class get this one."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a share when its claim is deleted."""
    protocol: FileProtocol = FileProtocol.NFS
    """How nodes mount shares: nfs without a credential, smb with the account's key, which the driver looks up."""
    encrypt_in_transit: bool = True
    """Whether nfs is encrypted on the way, by a helper that the nodes' image must have; smb always is."""
    redundancy: Redundancy = by_environment(dev=Redundancy.LOCAL, staging=Redundancy.LOCAL, prod=Redundancy.ZONE)
    """Where copies of the shares are; fixed at the account's creation."""
    private_dns_zone: PrivateDnsZoneId | None = None
    """Zone privatelink.file.core.windows.net that the network has already; left out: one is made and linked."""

    @rule
    def smb_is_encrypted(self) -> Iterator[Fault]:
        """SMB is never mounted in the clear."""
        if self.protocol is FileProtocol.SMB and not self.encrypt_in_transit:
            yield Fault(("encrypt_in_transit",), "cannot be false with protocol: smb", "remove it")

    @rule
    def the_zone_is_azure_files(self) -> Iterator[Fault]:
        """Accounts' private endpoints for files are looked up in one zone, of a name that Azure gave."""
        yield from zone_faults(self.private_dns_zone, FILES_ZONE)


class AzureBackupSettings(Settings):
    """Azure Backup for AKS: objects of every namespace, and disks, once a day."""

    time: Annotated[str, matching(r"^([01]\d|2[0-3]):[0-5]\d$", "a time of day in UTC", examples=["03:00"])] = "03:00"
    """When, in UTC, in quotes."""
    keep_days: Annotated[int, Field(ge=1, le=360)] = by_environment(dev=7, staging=14, prod=35)
    """Days that a backup is kept."""
    redundancy: Redundancy = by_environment(dev=Redundancy.LOCAL, staging=Redundancy.LOCAL, prod=Redundancy.ZONE)
    """Where copies of the objects are; fixed at creation."""
    private_dns_zone: PrivateDnsZoneId | None = None
    """Zone privatelink.blob.core.windows.net that the network has already; left out: one is made and linked."""

    @rule
    def the_zone_is_azure_blobs(self) -> Iterator[Fault]:
        """As for files."""
        yield from zone_faults(self.private_dns_zone, BLOBS_ZONE)


class AzureStorageSettings(Settings):
    """Persistent storage of the cluster."""

    kind: Literal["azure"] = "azure"
    """Azure's storage; follows from the provider where left out."""
    block: AzureBlockStorageSettings = AzureBlockStorageSettings()
    """Disks that one node mounts at a time; always there, as a cluster without a class is of no use."""
    file: AzureFileStorageSettings | None = None
    """Azure Files, which many nodes mount at once; none where left out."""
    snapshots: bool = True
    """Whether volumes can be snapshotted."""
    backup: AzureBackupSettings | None = None
    """A daily backup; none where left out."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @rule
    def one_class_is_the_default(self) -> Iterator[Fault]:
        """Claims that name no class get one, and only one."""
        by_file = self.file is not None and self.file.default
        yield from default_faults(by_block=self.block.default, by_file=by_file)

    @rule
    def the_backup_takes_the_disks(self) -> Iterator[Fault]:
        """Azure Backup for AKS takes Standard and Premium SSD disks.

        Source: Azure documentation, "Azure Kubernetes Service backup support matrix", read 2026-11-29.
        """
        if self.backup is not None and self.block.disk_type is AzureDiskType.PREMIUM_SSD_V2:
            remedy = "remove it, or write block.disk_type: premium-ssd"
            yield Fault(("backup",), "cannot be: Azure Backup takes no premium-ssd-v2 disks of a cluster", remedy)
