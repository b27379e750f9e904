"""Storage classes beside the one of folders: mounted disks as volumes, shares of NFS servers by a CSI driver, Longhorn.

Sources: Kubernetes documentation, "Volumes" (local) and "Storage Classes" (Local), known, not read anew; the chart
csi-driver-nfs 4.13.4 (values.yaml) of kubernetes-csi/csi-driver-nfs, commit d3b27c0 of 2026-08-22, read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import yaml

from components.binaries import pinned
from components.kubeadm.charts import Chart
from components.kubeadm.longhorn import longhorn_chart
from components.settings import LocalVolumeSettings, LonghornClassSettings, NfsClassSettings, ServersStorageSettings
from components.settings.storage_longhorn import LONGHORN_DRIVER
from components.settings.storage_servers import LOCAL_PROVISIONER, NFS_DRIVER
from components.terms import Taint

DEFAULT_ANNOTATION: Final = "storageclass.kubernetes.io/is-default-class"
NFS_CHART: Final = "csi-driver-nfs-chart"
NFS_RELEASE: Final = "csi-driver-nfs"
_NFS_IMAGES: Final = (
    f"nfsplugin:v{pinned(NFS_CHART)}",
    "csi-provisioner:v6.3.0",
    "csi-resizer:v2.2.0",
    "csi-snapshotter:v8.6.0",
    "livenessprobe:v2.19.0",
    "csi-node-driver-registrar:v2.17.0",
    "snapshot-controller:v8.6.0",
)
"""What the chart's pods run, by its values."""


def local_volumes_manifest(storage: ServersStorageSettings) -> str:
    """Classes of mounted disks and their volumes, as YAML; empty where there are none."""
    objects: list[dict[str, Any]] = []
    for name, volumes in sorted(storage.local_volumes.items()):
        objects.append(_class(name, LOCAL_PROVISIONER, reclaim_policy="Retain", binding="WaitForFirstConsumer"))
        objects += [_local_volume(volume_name, name, volume) for volume_name, volume in sorted(volumes.items())]
    return "---\n".join(yaml.safe_dump(each, sort_keys=False) for each in objects)


def storage_charts(storage: ServersStorageSettings, taints: Sequence[Taint] = ()) -> Sequence[Chart]:
    """The drivers that the settings want; `taints` are those of workers."""
    charts = [_nfs_chart(storage)] if storage.nfs else []
    if storage.longhorn is not None:
        classes = [
            _longhorn_class(name, settings, is_default=name == storage.default_class)
            for name, settings in sorted(storage.longhorn.classes.items())
        ]
        charts.append(longhorn_chart(storage.longhorn, classes, taints))
    return charts


def _nfs_chart(storage: ServersStorageSettings) -> Chart:
    """The driver of NFS with a class for each share, and one of snapshots."""
    classes = [
        _nfs_class(name, settings, is_default=name == storage.default_class)
        for name, settings in sorted(storage.nfs.items())
    ]
    return Chart(
        release=NFS_RELEASE,
        namespace=NFS_RELEASE,
        download=NFS_CHART,
        images=[f"registry.k8s.io/sig-storage/{image}" for image in _NFS_IMAGES],
        privileged=True,  # it mounts on the hosts
        values={"externalSnapshotter": {"enabled": True}},
        objects=[*classes, _snapshot_class()],
    )


def _class(name: str, provisioner: str, *, reclaim_policy: str, binding: str, **more: Any) -> dict[str, Any]:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name},
        "provisioner": provisioner,
        "reclaimPolicy": reclaim_policy,
        "volumeBindingMode": binding,
        **more,
    }


def _longhorn_class(name: str, settings: LonghornClassSettings, *, is_default: bool) -> dict[str, Any]:
    made = _class(
        name,
        LONGHORN_DRIVER,
        reclaim_policy=settings.reclaim_policy.value,
        binding="Immediate",
        allowVolumeExpansion=True,
        parameters=settings.parameters,
    )
    made["metadata"]["annotations"] = {DEFAULT_ANNOTATION: "true" if is_default else "false"}
    return made


def _nfs_class(name: str, settings: NfsClassSettings, *, is_default: bool) -> dict[str, Any]:
    made = _class(
        name,
        NFS_DRIVER,
        reclaim_policy=settings.reclaim_policy.value,
        binding="Immediate",
        allowVolumeExpansion=True,
        parameters={"server": settings.server, "share": settings.share},
        mountOptions=list(settings.mount_options),
    )
    made["metadata"]["annotations"] = {DEFAULT_ANNOTATION: "true" if is_default else "false"}
    return made


def _snapshot_class() -> dict[str, Any]:
    return {
        "apiVersion": "snapshot.storage.k8s.io/v1",
        "kind": "VolumeSnapshotClass",
        "metadata": {"name": "nfs"},
        "driver": NFS_DRIVER,
        "deletionPolicy": "Delete",
    }


def _local_volume(name: str, of_class: str, volume: LocalVolumeSettings) -> dict[str, Any]:
    here = {"key": "kubernetes.io/hostname", "operator": "In", "values": [volume.host]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": f"{volume.size_gib}Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": of_class,
            "local": {"path": volume.path},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [here]}]}},
        },
    }
