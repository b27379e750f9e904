"""Rules on each node group of AKS, with the stack around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.machine_types_azure import AzureMachine, azure_machine
from components.settings.base import Fault
from components.settings.clouds import AzureStack
from components.settings.node_groups import NodeGroupSettings, runs_system_pods
from components.settings.node_groups_azure import AzureDisk

AzureGroupRule = Callable[[AzureStack, NodeGroupSettings], Iterable[Fault]]

_DOMAINS: Final = re.compile(r"(^|\.)(kubernetes\.azure\.com|kubernetes\.io|k8s\.io)$")


def a_group_has_one_size(_stack: AzureStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """A node pool of AKS has one machine type."""
    if len(group.machine_types) > 1:
        problem = f"a node group has one machine type on azure, and here are {len(group.machine_types)}"
        yield Fault(("machine_types",), problem, "write a node group for each")


def azure_sizes_are_of_use(_stack: AzureStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Each machine type is a virtual machine size that AKS has an image for."""
    for index, name in enumerate(group.machine_types):
        machine = azure_machine(name)
        if machine is None:
            problem = f"{name!r} is not a size of Azure's virtual machines"
            yield Fault(("machine_types", index), problem, "write one, as Standard_D4s_v5")
        elif machine.without_image is not None:
            yield Fault(("machine_types", index), f"{name}: {machine.without_image}", "write another size")


def the_machine_holds_the_system_disk(_stack: AzureStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """An ephemeral disk is on the machine's own, where that is known."""
    if group.azure.disk is not AzureDisk.EPHEMERAL:
        return
    for name, machine in _machines(group):
        room = machine.local_disk_gib
        if room == 0:
            remedy = "write a size with a d, as Standard_D4ds_v5, or disk: managed"
            yield Fault(("azure", "disk"), f"is ephemeral, and {name} has no disk of its own", remedy)
        elif room is not None and group.disk_gib > room:
            problem = f"is {group.disk_gib}, and the disk of {name} itself has {room} GiB"
            yield Fault(("disk_gib",), problem, f"write {room} or less, a larger size, or azure.disk: managed")


def trusted_launch_is_possible(_stack: AzureStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Secure boot and a virtual TPM want machines that have them; secure boot and AKS's GPU driver exclude each other.

    Source: AKS documentation, "Trusted launch" (2025-07-15), limitations, read 2026-11-29.
    """
    for name, machine in _machines(group):
        for key, wanted in (("secure_boot", group.azure.secure_boot), ("vtpm", group.azure.vtpm)):
            if wanted and not machine.trusted_launch:
                yield Fault(("azure", key), f"{name} has none on AKS", "remove it, or write another size")
        if group.azure.secure_boot and machine.machine.accelerator == "nvidia" and group.azure.gpu_driver:
            remedy = "remove it, or write gpu_driver: false and bring a signed driver"
            yield Fault(("azure", "secure_boot"), "does not go with the GPU driver that AKS installs", remedy)


def drivers_are_for_azures_gpus(_stack: AzureStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """A word about drivers without a GPU is a mistake in the machine type, more often than not."""
    plain = any(machine.machine.accelerator == "none" for _, machine in _machines(group))
    if "gpu_driver" in group.azure.model_fields_set and plain:
        problem = f"has no effect: {group.machine_types[0]} has no GPU"
        remedy = "remove it, or write a machine type with one, as Standard_NC24ads_A100_v4"
        yield Fault(("azure", "gpu_driver"), problem, remedy)


def system_pools_upgrade_by_surge(_stack: AzureStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Groups of system pods lose no node before its successor is there.

    Source: AKS documentation, "Upgrade options", max unavailable, known, not read.
    """
    if runs_system_pods(group) and group.azure.upgrade.max_unavailable.rstrip("%").strip("0"):
        problem = "is not to be had in a group that system pods run in"
        remedy = "remove it, or give the group a taint"
        yield Fault(("azure", "upgrade", "max_unavailable"), problem, remedy)


def taints_are_not_azures(_stack: AzureStack, group: NodeGroupSettings) -> Iterator[Fault]:
    """Taints in AKS's own domains are AKS's to set; CriticalAddonsOnly is in none."""
    for key in group.taints:
        prefix, slash, name = key.rpartition("/")
        if slash and _DOMAINS.search(prefix):
            yield Fault(("taints", key), f"the prefix {prefix} is the cluster's own", f"write {name}")


def _machines(group: NodeGroupSettings) -> Iterator[tuple[str, AzureMachine]]:
    for name in group.machine_types:
        machine = azure_machine(name)
        if machine is not None:
            yield name, machine


AZURE_GROUP_RULES: Final[tuple[AzureGroupRule, ...]] = (
    a_group_has_one_size,
    azure_sizes_are_of_use,
    the_machine_holds_the_system_disk,
    trusted_launch_is_possible,
    drivers_are_for_azures_gpus,
    system_pools_upgrade_by_surge,
    taints_are_not_azures,
)
"""Rules on each node group on Azure."""
