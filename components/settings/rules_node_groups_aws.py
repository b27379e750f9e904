"""Rules on each node group of EKS, with the stack around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.machine_types import MachineType, aws_machine_type, speaks_ipv6, without_image
from components.settings.base import Fault
from components.settings.clouds import AwsStack
from components.settings.cluster import IpFamily
from components.settings.node_groups import Image, NodeGroupSettings

AwsGroupRule = Callable[[AwsStack, NodeGroupSettings], Iterable[Fault]]


def machine_types_exist(_stack: AwsStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Each machine type is named as EC2 names them, and EKS has an image for it."""
    for index, name in enumerate(group.machine_types):
        reason = without_image(name)
        if aws_machine_type(name) is None:
            yield Fault(("machine_types", index), f"{name!r} is not an EC2 instance type", "write one, as m7g.large")
        elif reason is not None:
            yield Fault(("machine_types", index), f"{name} is of no use here: {reason}", "write another type")


def machine_types_share_an_image(_stack: AwsStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """A group has one image, and so one architecture and one kind of accelerator."""
    known = _known_types(group)
    for trait, words in (("architecture", "one architecture"), ("accelerator", "one kind of accelerator")):
        if len({getattr(machine, trait) for machine in known.values()}) > 1:
            listed = ", ".join(f"{name} has {getattr(machine, trait)}" for name, machine in known.items())
            yield Fault(("machine_types",), f"a group has {words}, but {listed}", "write a node group for each")


def the_image_knows_the_accelerator(_stack: AwsStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Bottlerocket has no variant for Neuron. Source: EKS API, Nodegroup amiType, read 2026-11-23."""
    for name, machine in _known_types(group).items():
        if machine.accelerator == "neuron" and group.image is Image.BOTTLEROCKET:
            problem = f"Bottlerocket has no variant for the Neuron accelerator of {name}"
            yield Fault(("image",), problem, "write amazon-linux-2023")
            return


def each_zone_can_have_a_node(stack: AwsStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """A group is one EKS node group in each zone, and EKS takes no maximum below one."""
    zones = stack.cluster.zones if group.zones is None else group.zones
    if group.max_nodes < len(zones):
        problem = f"{group.max_nodes} nodes at most are too few for {len(zones)} zones"
        yield Fault(("max_nodes",), problem, f"write {len(zones)} or more, or fewer zones in the group")


def releases_are_of_the_version(stack: AwsStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """A release of Amazon Linux is made for one Kubernetes minor; Bottlerocket counts its own releases."""
    release, version = group.aws.release_version, stack.cluster.version
    if release is not None and group.image is not Image.BOTTLEROCKET and not release.startswith(f"{version}."):
        problem = f"{release} is not a release for Kubernetes {version}"
        yield Fault(("aws", "release_version"), problem, f"write one that starts with {version}., or remove it")


def machine_types_speak_ipv6(stack: AwsStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Nodes of an IPv6 cluster are Nitro machines."""
    if stack.cluster.ip_family is not IpFamily.IPV6:
        return
    for index, name in enumerate(group.machine_types):
        if not speaks_ipv6(name):
            problem = f"{name} is not a Nitro machine, and only those can be nodes of an IPv6 cluster"
            yield Fault(("machine_types", index), problem, "write a newer type, as m7g.large")


def _known_types(group: NodeGroupSettings) -> dict[str, MachineType]:
    types = {name: aws_machine_type(name) for name in group.machine_types}
    return {name: machine for name, machine in types.items() if machine is not None}


AWS_GROUP_RULES: Final[tuple[AwsGroupRule, ...]] = (
    machine_types_exist,
    machine_types_share_an_image,
    the_image_knows_the_accelerator,
    each_zone_can_have_a_node,
    releases_are_of_the_version,
    machine_types_speak_ipv6,
)
"""Rules on each node group on AWS."""
