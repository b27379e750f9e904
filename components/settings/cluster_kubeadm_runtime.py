"""`infraplatform:cluster.runtime` by kubeadm: what runs containers on the hosts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from components.settings.base import Settings


class RuntimeKind(StrEnum):
    """What runs containers."""

    CONTAINERD = "containerd"
    CRI_O = "cri-o"
    DOCKER = "docker"


_BINARIES: Final[Mapping[RuntimeKind, tuple[str, ...]]] = {
    RuntimeKind.CONTAINERD: ("containerd", "runc"),
    RuntimeKind.CRI_O: ("cri-o",),
    RuntimeKind.DOCKER: ("cri-dockerd",),
}
"""What hosts download for each. CRI-O's archive brings crun and conmon; Docker Engine is the hosts' own package."""


class RuntimeSettings(Settings):
    """What runs containers on all hosts; fixed at the cluster's creation."""

    kind: RuntimeKind = RuntimeKind.CONTAINERD
    """containerd, cri-o, or docker: Docker Engine that hosts bring themselves, by cri-dockerd."""

    @property
    def binaries(self) -> tuple[str, ...]:
        """The names of what a host downloads for it."""
        return _BINARIES[self.kind]
