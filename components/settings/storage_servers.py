"""`infraplatform:storage` on own servers: folders and disks of the nodes, copies on several, shares of NFS servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, by_environment, rule
from components.settings.provider_servers import HostName
from components.settings.storage import ReclaimPolicy
from components.settings.storage_longhorn import LONGHORN_STATIC, LonghornClassSettings, LonghornSettings
from components.settings.values import EachOnce, FolderPath, LogicalName, matching

LOCAL_PATH: Final = "local-path"
"""The class that is always there."""
LOCAL_PROVISIONER: Final = "kubernetes.io/no-provisioner"
"""What classes of volumes name that somebody else makes."""
NFS_DRIVER: Final = "nfs.csi.k8s.io"
"""What the CSI driver of NFS calls itself. Source: its chart's values, read 2026-11-29."""

MountOption = Annotated[str, matching(r"^[a-z0-9]+(=[A-Za-z0-9._:-]+)?$", "one mount option", examples=["nfsvers=4.2"])]


class LocalPathSettings(Settings):
    """Folders on the node where a claim's first pod runs: class `local-path`. Data is on one node, and gone with it."""

    directory: FolderPath = "/var/lib/infraplatform/volumes"
    """Where the folders are, on every node."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a folder when its claim is deleted."""


class LocalVolumeSettings(Settings):
    """A disk, or a folder of one, that is mounted on a host already; it becomes one volume."""

    host: HostName
    """The host that has it, by its name in provider.hosts."""
    path: FolderPath
    """Where it is mounted; nobody else writes there."""
    size_gib: Annotated[int, Field(ge=1, le=1048576)]
    """Its size, which claims are matched with."""


class NfsClassSettings(Settings):
    """A class whose claims get folders on a share of an NFS server, by its CSI driver; pods anywhere may share one."""

    server: Annotated[
        str,
        matching(
            r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", "an IPv4 address or a DNS name", examples=["nas.example"]
        ),
    ]
    """The server."""
    share: FolderPath
    """The folder that it exports to all nodes."""
    mount_options: Annotated[tuple[MountOption, ...], EachOnce] = ("nfsvers=4.2", "hard", "noatime")
    """Options of the mounts."""
    reclaim_policy: ReclaimPolicy = by_environment(
        dev=ReclaimPolicy.DELETE, staging=ReclaimPolicy.DELETE, prod=ReclaimPolicy.RETAIN
    )
    """What happens to a folder when its claim is deleted."""


class ServersStorageSettings(Settings):
    """Persistent storage of the cluster. A class keeps what it was made with."""

    kind: Literal["servers"] = "servers"
    """The servers' own disks and shares; follows from the provider where left out."""
    local: LocalPathSettings = LocalPathSettings()
    """Folders on the nodes' disks; always there, as a cluster without a class is of no use."""
    local_volumes: Annotated[
        dict[LogicalName, dict[LogicalName, LocalVolumeSettings]],
        Field(examples=[{"fast": {"disk-a": {"host": "worker-1", "path": "/mnt/disk-a", "size_gib": 900}}}]),
    ] = {}
    """Classes of mounted disks: by the class's name, its volumes by theirs. Their data is never deleted by itself."""
    nfs: Annotated[
        dict[LogicalName, NfsClassSettings],
        Field(examples=[{"shared": {"server": "nas.example", "share": "/srv/k8s"}}]),
    ] = {}
    """Classes on shares, by the class's name."""
    longhorn: LonghornSettings | None = None
    """Volumes that are on several hosts' disks at a time; left out: there is no Longhorn."""
    default_class: LogicalName = LOCAL_PATH
    """The class of claims that name none: local-path, or one of nfs or longhorn."""

    @property
    def making_classes(self) -> tuple[str, ...]:
        """The classes that make volumes for claims, by name."""
        return (LOCAL_PATH, *sorted([*self.nfs, *self.copied_classes]))

    @property
    def copied_classes(self) -> Mapping[str, LonghornClassSettings]:
        """The classes of Longhorn, by name."""
        return {} if self.longhorn is None else self.longhorn.classes

    @property
    def charts(self) -> tuple[str, ...]:
        """The downloads of the charts that its drivers come by."""
        return (
            *(("csi-driver-nfs-chart",) if self.nfs else ()),
            *(() if self.longhorn is None else ("longhorn-chart",)),
        )

    @rule
    def classes_have_names_of_their_own(self) -> Iterator[Fault]:
        """Two classes of one name would be one."""
        static = () if self.longhorn is None else (LONGHORN_STATIC,)
        taken = Counter([LOCAL_PATH, *static, *self.local_volumes, *self.nfs, *self.copied_classes])
        parts = {
            ("local_volumes",): self.local_volumes,
            ("nfs",): self.nfs,
            ("longhorn", "classes"): self.copied_classes,
        }
        for part, names in parts.items():
            for name in names:
                if taken[name] > 1:
                    yield Fault((*part, name), "is another class's name already", "write one of its own")

    @rule
    def the_default_class_is_there(self) -> Iterator[Fault]:
        """Claims that name no class get a volume that is made for them."""
        choices = self.making_classes
        if self.default_class not in choices:
            problem = f"{self.default_class!r} is no class that makes volumes"
            yield Fault(("default_class",), problem, f"write {' or '.join(choices)}")

    @rule
    def volumes_are_there_once(self) -> Iterator[Fault]:
        """Two volumes in one folder would write over each other; a volume's name is the cluster's."""
        places: dict[tuple[str, str], str] = {}
        names: dict[str, str] = {}
        for of_class, volumes in self.local_volumes.items():
            for name, volume in volumes.items():
                key = ("local_volumes", of_class, name)
                if names.setdefault(name, of_class) != of_class:
                    yield Fault(key, f"is a volume of {names[name]} too", "write a name of its own")
                first = places.setdefault((volume.host, volume.path), name)
                if first != name:
                    yield Fault((*key, "path"), f"is {first}'s on {volume.host} already", "write this volume's own")
