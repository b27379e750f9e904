"""Storage and snapshot classes on GKE, as data: both layers of a platform build the same ones from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi

from components.settings import GcpFileStorageSettings, GcpProviderSettings, GcpStorageSettings
from components.tags import PREFIX
from components.terms import SnapshotClass, StorageClass

BLOCK: Final = "block"
FILE: Final = "file"
BLOCK_DRIVER: Final = "pd.csi.storage.gke.io"
_FILE_DRIVER: Final = "filestore.csi.storage.gke.io"


def storage_classes(
    settings: GcpStorageSettings, provider: GcpProviderSettings, network_id: pulumi.Output[str], tags: Mapping[str, str]
) -> dict[str, StorageClass]:
    """The storage classes by name; `file` only where the settings want files, in the network of that whole name.

    GKE marks its own `standard-rwo` as default too. Of several defaults Kubernetes takes the newest, which is ours.
    Source: Kubernetes documentation, "Storage Classes", default StorageClass, read 2026-11-29.
    """
    classes = {BLOCK: _block_class(settings, tags)}
    if settings.file is not None:
        classes[FILE] = _file_class(settings.file, provider, network_id, tags)
    return classes


def snapshot_classes(
    settings: GcpStorageSettings, provider: GcpProviderSettings, tags: Mapping[str, str], *, keep_data: bool
) -> dict[str, SnapshotClass]:
    """The snapshot classes by name; none where the settings want no snapshots.

    Snapshots stay in the region. Files have none: what the Filestore driver makes are backups, at a price of their own.
    Source: gcp-compute-persistent-disk-csi-driver, pkg/parameters/parameters.go, commit b560165 of 2026-08-18, read
    2026-11-23.
    """
    if not settings.snapshots:
        return {}
    block = SnapshotClass(
        driver=BLOCK_DRIVER,
        deletion_policy="Retain" if keep_data else "Delete",
        parameters={"storage-locations": provider.region, "labels": _text(volume_labels(tags))},
        default=True,
    )
    return {BLOCK: block}


def volume_labels(tags: Mapping[str, str]) -> dict[str, str]:
    """The labels by which disks and instances that claims made are found, and told from the nodes' own disks.

    Only what never changes while a stack lives: a storage class cannot be changed, only replaced.
    """
    identity = (f"{PREFIX}-project", f"{PREFIX}-stack")
    return {**{key: tags[key] for key in identity}, f"{PREFIX}-role": "persistent-volume"}


def list_disks_command(provider: GcpProviderSettings, tags: Mapping[str, str]) -> str:
    """The command that lists the disks that claims made, also when the cluster is gone.

    Disks are made inside the cluster: no preview and no state knows their ids.
    """
    return f"gcloud compute disks list --project {provider.project} {_filter(tags)} --format 'value(selfLink())'"


def list_files_command(provider: GcpProviderSettings, tags: Mapping[str, str]) -> str:
    """The command that lists the Filestore instances that claims made, also when the cluster is gone."""
    return f"gcloud filestore instances list --project {provider.project} {_filter(tags)} --format 'value(name)'"


def _block_class(settings: GcpStorageSettings, tags: Mapping[str, str]) -> StorageClass:
    """Disks in the zone of the pod that first uses them; Google encrypts all, with a key of one's own where named.

    Source: gcp-compute-persistent-disk-csi-driver, README.md, CreateVolume parameters, commit b560165 of 2026-08-18,
    read 2026-11-23.
    """
    block = settings.block
    throughput = block.throughput_mib_per_second
    chosen = {
        "disk-encryption-kms-key": block.key,
        "provisioned-iops-on-create": None if block.iops is None else str(block.iops),
        "provisioned-throughput-on-create": None if throughput is None else f"{throughput}Mi",
    }
    return StorageClass(
        provisioner=BLOCK_DRIVER,
        parameters={
            "type": block.disk_type.value,
            "labels": _text(volume_labels(tags)),
            **{key: value for key, value in chosen.items() if value is not None},
        },
        default=block.default,
        reclaim_policy=block.reclaim_policy.value,
    )


def _file_class(
    file: GcpFileStorageSettings, provider: GcpProviderSettings, network_id: pulumi.Output[str], tags: Mapping[str, str]
) -> StorageClass:
    """A Filestore instance of its own for each claim, in the cluster's network.

    Source: gcp-filestore-csi-driver, README.md and pkg/csi_driver/controller.go, commit 2edb466 of 2026-06-24, read
    2026-11-23.
    """
    key = {"instance-encryption-kms-key": file.key} if file.key is not None else {}
    return StorageClass(
        provisioner=_FILE_DRIVER,
        parameters={
            "tier": file.tier.value.replace("-", "_"),
            "network": network_id.apply(lambda whole: filestore_network(whole, provider.project)),
            "connect-mode": network_id.apply(lambda whole: filestore_connection(whole, provider.project)),
            "labels": _text(volume_labels(tags)),
            **key,
        },
        default=file.default,
        reclaim_policy=file.reclaim_policy.value,
    )


def filestore_network(network_id: str, project: str) -> str:
    """A network as Filestore takes it: by its last name, or by its whole one where it is another project's."""
    return network_id.rpartition("/")[2] if _is_of(network_id, project) else network_id


def filestore_connection(network_id: str, project: str) -> str:
    """How Filestore joins a network: by peering, and another project's by private services access."""
    return "DIRECT_PEERING" if _is_of(network_id, project) else "PRIVATE_SERVICE_ACCESS"


def _is_of(network_id: str, project: str) -> bool:
    return network_id.startswith(f"projects/{project}/")


def _text(labels: Mapping[str, str]) -> str:
    """Labels as the drivers take them."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def _filter(tags: Mapping[str, str]) -> str:
    """The option of gcloud that finds what carries the labels of volumes."""
    return f"--filter '{' AND '.join(f'labels.{key}={value}' for key, value in volume_labels(tags).items())}'"
