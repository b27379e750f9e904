"""Longhorn: volumes that are on several hosts' disks at a time, by its chart, on all workers.

Sources, read 2026-11-29: longhorn/longhorn v1.12.1, chart/ and deploy/longhorn-images.txt; longhorn-manager v1.12.1,
types/ (the label of hosts that hold data, how taints are written); its documentation of v1.12, "Quick Installation".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.binaries import pinned
from components.kubeadm.charts import Chart
from components.kubeadm.kubeadm_config import NodeFacts
from components.settings import LonghornSettings
from components.terms import MachineRole, Taint

LONGHORN_CHART: Final = "longhorn-chart"
LONGHORN_RELEASE: Final = "longhorn"
_NAMESPACE: Final = "longhorn-system"
_DATA_LABEL: Final = "node.longhorn.io/create-default-disk"
_OWN: Final = (
    "backing-image-manager",
    "longhorn-engine",
    "longhorn-instance-manager",
    "longhorn-manager",
    "longhorn-share-manager",
    "longhorn-ui",
)
_OTHERS: Final = (
    "csi-attacher:v4.12.0",
    "csi-node-driver-registrar:v2.17.0",
    "csi-provisioner:v5.3.0",
    "csi-resizer:v2.2.1",
    "csi-snapshotter:v8.6.0",
    "livenessprobe:v2.19.0",
    "support-bundle-kit:v0.0.92",
)


def longhorn_chart(settings: LonghornSettings, classes: Sequence[Mapping[str, Any]], taints: Sequence[Taint]) -> Chart:
    """Longhorn on workers with these taints, and its classes.

    Its own class stays away, as those of the settings are there. It asks nobody for news and sends nobody figures.
    """
    return Chart(
        release=LONGHORN_RELEASE,
        namespace=_NAMESPACE,
        download=LONGHORN_CHART,
        images=[
            *(f"docker.io/longhornio/{name}:v{pinned(LONGHORN_CHART)}" for name in _OWN),
            *(f"docker.io/longhornio/{image}" for image in _OTHERS),
        ],
        privileged=True,  # it makes and mounts devices on the hosts
        values={
            "global": {"tolerations": [_toleration(taint) for taint in taints]},
            "persistence": {"createStorageClass": False, "defaultClass": False},
            "csi": {"kubeletRootDir": "/var/lib/kubelet"},
            "defaultSettings": {
                "createDefaultDiskLabeledNodes": True,
                "defaultDataPath": settings.directory,
                "taintToleration": "; ".join(_written(taint) for taint in taints),
                "upgradeChecker": False,
                "allowCollectingLonghornUsageMetrics": False,
            },
        },
        objects=classes,
    )


def holds_data(settings: LonghornSettings, node: NodeFacts) -> bool:
    """Whether volumes' data is on a node: on all workers, or on those that the settings name."""
    return node.role is MachineRole.WORKER and (not settings.hosts or node.name in settings.hosts)


def longhorn_labels(settings: LonghornSettings | None, node: NodeFacts) -> dict[str, str]:
    """The label by which Longhorn makes its folder on a node."""
    return {_DATA_LABEL: "true"} if settings is not None and holds_data(settings, node) else {}


def longhorn_variables(settings: LonghornSettings | None, node: NodeFacts) -> dict[str, str]:
    """What a worker's host is asked for: to mount volumes, and to hold data in a folder."""
    if settings is None or node.role is not MachineRole.WORKER:
        return {}
    return {"LONGHORN": settings.directory if holds_data(settings, node) else "mounts"}


def _toleration(taint: Taint) -> dict[str, str]:
    return {"key": taint.key, "operator": "Equal", "value": taint.value, "effect": taint.effect.value}


def _written(taint: Taint) -> str:
    """As `kubectl taint` takes it."""
    return f"{taint.key}={taint.value}:{taint.effect.value}" if taint.value else f"{taint.key}:{taint.effect.value}"
