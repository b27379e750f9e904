"""`infraplatform:storage` on own servers: folders on the nodes' own disks."""

from __future__ import annotations

from typing import Literal

from components.settings.base import Settings, by_environment
from components.settings.storage import ReclaimPolicy
from components.settings.values import FolderPath


class LocalPathSettings(Settings):
    """Folders on the node where a claim's first pod runs: class `local-path`. Data is on one node, and gone with it."""

    directory: FolderPath = "/var/lib/infraplatform/volumes"
    """Where the folders are, on every node."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a folder when its claim is deleted."""


class ServersStorageSettings(Settings):
    """Persistent storage of the cluster."""

    kind: Literal["servers"] = "servers"
    """The servers' own disks; follows from the provider where left out."""
    local: LocalPathSettings = LocalPathSettings()
    """Folders on the nodes' disks; always there, as a cluster without a class is of no use."""
