"""`infraplatform:cluster` by kubeadm: where a node's binaries come from, and what they must hash to."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.binaries import BINARIES, known_sum, upstream
from components.settings.base import Settings
from components.settings.values import matching
from components.terms import Architecture

Sha256 = Annotated[
    str,
    matching(r"^[0-9a-f]{64}$", "a SHA-256 sum: 64 lower-case hexadecimal digits", examples=["0" * 64]),
]
DownloadUrl = Annotated[
    str,
    matching(
        r"^(https?://[^\s/]+|file://)/\S+$",
        "an address that starts with https://, http:// or, for a file on the hosts, file:///",
        examples=["https://dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubeadm"],
    ),
]
MirrorUrl = Annotated[
    str,
    matching(
        r"^(https?://[^\s/@?#]+(/[^\s?#]*[^\s?#/])?|file:///[^\s?#]*[^\s?#/])$",
        "an address with https://, http:// or, for a folder on the hosts, file:///, and no slash at its end",
        examples=["https://mirror.example/binaries"],
    ),
]
BinaryName = Annotated[
    str,
    matching(
        rf"^({'|'.join(BINARIES)})(/({'|'.join(each.value for each in Architecture)}))?$",
        f"one of {', '.join(BINARIES)}, or one of them for hosts of one architecture, as kubeadm/arm64",
        examples=["kubeadm"],
    ),
]


class Preinstalled(StrEnum):
    """What hosts may bring themselves."""

    CONTAINERD = "containerd"
    RUNC = "runc"
    CRI_O = "cri-o"


class DownloadSettings(Settings):
    """A file that hosts download."""

    url: DownloadUrl
    """Where it is; `file:///` is a path on the hosts."""
    sha256: Sha256
    """Its SHA-256 sum; a file with another is refused."""


class BinarySettings(Settings):
    """A binary of yours in the place of upstream's, or the sum of one that is not known here."""

    url: DownloadUrl | None = None
    """Where it is; `file:///` is a path on the hosts; left out: where upstream has it, or the mirror."""
    sha256: Sha256
    """Its SHA-256 sum; a file with another is refused."""


Downloads = Annotated[dict[BinaryName, BinarySettings], Field(examples=[{"kubeadm": {"sha256": "0" * 64}}])]


def downloads_of(
    names: tuple[str, ...],
    kubernetes: str,
    architecture: Architecture,
    mirror: str | None,
    given: Downloads,
) -> dict[str, DownloadSettings | None]:
    """What a host of this architecture downloads, by name; None where the sum is not known."""
    found: dict[str, DownloadSettings | None] = {}
    for name in names:
        entry = given.get(f"{name}/{architecture.value}") or given.get(name)
        path = upstream(name, kubernetes, architecture)
        url = f"{'https:/' if mirror is None else mirror}/{path}"
        if entry is not None:
            found[name] = DownloadSettings(url=entry.url or url, sha256=entry.sha256)
        else:
            digest = known_sum(path)
            found[name] = None if digest is None else DownloadSettings(url=url, sha256=digest)
    return found
