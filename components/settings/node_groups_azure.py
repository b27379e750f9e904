"""What a node group has on Azure only, under its `azure` key."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.values import matching

_COUNT_OR_SHARE: Final = r"^(\d{1,3}|(100|[1-9]?\d)%)$"


class AzureDisk(StrEnum):
    """Where nodes' operating systems are: on the machine's own disk, or on a managed one."""

    EPHEMERAL = "ephemeral"
    MANAGED = "managed"


class UndrainableNodes(StrEnum):
    """What an upgrade does with a node whose pods do not leave in time."""

    STOP = "stop"
    CORDON = "cordon"


class AzureUpgradeSettings(Settings):
    """How a group's nodes are upgraded."""

    max_surge: Annotated[str, matching(_COUNT_OR_SHARE, "a number of nodes or a share, in quotes", examples=["1"])] = (
        "1"
    )
    """Nodes added above the group's size while upgrading: a number, or a share as "33%"."""
    max_unavailable: Annotated[
        str, matching(_COUNT_OR_SHARE, "a number of nodes or a share, in quotes", examples=["1"])
    ] = "0"
    """Nodes that may be gone at a time while upgrading: a number, or a share; not for groups of system pods."""
    drain_timeout_minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    """Minutes that a node's pods have to leave, before an upgrade and before the group is replaced or removed."""
    soak_minutes: Annotated[int, Field(ge=0, le=30)] = 0
    """Minutes to wait after each node, to see whether its successor works."""
    undrainable_nodes: UndrainableNodes = UndrainableNodes.STOP
    """Whether the upgrade stops at a node whose pods do not leave, or goes on and leaves it cordoned."""

    @rule
    def upgrades_get_on(self) -> Iterator[Fault]:
        """Some node must be new or gone, and AKS takes one way of the two.

        Source: AKS documentation, "Upgrade options", max unavailable, known, not read.
        """
        surges, goes_without = (bool(count.rstrip("%").strip("0")) for count in (self.max_surge, self.max_unavailable))
        if not surges and not goes_without:
            yield Fault(("max_surge",), "and max_unavailable are both 0", 'write "1" or more in one of them')
        if surges and goes_without:
            yield Fault(("max_unavailable",), 'goes with max_surge: "0" only', 'write "0" in one of them')


class AzureNodeGroupSettings(Settings):
    """A node group on AKS."""

    upgrade: AzureUpgradeSettings = AzureUpgradeSettings()
    """How nodes are upgraded."""
    disk: AzureDisk = AzureDisk.MANAGED
    """Where the operating system is: managed, or ephemeral, on the machine's own disk, which must hold disk_gib."""
    encryption_at_host: bool = True
    """Whether the host encrypts its own disks and caches, too; the subscription must have the feature registered."""
    secure_boot: bool | None = None
    """Whether nodes run signed boot software only; left out: where machine and image can, without GPUs or arm64."""
    vtpm: bool | None = None
    """Whether nodes measure their boot in a virtual TPM; left out: where the machine can, not on arm64."""
    pods_per_node: Annotated[int | None, Field(ge=30, le=250, examples=[60])] = None
    """Most pods on a node of this group; the cluster's where left out."""
    gpu_driver: bool = True
    """Whether AKS installs the NVIDIA driver where the machine type has a GPU."""
    drain: bool = True
    """Whether pods leave before the group is replaced or removed, by kubectl where `pulumi up` runs."""
