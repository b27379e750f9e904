"""`infraplatform:storage.longhorn` on own servers: volumes that Longhorn keeps on several hosts' disks at a time."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Settings, by_environment
from components.settings.provider_servers import HostName
from components.settings.storage import ReclaimPolicy
from components.settings.values import EachOnce, FolderPath, LogicalName

LONGHORN_DRIVER: Final = "driver.longhorn.io"
"""What its CSI driver calls itself. Source: longhorn/longhorn v1.12.1, chart/templates/storageclass.yaml, read
2026-11-29."""


LONGHORN_STATIC: Final = "longhorn-static"
"""The class that Longhorn makes by itself, for volumes that were there before. Source: chart/values.yaml, as above."""


class LonghornClassSettings(Settings):
    """A class whose volumes are copied between hosts; a pod anywhere may have one, several may share one by NFS."""

    replicas: Annotated[int, Field(ge=1, le=10)] = by_environment(dev=2, staging=3, prod=3)
    """On how many hosts a volume's data is at a time."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a volume when its claim is deleted."""

    @property
    def parameters(self) -> dict[str, str]:
        """What the class tells Longhorn; Kubernetes takes texts alone."""
        return {
            "numberOfReplicas": str(self.replicas),
            "staleReplicaTimeout": "30",
            "fsType": "ext4",
            "dataEngine": "v1",
        }


class LonghornSettings(Settings):
    """Longhorn on all workers; once there it stays, as it holds data."""

    directory: FolderPath = "/var/lib/longhorn"
    """Where the data is on each host that holds some, on ext4 or XFS; a disk of its own is better; stays."""
    hosts: Annotated[tuple[HostName, ...], EachOnce, Field(examples=[["worker-1", "worker-2", "worker-3"]])] = ()
    """The workers that hold data, by their names in provider.hosts; left out: all."""
    classes: Annotated[
        dict[LogicalName, LonghornClassSettings], Field(min_length=1, examples=[{"replicated": {"replicas": 3}}])
    ] = {"longhorn": LonghornClassSettings()}
    """Its classes, by name."""
