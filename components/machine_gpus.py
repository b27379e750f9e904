"""The GPUs that a machine type of Google Cloud brings, by its name, without asking the cloud."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_GPUS_BY_NAME: Final = re.compile(r"^(?P<kind>a\d+x?-[a-z]+)-(?P<count>\d+)g(-[a-z]+)?$")
"""`a2-highgpu-4g`, `a3-megagpu-8g`: the name counts the GPUs."""
_GPU_KINDS: Final[Mapping[str, str]] = {
    "a2-highgpu": "nvidia-tesla-a100",
    "a2-megagpu": "nvidia-tesla-a100",
    "a2-ultragpu": "nvidia-a100-80gb",
    "a3-highgpu": "nvidia-h100-80gb",
    "a3-edgegpu": "nvidia-h100-80gb",
    "a3-megagpu": "nvidia-h100-mega-80gb",
    "a3-ultragpu": "nvidia-h200-141gb",
    "a4-highgpu": "nvidia-b200",
    "a4x-highgpu": "nvidia-gb200",
    "g2-standard": "nvidia-l4",
    "g4-standard": "nvidia-rtx-pro-6000",
}
_GPUS_BY_VCPUS: Final[Mapping[str, Mapping[int, int]]] = {
    "g2-standard": {4: 1, 8: 1, 12: 1, 16: 1, 32: 1, 24: 2, 48: 4, 96: 8},
    "g4-standard": {48: 1, 96: 2, 192: 4, 384: 8},
}
"""GPUs of a series whose names count vCPUs.

Source of the GPU tables: Compute Engine documentation, "GPU machine types", as known in 2026-11; not read.
"""


@dataclass(frozen=True)
class Gpus:
    """The GPUs that a machine type brings, in Google's name for them."""

    kind: str
    count: int


def gcp_gpus(machine_type: str) -> Gpus | None:
    """The GPUs of a machine type, or None where it has none, or none that is known here."""
    by_name = _GPUS_BY_NAME.match(machine_type)
    if by_name is not None and by_name["kind"] in _GPU_KINDS:
        return Gpus(_GPU_KINDS[by_name["kind"]], int(by_name["count"]))
    kind, _, vcpus = machine_type.rpartition("-")
    count = _GPUS_BY_VCPUS.get(kind, {}).get(int(vcpus)) if vcpus.isdigit() else None
    return Gpus(_GPU_KINDS[kind], count) if count is not None else None
