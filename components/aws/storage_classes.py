"""Storage and snapshot classes on AWS, as data: both layers of a platform build the same ones from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi

from components.settings import AwsStorageSettings
from components.tags import PREFIX
from components.terms import SnapshotClass, StorageClass

BLOCK: Final = "block"
FILE: Final = "file"
_BLOCK_DRIVER: Final = "ebs.csi.aws.com"
_AUTO_MODE_BLOCK_DRIVER: Final = "ebs.csi.eks.amazonaws.com"
_FILE_DRIVER: Final = "efs.csi.aws.com"


def storage_classes(
    settings: AwsStorageSettings,
    file_system_id: pulumi.Input[str] | None,
    *,
    auto_mode: bool,
    tags: Mapping[str, str],
) -> dict[str, StorageClass]:
    """The storage classes by name; `file` only with a file system."""
    classes = {BLOCK: _block_class(settings, auto_mode=auto_mode, tags=tags)}
    if settings.file is not None and file_system_id is not None:
        classes[FILE] = _file_class(file_system_id, default=settings.file.default)
    return classes


def snapshot_classes(
    settings: AwsStorageSettings, *, auto_mode: bool, keep_data: bool, tags: Mapping[str, str]
) -> dict[str, SnapshotClass]:
    """The snapshot classes by name; none where the settings want no snapshots. Files are backed up, not snapshotted."""
    if not settings.snapshots:
        return {}
    block = SnapshotClass(
        driver=block_driver(auto_mode=auto_mode),
        deletion_policy="Retain" if keep_data else "Delete",
        parameters=_tag_specifications(tags),
        default=True,
    )
    return {BLOCK: block}


def block_driver(*, auto_mode: bool) -> str:
    """The CSI driver of disks: the add-on's, or the one that EKS Auto Mode brings."""
    return _AUTO_MODE_BLOCK_DRIVER if auto_mode else _BLOCK_DRIVER


def volume_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags by which disks that claims made are found, backed up, and told from the nodes' own disks.

    Only what never changes while a stack lives: a storage class cannot be changed, only replaced.
    """
    identity = (f"{PREFIX}-project", f"{PREFIX}-stack")
    return {**{key: tags[key] for key in identity}, f"{PREFIX}-role": "persistent-volume"}


def list_disks_command(region: str, tags: Mapping[str, str]) -> str:
    """The command that lists the ids of the disks that claims made, also when the cluster is gone.

    Disks are made inside the cluster: no preview and no state knows their ids.
    """
    filters = " ".join(f"'Name=tag:{key},Values={value}'" for key, value in volume_tags(tags).items())
    query = "--query 'Volumes[].VolumeId' --output text"
    return f"aws ec2 describe-volumes --region {region} --filters {filters} {query}"


def _block_class(settings: AwsStorageSettings, *, auto_mode: bool, tags: Mapping[str, str]) -> StorageClass:
    """Encrypted gp3 disks in the zone of the pod that first uses them.

    Source: aws-ebs-csi-driver, docs/parameters.md and docs/tagging.md, commit 429e202 of 2026-08-19; for Auto Mode EKS
    user guide, "Create a storage class", which takes the same parameters and tags; read 2026-11-23.
    """
    block = settings.block
    chosen = {
        "kmsKeyId": block.key_arn,
        "iops": None if block.iops is None else str(block.iops),
        "throughput": None if block.throughput_mib_per_second is None else str(block.throughput_mib_per_second),
    }
    return StorageClass(
        provisioner=block_driver(auto_mode=auto_mode),
        parameters={
            "type": "gp3",
            "encrypted": "true",
            **{key: value for key, value in chosen.items() if value is not None},
            **_tag_specifications(tags),
        },
        default=block.default,
        reclaim_policy=block.reclaim_policy.value,
    )


def _file_class(file_system_id: pulumi.Input[str], *, default: bool) -> StorageClass:
    """A directory of the file system for each claim, behind an access point that enforces its owner.

    A directory carries its volume's name. Not its claim's: the driver refuses a path of more than 100 characters, and a
    namespace and a claim may have 63 and 253. When the claim goes, so does the access point; the directory and its
    files stay in the file system. The file system has no size, so a claim's is not enforced and never grows.
    Source: aws-efs-csi-driver, docs/parameters.md and pkg/driver/controller.go, commit a4fc676 of 2026-07-24, read
    2026-11-23.
    """
    return StorageClass(
        provisioner=_FILE_DRIVER,
        parameters={
            "provisioningMode": "efs-ap",
            "fileSystemId": file_system_id,
            "directoryPerms": "700",
            "basePath": "/volumes",
        },
        default=default,
        volume_binding_mode="Immediate",  # there is a mount target in every zone
        allow_volume_expansion=False,
    )


def _tag_specifications(tags: Mapping[str, str]) -> dict[str, str]:
    """Parameters that make the driver tag what it makes."""
    pairs = sorted(volume_tags(tags).items())
    return {f"tagSpecification_{number}": f"{key}={value}" for number, (key, value) in enumerate(pairs, start=1)}
