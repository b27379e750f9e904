"""Storage and snapshot classes on AKS, as data: both layers of a platform build the same ones from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi

from components.settings import (
    AzureBlockStorageSettings,
    AzureDiskType,
    AzureFileStorageSettings,
    AzureProviderSettings,
    AzureStorageSettings,
    FileProtocol,
)
from components.tags import PREFIX
from components.terms import SnapshotClass, StorageClass

BLOCK: Final = "block"
FILE: Final = "file"
BLOCK_DRIVER: Final = "disk.csi.azure.com"
_FILE_DRIVER: Final = "file.csi.azure.com"
_SKUS: Final[Mapping[AzureDiskType, str]] = {
    AzureDiskType.STANDARD_SSD: "StandardSSD_LRS",
    AzureDiskType.STANDARD_SSD_ZRS: "StandardSSD_ZRS",
    AzureDiskType.PREMIUM_SSD: "Premium_LRS",
    AzureDiskType.PREMIUM_SSD_ZRS: "Premium_ZRS",
    AzureDiskType.PREMIUM_SSD_V2: "PremiumV2_LRS",
}


def storage_classes(
    settings: AzureStorageSettings,
    file_account_id: pulumi.Input[str] | None,
    tags: Mapping[str, str],
    *,
    volume_group: pulumi.Input[str],
) -> dict[str, StorageClass]:
    """The storage classes by name; `file` only with a storage account, by its whole id; disks lie in `volume_group`.

    AKS marks its own `default` as default too. Of several defaults Kubernetes takes the newest, which is ours.
    Source: Kubernetes documentation, "Storage Classes", default StorageClass, as known in 2026-11; not read.
    """
    classes = {BLOCK: _block_class(settings.block, tags, volume_group)}
    if settings.file is not None and file_account_id is not None:
        classes[FILE] = _file_class(settings.file, file_account_id)
    return classes


def snapshot_classes(
    settings: AzureStorageSettings, tags: Mapping[str, str], *, keep_data: bool
) -> dict[str, SnapshotClass]:
    """The snapshot classes by name; none where the settings want no snapshots. Only disks have any.

    Source: azuredisk-csi-driver, docs/driver-parameters.md, commit 99f13a2, read 2026-11-29.
    """
    if not settings.snapshots:
        return {}
    block = SnapshotClass(
        driver=BLOCK_DRIVER,
        deletion_policy="Retain" if keep_data else "Delete",
        parameters={"incremental": "true", "tags": _text(volume_tags(tags))},
        default=True,
    )
    return {BLOCK: block}


def volume_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags by which disks that claims made are found, and told from the nodes' own disks.

    Only what never changes while a stack lives: a storage class cannot be changed, only replaced.
    """
    identity = (f"{PREFIX}-project", f"{PREFIX}-stack")
    return {**{key: tags[key] for key in identity}, f"{PREFIX}-role": "persistent-volume"}


def list_disks_command(provider: AzureProviderSettings, tags: Mapping[str, str]) -> str:
    """The command that lists the disks that claims made, also when the cluster is gone.

    Disks are made inside the cluster: no preview and no state knows their ids.
    """
    wanted = " && ".join(f'tags."{key}"==`"{value}"`' for key, value in volume_tags(tags).items())
    return f"az disk list --subscription {provider.subscription_id} --query '[?{wanted}].id' --output tsv"


def _block_class(
    block: AzureBlockStorageSettings, tags: Mapping[str, str], volume_group: pulumi.Input[str]
) -> StorageClass:
    """Disks in the zone of the pod that first uses them; Azure encrypts all, with a key of one's own where named.

    Nobody can export a disk's content by a link. Source: as `snapshot_classes`.
    """
    throughput = block.throughput_mib_per_second
    chosen = {
        "diskEncryptionSetID": block.disk_encryption_set,
        "DiskIOPSReadWrite": None if block.iops is None else str(block.iops),
        "DiskMBpsReadWrite": None if throughput is None else str(throughput),
        "cachingMode": "None" if block.disk_type is AzureDiskType.PREMIUM_SSD_V2 else None,  # takes no other
    }
    return StorageClass(
        provisioner=BLOCK_DRIVER,
        parameters={
            "skuName": _SKUS[block.disk_type],
            "resourceGroup": volume_group,
            "networkAccessPolicy": "DenyAll",
            "publicNetworkAccess": "Disabled",
            "tags": _text(volume_tags(tags)),
            **{key: value for key, value in chosen.items() if value is not None},
        },
        default=block.default,
        reclaim_policy=block.reclaim_policy.value,
    )


def _file_class(file: AzureFileStorageSettings, account_id: pulumi.Input[str]) -> StorageClass:
    """A share of its own for each claim, in the stack's account; the account's key is never stored in the cluster.

    Source: azurefile-csi-driver, docs/driver-parameters.md, commit 5c1774e, and deploy/example/nfs/README.md as quoted
    in its pull request 3335 of 2026-08, read 2026-11-29.
    """
    account = pulumi.Output.from_input(account_id)
    by_protocol = (
        {"encryptInTransit": "true" if file.encrypt_in_transit else "false"}
        if file.protocol is FileProtocol.NFS
        else {"storeAccountKey": "false"}
    )
    return StorageClass(
        provisioner=_FILE_DRIVER,
        parameters={
            "resourceGroup": account.apply(group_of),
            "storageAccount": account.apply(name_of),
            "protocol": file.protocol.value,
            **by_protocol,
        },
        default=file.default,
        reclaim_policy=file.reclaim_policy.value,
        volume_binding_mode="Immediate",
    )


def group_of(resource_id: str) -> str:
    """The resource group in a resource's whole id."""
    return resource_id.split("/")[4]


def name_of(resource_id: str) -> str:
    """The last name in a resource's whole id."""
    return resource_id.rpartition("/")[2]


def _text(tags: Mapping[str, str]) -> str:
    """Tags as the drivers take them."""
    return ",".join(f"{key}={value}" for key, value in sorted(tags.items()))
