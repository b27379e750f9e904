"""A machine type's name says its architecture and its accelerator."""

from __future__ import annotations

import pytest

from components.machine_types import (
    MachineType,
    aws_machine_type,
    gcp_disk_types,
    gcp_machine_type,
    speaks_ipv6,
    takes_gpus,
    without_image,
)


@pytest.mark.parametrize(
    ("name", "architecture", "accelerator"),
    [
        ("t3.micro", "x86_64", "none"),
        ("t4g.small", "arm64", "none"),
        ("a1.medium", "arm64", "none"),
        ("m7g.large", "arm64", "none"),
        ("m7gd.metal", "arm64", "none"),
        ("m7i-flex.large", "x86_64", "none"),
        ("c8gn.48xlarge", "arm64", "none"),
        ("im4gn.large", "arm64", "none"),
        ("is4gen.large", "arm64", "none"),
        ("x2iezn.metal", "x86_64", "none"),
        ("hpc7g.16xlarge", "arm64", "none"),
        ("m8g.metal-24xl", "arm64", "none"),
        ("u-6tb1.56xlarge", "x86_64", "none"),
        ("u7in-16tb.224xlarge", "x86_64", "none"),
        ("g4dn.xlarge", "x86_64", "nvidia"),
        ("g5g.xlarge", "arm64", "nvidia"),
        ("g6.xlarge", "x86_64", "nvidia"),
        ("gr6.4xlarge", "x86_64", "nvidia"),
        ("p4de.24xlarge", "x86_64", "nvidia"),
        ("p6-b200.48xlarge", "x86_64", "nvidia"),
        ("p6e-gb200.36xlarge", "arm64", "nvidia"),
        ("g4ad.xlarge", "x86_64", "none"),
        ("inf2.xlarge", "x86_64", "neuron"),
        ("trn1n.32xlarge", "x86_64", "neuron"),
    ],
)
def test_a_type_s_name_says_what_it_is(name: str, architecture: str, accelerator: str) -> None:
    found = aws_machine_type(name)
    assert found is not None
    assert (found.architecture, found.accelerator) == (architecture, accelerator)
    assert isinstance(found, MachineType)


@pytest.mark.parametrize(
    "name", ["", "m7g", "m7g.", "large", "foo", "Standard_D4s_v5", "n2-standard-4", "M7G.LARGE", "a.b"]
)
def test_what_is_not_named_like_a_type_is_none(name: str) -> None:
    assert aws_machine_type(name) is None


@pytest.mark.parametrize(
    "name", ["mac2.metal", "mac2-m1ultra.metal", "g4ad.xlarge", "p2.xlarge", "f1.2xlarge", "t1.micro"]
)
def test_a_type_without_an_image_has_a_reason(name: str) -> None:
    assert without_image(name)


@pytest.mark.parametrize("name", ["m7g.large", "g4dn.xlarge", "p3dn.24xlarge", "p5.48xlarge", "t3.micro", "m5.large"])
def test_a_type_with_an_image_has_none(name: str) -> None:
    assert without_image(name) is None


@pytest.mark.parametrize(
    ("name", "speaks"), [("m7g.large", True), ("i3.metal", True), ("i3.large", False), ("t2.micro", False)]
)
def test_only_nitro_machines_speak_ipv6(name: str, *, speaks: bool) -> None:
    assert speaks_ipv6(name) is speaks


@pytest.mark.parametrize(
    ("name", "architecture", "accelerator"),
    [
        ("e2-medium", "x86_64", "none"),
        ("n2-custom-4-8192", "x86_64", "none"),
        ("c3-standard-8-lssd", "x86_64", "none"),
        ("t2a-standard-4", "arm64", "none"),
        ("c4a-highmem-8", "arm64", "none"),
        ("n4a-standard-4", "arm64", "none"),
        ("a2-ultragpu-1g", "x86_64", "nvidia"),
        ("a3-highgpu-8g", "x86_64", "nvidia"),
        ("a4x-highgpu-4g", "arm64", "nvidia"),
        ("g2-standard-4", "x86_64", "nvidia"),
        ("g4-standard-48", "x86_64", "nvidia"),
    ],
)
def test_a_machine_series_says_what_it_is(name: str, architecture: str, accelerator: str) -> None:
    found = gcp_machine_type(name)
    assert found is not None
    assert (found.architecture, found.accelerator) == (architecture, accelerator)


@pytest.mark.parametrize(
    "name", ["", "e2", "f1-micro", "g1-small", "m7g.large", "n9-standard-4", "n2-standrd-4", "E2-MEDIUM", "e2-"]
)
def test_what_is_of_no_series_of_gke_is_none(name: str) -> None:
    assert gcp_machine_type(name) is None
    assert not gcp_disk_types(name)


@pytest.mark.parametrize(
    ("name", "disks"),
    [
        ("e2-standard-4", {"pd-balanced", "pd-ssd"}),
        ("c3-standard-4", {"pd-balanced", "pd-ssd", "hyperdisk-balanced"}),
        ("n4-standard-4", {"hyperdisk-balanced"}),
        ("c4a-standard-4", {"hyperdisk-balanced"}),
        ("n2-standard-4", {"pd-balanced", "pd-ssd", "hyperdisk-balanced"}),
        ("n2d-standard-4", {"pd-balanced", "pd-ssd"}),
        ("h3-standard-88", {"pd-balanced", "hyperdisk-balanced"}),
        ("a2-highgpu-1g", {"pd-balanced", "pd-ssd", "hyperdisk-balanced"}),
        ("g2-standard-4", {"pd-balanced", "pd-ssd"}),
        ("a3-megagpu-8g", {"pd-balanced", "pd-ssd", "hyperdisk-balanced"}),
        ("a3-ultragpu-8g", {"hyperdisk-balanced"}),
    ],
)
def test_a_machine_series_takes_some_disks(name: str, disks: set[str]) -> None:
    assert gcp_disk_types(name) == disks


@pytest.mark.parametrize(
    ("name", "takes"),
    [("n1-standard-4", True), ("n1-custom-4-8192", True), ("e2-standard-4", False), ("a2-highgpu-1g", False)],
)
def test_only_n1_takes_gpus_beside(name: str, *, takes: bool) -> None:
    assert takes_gpus(name) is takes
