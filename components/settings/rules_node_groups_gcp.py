"""Rules on each node group of GKE, with the stack around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.machine_gpus import gcp_gpus
from components.machine_types import gcp_disk_types, gcp_machine_type, takes_gpus
from components.settings.base import Fault
from components.settings.clouds import GcpStack
from components.settings.cluster_gke import GkeAutoscaler
from components.settings.node_groups import Image, NodeGroupSettings, keeps_system_pods_off
from components.settings.node_groups_clouds import Limits

GcpGroupRule = Callable[[GcpStack, NodeGroupSettings], Iterable[Fault]]


def has_gpus(group: NodeGroupSettings) -> bool | None:
    """Whether the group's machines have GPUs, by their type or beside; None where their type is unknown."""
    machines = [gcp_machine_type(name) for name in group.machine_types]
    if group.gcp.gpu is not None:
        return True
    return any(it.accelerator != "none" for it in machines if it is not None) if any(machines) else None


def a_group_has_one_machine_type(_stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """A node pool of GKE has one machine type."""
    if len(group.machine_types) > 1:
        problem = f"a node group has one machine type on gcp, and here are {len(group.machine_types)}"
        yield Fault(("machine_types",), problem, "write a node group for each")


def gcp_machine_types_exist(_stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Each machine type is of a series that GKE has nodes of."""
    for index, name in enumerate(group.machine_types):
        if gcp_machine_type(name) is None:
            problem = f"{name!r} is not a machine type of Compute Engine that GKE has"
            yield Fault(("machine_types", index), problem, "write one, as n4-standard-4")


def gcp_gpus_are_known(_stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """GKE is told which GPUs a machine brings, and how many."""
    for index, name in enumerate(group.machine_types):
        machine = gcp_machine_type(name)
        if machine is not None and machine.accelerator != "none" and gcp_gpus(name) is None:
            problem = f"{name!r} is not a machine type with GPUs that is known here"
            yield Fault(("machine_types", index), problem, "write one, as g2-standard-8 or a3-highgpu-8g")


def the_machine_takes_the_boot_disk(_stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Each machine series boots from some types of disks."""
    disk = group.gcp.disk_type
    for name in group.machine_types:
        known = gcp_disk_types(name)
        if disk is not None and known and disk.value not in known:
            problem = f"{name} does not boot from {disk.value}"
            yield Fault(("gcp", "disk_type"), problem, f"write {' or '.join(sorted(known))}, or remove it")


def the_machine_takes_the_volumes(stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Volumes of class `block` can be mounted wherever pods without tolerations come; GKE taints groups with GPUs."""
    disk = stack.storage.block.disk_type.value
    if keeps_system_pods_off(group):
        return
    for index, name in enumerate(group.machine_types):
        machine, known = gcp_machine_type(name), gcp_disk_types(name)
        if machine is not None and has_gpus(group) is False and disk not in known:
            problem = f"{name} cannot mount volumes of class block, which are {disk}"
            remedy = f"write storage.block.disk_type: {' or '.join(sorted(known))}, another type, or a taint"
            yield Fault(("machine_types", index), problem, remedy)


def images_are_streamed_to_container_optimized_os(_stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Ubuntu reads images whole. Source: GKE documentation, Image streaming, requirements, read 2026-11-29."""
    asked = "image_streaming" in group.gcp.model_fields_set and group.gcp.image_streaming
    if asked and group.image is Image.UBUNTU:
        remedy = "remove it, or write image: container-optimized-os"
        yield Fault(("gcp", "image_streaming"), "is not to be had on ubuntu", remedy)


def zones_share_what_is_theirs(stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Limits for each zone, and counts that nothing scales, are the same in each zone."""
    zones = len(stack.cluster.zones if group.zones is None else group.zones)
    per_zone, unscaled = group.gcp.limits is Limits.PER_ZONE, stack.cluster.autoscaler is GkeAutoscaler.NONE
    why = "with gcp.limits: per-zone" if per_zone else "without an autoscaler"
    for name in ("min_nodes", *(["max_nodes"] if per_zone else [])):
        nodes: int = getattr(group, name)
        if (per_zone or unscaled) and nodes % zones:
            problem = f"is {nodes}, and {why} each of {zones} zones has as many"
            remedy = "gcp.limits: total" if per_zone else "cluster.autoscaler: cluster-autoscaler"
            yield Fault((name,), problem, f"write a multiple of {zones}, or {remedy}")


def gpus_are_attached_to_n1(_stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Of all series, machines of n1 alone take GPUs beside, and no shared-core ones of these."""
    for name in group.machine_types if group.gcp.gpu is not None else ():
        if not takes_gpus(name):
            remedy = "write a machine type of n1, as n1-standard-4, or one that brings GPUs, without gpu"
            yield Fault(("gcp", "gpu"), f"{name} takes no GPU beside", remedy)


def drivers_are_for_gpus(_stack: GcpStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """A driver without a GPU is a mistake in the machine type, more often than not."""
    if "gpu_driver" in group.gcp.model_fields_set and has_gpus(group) is False:
        problem = f"has no effect: {group.machine_types[0]} has no GPU"
        yield Fault(("gcp", "gpu_driver"), problem, "remove it, or write a machine type with one, as g2-standard-4")


GCP_GROUP_RULES: Final[tuple[GcpGroupRule, ...]] = (
    a_group_has_one_machine_type,
    gcp_machine_types_exist,
    gcp_gpus_are_known,
    the_machine_takes_the_boot_disk,
    the_machine_takes_the_volumes,
    images_are_streamed_to_container_optimized_os,
    zones_share_what_is_theirs,
    gpus_are_attached_to_n1,
    drivers_are_for_gpus,
)
"""Rules on each node group on Google Cloud."""
