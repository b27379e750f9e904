"""What a machine type's name says about it, without asking the cloud."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

_AWS_TYPE: Final = re.compile(
    r"^(?P<family>[a-z]+?)(?P<generation>\d*)(?P<options>[a-z]*)(?P<variant>-[a-z0-9]+)?\.(?P<size>[a-z0-9-]+)$"
)
"""`m7gd.large`, `c7i-flex.large`, `p6e-gb200.36xlarge`, `u7in-16tb.224xlarge`, `u-6tb1.56xlarge`, `mac2.metal`."""
_AWS_NVIDIA: Final = frozenset({"p", "g", "gr"})
_AWS_NEURON: Final = frozenset({"inf", "trn"})
_AWS_GRACE: Final = "-gb"
"""Variants with NVIDIA's Grace processors, which are arm64: p6e-gb200."""
_AWS_WITHOUT_IMAGE: Final = (
    (re.compile(r"^mac"), "EKS has no nodes on macOS"),
    (re.compile(r"^g4ad\."), "no EKS image has drivers for its AMD GPU"),
    (re.compile(r"^(dl|f|vt)\d"), "no EKS image has drivers for its accelerator"),
    (re.compile(r"^(p2|g2|g3s?)\."), "the NVIDIA drivers of the EKS images do not know its GPU"),
    (re.compile(r"^(t1|m1|m2|c1|cc2|cr1|cg1|hi1|hs1)\."), "EKS does not offer this generation"),
)
"""Types that EKS images leave without use. Source: EKS user guide, choosing an instance type, read 2026-11."""
_AWS_XEN: Final = re.compile(r"^(t2|m3|m4|c3|c4|r3|r4|x1e?|i2|i3|d2|h1|p3)\.(?!metal)")
"""Types on Xen; all others are Nitro. Source: EC2 user guide, Nitro instances, read 2026-11."""


@dataclass(frozen=True)
class MachineType:
    """Architecture and accelerator of a machine type."""

    architecture: Literal["x86_64", "arm64"]
    accelerator: Literal["none", "nvidia", "neuron"]


def aws_machine_type(name: str) -> MachineType | None:
    """What an EC2 instance type's name says, or None where it is no such name.

    A `g` among the options after the generation means Graviton (arm64); so do family a1 and Grace variants, and g5g is
    Graviton with a GPU. Source: EC2 instance type naming conventions, read 2026-11.
    """
    match = _AWS_TYPE.match(name)
    if match is None or not (match["generation"] or match["variant"]):
        return None
    family, variant = match["family"], match["variant"] or ""
    arm = "g" in match["options"] or family == "a" or variant.startswith(_AWS_GRACE)
    nvidia = family in _AWS_NVIDIA and not name.startswith("g4ad.")
    accelerator = "nvidia" if nvidia else "neuron" if family in _AWS_NEURON else "none"
    return MachineType("arm64" if arm else "x86_64", accelerator)


def without_image(name: str) -> str | None:
    """Why no EKS image makes use of a machine type, or None where one does."""
    return next((reason for pattern, reason in _AWS_WITHOUT_IMAGE if pattern.match(name)), None)


def speaks_ipv6(name: str) -> bool:
    """Whether a machine type can be a node of an IPv6 cluster, which takes Nitro machines only.

    Source: EKS user guide, IPv6 addresses to clusters, read 2026-11.
    """
    return _AWS_XEN.match(name) is None


_PD: Final = frozenset({"pd-balanced", "pd-ssd"})
_HYPERDISK: Final = frozenset({"hyperdisk-balanced"})
_GCP_SERIES: Final[Mapping[str, tuple[MachineType, frozenset[str]]]] = {
    **dict.fromkeys(("e2", "n1", "n2d", "t2d", "c2", "c2d"), (MachineType("x86_64", "none"), _PD)),
    **dict.fromkeys(("n2", "c3", "c3d", "m1", "m2", "m3", "z3"), (MachineType("x86_64", "none"), _PD | _HYPERDISK)),
    "h3": (MachineType("x86_64", "none"), _HYPERDISK | {"pd-balanced"}),
    **dict.fromkeys(("n4", "n4d", "c4", "c4d", "m4", "h4d", "x4"), (MachineType("x86_64", "none"), _HYPERDISK)),
    "t2a": (MachineType("arm64", "none"), _PD),
    **dict.fromkeys(("c4a", "n4a"), (MachineType("arm64", "none"), _HYPERDISK)),
    "g2": (MachineType("x86_64", "nvidia"), _PD),
    **dict.fromkeys(("a2", "a3"), (MachineType("x86_64", "nvidia"), _PD | _HYPERDISK)),
    **dict.fromkeys(("a4", "g4"), (MachineType("x86_64", "nvidia"), _HYPERDISK)),
    "a4x": (MachineType("arm64", "nvidia"), _HYPERDISK),
}
"""Compute Engine's machine series: what their machines are, and the disks they boot from and mount.

Accelerators come with the series; n1's are attached by the settings. Series that GKE does not have, and TPUs, are left
out. Sources: Compute Engine, machine families; for disks gcp-compute-persistent-disk-csi-driver, overlays/node-labeler/
configmap.yaml, commit b560165, read 2026-11-29. It lets c4a and n4 have Persistent Disk, which Compute Engine does not:
nextflow pull request 6841, read 2026-11-29.
"""
_GCP_CLASSES: Final = (
    "standard|highmem|highcpu|custom|micro|small|medium|(mega|ultra|hyper)mem|(high|mega|ultra|edge|max)gpu"
)
"""What stands after the series. Same source."""
_GCP_TYPE: Final = re.compile(rf"^(?P<series>[a-z]\d[a-z]?)-(?:{_GCP_CLASSES})(?:-[a-z0-9]+)*$")
"""`e2-medium`, `n4-standard-4`, `c3-standard-8-lssd`, `n2-custom-4-8192`, `a3-highgpu-8g`."""
_GCP_HYPERDISK_ONLY: Final = "a3-ultragpu-"
"""Machines of a series with persistent disks that take none themselves. Same source."""


def gcp_machine_type(name: str) -> MachineType | None:
    """What a Compute Engine machine type's name says, or None where it is no name of a series that GKE has."""
    found = _gcp_series(name)
    return found[0] if found is not None else None


def gcp_disk_types(name: str) -> frozenset[str]:
    """The disks that a machine type boots from and mounts; none where its name is unknown."""
    if name.startswith(_GCP_HYPERDISK_ONLY):
        return _HYPERDISK
    found = _gcp_series(name)
    return found[1] if found is not None else frozenset()


def takes_gpus(name: str) -> bool:
    """Whether a machine type takes GPUs beside: n1's do, but for the shared-core ones, which are no `n1-` by name."""
    return name.startswith("n1-") and gcp_machine_type(name) is not None


def _gcp_series(name: str) -> tuple[MachineType, frozenset[str]] | None:
    match = _GCP_TYPE.match(name)
    return _GCP_SERIES.get(match["series"]) if match is not None else None
