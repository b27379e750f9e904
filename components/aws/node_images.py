"""Which image EKS starts nodes from, and which disks that image has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi_aws as aws

from components.errors import ConfigurationError, Mistake
from components.machine_types import MachineType, aws_machine_type
from components.settings import Image, NodeGroupSettings
from components.settings.node_groups import IMAGES

_AMI_TYPES: Final = {
    (Image.AMAZON_LINUX_2023, MachineType("x86_64", "none")): "AL2023_x86_64_STANDARD",
    (Image.AMAZON_LINUX_2023, MachineType("x86_64", "nvidia")): "AL2023_x86_64_NVIDIA",
    (Image.AMAZON_LINUX_2023, MachineType("x86_64", "neuron")): "AL2023_x86_64_NEURON",
    (Image.AMAZON_LINUX_2023, MachineType("arm64", "none")): "AL2023_ARM_64_STANDARD",
    (Image.AMAZON_LINUX_2023, MachineType("arm64", "nvidia")): "AL2023_ARM_64_NVIDIA",
    (Image.BOTTLEROCKET, MachineType("x86_64", "none")): "BOTTLEROCKET_x86_64",
    (Image.BOTTLEROCKET, MachineType("x86_64", "nvidia")): "BOTTLEROCKET_x86_64_NVIDIA",
    (Image.BOTTLEROCKET, MachineType("arm64", "none")): "BOTTLEROCKET_ARM_64",
    (Image.BOTTLEROCKET, MachineType("arm64", "nvidia")): "BOTTLEROCKET_ARM_64_NVIDIA",
}
"""EKS image types by operating system, architecture and accelerator.

Source: EKS API, Nodegroup amiType, as AWS's SDK for PHP lists its values; read 2026-11-23.
"""


def ami_type(group: str, settings: NodeGroupSettings) -> str:
    """The image type that fits the group's machine types, which are of one shape.

    Raises:
        ConfigurationError: the types are of several shapes, are no EC2 types, or no image fits them.
    """
    shapes = {aws_machine_type(name) for name in settings.machine_types}
    shape = shapes.pop() if len(shapes) == 1 else None
    image = _image(settings)
    found = _AMI_TYPES.get((image, shape)) if shape is not None else None
    if found is None:
        types = ", ".join(settings.machine_types)
        problem = f"no {image.value} image fits {types}"
        remedy = "write types of one architecture and accelerator, or another image"
        raise ConfigurationError([Mistake(f"infraplatform:node_groups.{group}.machine_types", problem, remedy)])
    return found


def disks(settings: NodeGroupSettings) -> Sequence[aws.ec2.LaunchTemplateBlockDeviceMappingArgs]:
    """Encrypted gp3 disks: the root disk, and Bottlerocket's second one for images, logs and volumes of pods.

    Source of the device names: Karpenter v1.14.1, pkg/providers/amifamily, read 2026-11-23.
    """
    if _image(settings) is Image.BOTTLEROCKET:
        return [_disk("/dev/xvda", None), _disk("/dev/xvdb", settings.disk_gib)]
    return [_disk("/dev/xvda", settings.disk_gib)]


def _image(settings: NodeGroupSettings) -> Image:
    """The group's operating system: the one it names, else the first of EKS's."""
    return settings.image or IMAGES["aws"][0]


def _disk(device: str, size_gib: int | None) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgs:
    """A disk of `size_gib`, or of the image's own size."""
    return aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
        device_name=device,
        ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_type="gp3", volume_size=size_gib, encrypted="true", delete_on_termination="true"
        ),
    )
