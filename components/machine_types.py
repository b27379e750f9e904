"""What a machine type's name says about it, without asking the cloud."""

from __future__ import annotations

import re
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
