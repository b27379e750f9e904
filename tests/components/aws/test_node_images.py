"""The right image and disks by operating system, architecture and accelerator."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.node_images import ami_type
from components.errors import ConfigurationError
from components.settings import NodeGroupSettings
from tests.components.aws.clusters import planned, with_group


def settings(*types: str, **more: Any) -> NodeGroupSettings:
    return NodeGroupSettings.model_validate({"machine_types": types, "min_nodes": 1, "max_nodes": 3, **more})


@pytest.mark.parametrize(
    ("machine_type", "image", "expected"),
    [
        ("m7i.large", "amazon-linux-2023", "AL2023_x86_64_STANDARD"),
        ("m7g.large", "amazon-linux-2023", "AL2023_ARM_64_STANDARD"),
        ("g6.xlarge", "amazon-linux-2023", "AL2023_x86_64_NVIDIA"),
        ("g5g.xlarge", "amazon-linux-2023", "AL2023_ARM_64_NVIDIA"),
        ("inf2.xlarge", "amazon-linux-2023", "AL2023_x86_64_NEURON"),
        ("m7i.large", "bottlerocket", "BOTTLEROCKET_x86_64"),
        ("m7g.large", "bottlerocket", "BOTTLEROCKET_ARM_64"),
        ("p5.48xlarge", "bottlerocket", "BOTTLEROCKET_x86_64_NVIDIA"),
        ("g5g.xlarge", "bottlerocket", "BOTTLEROCKET_ARM_64_NVIDIA"),
    ],
)
def test_the_image_fits_the_machine_type(machine_type: str, image: str, expected: str) -> None:
    assert ami_type("general", settings(machine_type, image=image)) == expected


@pytest.mark.parametrize(
    "unfit",
    [
        settings("m7g.large", "m7i.large"),
        settings("m7i.large", "g6.xlarge"),
        settings("inf2.xlarge", image="bottlerocket"),
        settings("Standard_D4s_v5"),
    ],
)
def test_types_that_no_image_fits_are_refused_by_their_key(unfit: NodeGroupSettings) -> None:
    with pytest.raises(ConfigurationError, match=r"infraplatform:node_groups\.gpu\.machine_types: no .* image fits"):
        ami_type("gpu", unfit)


def disks(**settings: Any) -> dict[str, Any]:
    """The disks that machines of a group start with, by device."""
    template = planned(with_group(**settings))["LaunchTemplate", "node-group-general-template"]
    return {disk["deviceName"]: disk["ebs"] for disk in template.inputs["blockDeviceMappings"]}


def test_amazon_linux_has_one_disk_of_the_size_of_the_settings() -> None:
    assert {device: disk["volumeSize"] for device, disk in disks(disk_gib=80).items()} == {"/dev/xvda": 80}


def test_bottlerocket_has_its_data_on_a_second_disk() -> None:
    found = disks(image="bottlerocket", disk_gib=80)
    assert {device: disk.get("volumeSize") for device, disk in found.items()} == {"/dev/xvda": None, "/dev/xvdb": 80}


@pytest.mark.parametrize("image", ["amazon-linux-2023", "bottlerocket"])
def test_every_disk_is_encrypted_gp3_and_goes_with_its_machine(image: str) -> None:
    for disk in disks(image=image).values():
        assert disk["volumeType"] == "gp3"
        assert disk["encrypted"] == "true"
        assert disk["deleteOnTermination"] == "true"
