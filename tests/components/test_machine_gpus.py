"""The GPUs that a machine type's name says."""

from __future__ import annotations

import pytest

from components.machine_gpus import Gpus, gcp_gpus


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("a2-highgpu-4g", "nvidia-tesla-a100", 4),
        ("a2-ultragpu-1g", "nvidia-a100-80gb", 1),
        ("a3-highgpu-1g", "nvidia-h100-80gb", 1),
        ("a3-megagpu-8g", "nvidia-h100-mega-80gb", 8),
        ("g2-standard-32", "nvidia-l4", 1),
        ("g2-standard-24", "nvidia-l4", 2),
        ("g4-standard-384", "nvidia-rtx-pro-6000", 8),
    ],
)
def test_a_name_counts_the_gpus_or_the_vcpus_that_go_with_them(name: str, kind: str, count: int) -> None:
    assert gcp_gpus(name) == Gpus(kind, count)


@pytest.mark.parametrize(
    "name", ["n2-standard-4", "g2-standard-5", "a3-foogpu-8g", "a2-highgpu", "g2-custom-8-32768", ""]
)
def test_a_name_without_gpus_that_are_known_has_none(name: str) -> None:
    assert gcp_gpus(name) is None
