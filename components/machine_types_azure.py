"""What the name of a size of Azure's virtual machines says about it, without asking the cloud."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.machine_types import MachineType

_SIZE: Final = re.compile(
    r"^Standard_(?P<family>[A-Z]+)(?P<vcpus>\d+)(?:-\d+)?(?P<features>[a-z]*)(?P<parts>(?:_(?!v\d)[A-Za-z0-9]+)*)"
    r"(?:_v(?P<version>\d+))?$"
)
"""`Standard_D4s_v5`, `Standard_E8-4ads_v5`, `Standard_NC24ads_A100_v4`, `Standard_ND128isr_NDR_GB200_v6`.

Source: Azure documentation, "Virtual machine sizes naming conventions", known, not read; so is all else here unless it
says otherwise.
"""
_FAMILIES: Final = frozenset(
    [
        "A",
        "B",
        "D",
        "DC",
        "DS",
        "E",
        "EC",
        "F",
        "FX",
        "G",
        "GS",
        "H",
        "HB",
        "HC",
        "HX",
        "L",
        "M",
        "NC",
        "ND",
        "NG",
        "NP",
        "NV",
    ]
)
_NVIDIA: Final = frozenset({"NC", "ND", "NV"})
_GRACE: Final = re.compile(r"_GB\d{3}")
"""Parts that name NVIDIA's Grace processors, which are arm64."""
_WITHOUT_IMAGE: Final = (
    (
        re.compile(r"^Standard_(NG|NV\d+[a-z]*_v4|N[DV].*_(MI\d+X|V620|V710))"),
        "no AKS image has drivers for its AMD GPU",
    ),
    (re.compile(r"^Standard_NP"), "no AKS image drives its FPGA"),
    (re.compile(r"^Standard_(A[0-7]|D[1-5]|D1[1-4]|DS\d+|G\d|GS\d|NV\d+|NC\d+r?)$"), "Azure retires this generation"),
)
"""Sizes that AKS leaves without use."""
_FIRST_GENERATION: Final = re.compile(r"^Standard_(A\d|D\d+_v[23]$|DS?\d+_v2$|F\d+$|NV\d+s?_v[23]$|H\d)")
"""Sizes that have no machines of generation 2, which secure boot wants."""
_LOCAL_GIB_PER_VCPU: Final[Mapping[int, float]] = {5: 37.5, 6: 55.0}
"""GiB of local disk for each vCPU of the D and E sizes with a `d`, by version."""
_SAME_SHARE_TO: Final = 64
"""vCPUs up to which that holds."""


@dataclass(frozen=True)
class AzureMachine:
    """What a size's name says.

    Attributes:
        machine: architecture and accelerator.
        vcpus: its virtual processors.
        local_disk_gib: its own disk for an operating system; 0 where it has none, None where the name does not tell.
        trusted_launch: whether it can have secure boot and a virtual TPM on AKS.
        without_image: why no AKS image makes use of it, or None.
    """

    machine: MachineType
    vcpus: int
    local_disk_gib: int | None
    trusted_launch: bool
    without_image: str | None


def azure_machine(name: str) -> AzureMachine | None:
    """What the name of a virtual machine size says, or None where it is no such name.

    A `p` among the features means Arm, a `d` a local disk. Trusted launch is not for arm64 and confidential machines.
    Source of this: AKS documentation, "Trusted launch" (2025-07-15), limitations, read 2026-11-29.
    """
    match = _SIZE.match(name)
    if match is None or match["family"] not in _FAMILIES:
        return None
    family, arm = match["family"], "p" in match["features"] or _GRACE.search(match["parts"]) is not None
    without_image = next((reason for pattern, reason in _WITHOUT_IMAGE if pattern.match(name)), None)
    nvidia = family in _NVIDIA and without_image is None
    return AzureMachine(
        machine=MachineType("arm64" if arm else "x86_64", "nvidia" if nvidia else "none"),
        vcpus=int(match["vcpus"]),
        local_disk_gib=_local_disk_gib(family, match["features"], int(match["vcpus"]), int(match["version"] or 1)),
        trusted_launch=not arm and family not in {"DC", "EC"} and _FIRST_GENERATION.match(name) is None,
        without_image=without_image,
    )


def _local_disk_gib(family: str, features: str, vcpus: int, version: int) -> int | None:
    """Only D and E are known, from version 4 on, where no `d` means no disk of its own."""
    if family not in {"D", "E"} or version < 4:
        return None
    if "d" not in features:
        return 0
    share = _LOCAL_GIB_PER_VCPU.get(version)
    return int(share * vcpus) if share is not None and vcpus <= _SAME_SHARE_TO else None
