"""What a node group has on one cloud only, under that cloud's own key."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.storage_gcp import GcpDiskType
from components.settings.values import KmsKeyName, matching

MAX_SURGE: Final = 20
"""Nodes that GKE upgrades at a time. Source: GKE documentation, node upgrade strategies, known, not read."""


class AwsNodeGroupSettings(Settings):
    """A node group on EKS."""

    release_version: Annotated[
        str | None,
        matching(
            r"^\d+\.\d+\.\d+-([0-9]{8}|[0-9a-f]{8})$",
            "a release of the image",
            examples=["1.35.2-20260224"],
        ),
    ] = None
    """The image's release; left out: the newest at creation and at each version upgrade, then unchanged."""
    max_unavailable_percent: Annotated[int, Field(ge=1, le=100)] = 33
    """Share of a zone's nodes that an update may replace at a time."""
    node_repair: bool = True
    """Whether nodes that stay unhealthy are replaced."""


class UpgradeStrategy(StrEnum):
    """How GKE brings a new version or machine image to a group's nodes."""

    SURGE = "surge"
    BLUE_GREEN = "blue-green"


class GpuDriver(StrEnum):
    """Which NVIDIA driver GKE installs on nodes with a GPU."""

    DEFAULT = "default"
    LATEST = "latest"
    DISABLED = "disabled"


class GpuKind(StrEnum):
    """A GPU that machines get beside; those of the a and g series bring theirs."""

    T4 = "nvidia-tesla-t4"
    P4 = "nvidia-tesla-p4"
    V100 = "nvidia-tesla-v100"
    P100 = "nvidia-tesla-p100"


class Limits(StrEnum):
    """What min_nodes and max_nodes are kept over."""

    TOTAL = "total"
    PER_ZONE = "per-zone"


class GcpUpgradeSettings(Settings):
    """How a group's nodes are upgraded."""

    strategy: UpgradeStrategy = UpgradeStrategy.SURGE
    """surge: a few nodes at a time; blue-green: new nodes beside all old ones, which stay until they have soaked."""
    max_surge: Annotated[int, Field(ge=0, le=MAX_SURGE)] = 1
    """Nodes added above the group's size while upgrading, in each zone; with surge."""
    max_unavailable: Annotated[int, Field(ge=0, le=MAX_SURGE)] = 0
    """Nodes that may be gone at a time while upgrading, in each zone; with surge."""
    batch_percent: Annotated[int, Field(ge=1, le=100)] = 33
    """Share of the old nodes that is drained at a time; with blue-green."""
    batch_soak_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    """Minutes to wait after each of these; with blue-green."""
    soak_minutes: Annotated[int, Field(ge=0, le=10080)] = 60
    """Minutes that the drained old nodes stay, to go back to; with blue-green."""

    @rule
    def each_strategy_has_its_own_keys(self) -> Iterator[Fault]:
        """What only the other strategy reads would be without effect."""
        surge, blue_green = ("max_surge", "max_unavailable"), ("batch_percent", "batch_soak_minutes", "soak_minutes")
        for name in blue_green if self.strategy is UpgradeStrategy.SURGE else surge:
            if name in self.model_fields_set:
                other = UpgradeStrategy.BLUE_GREEN if name in blue_green else UpgradeStrategy.SURGE
                problem = f"has no effect with strategy: {self.strategy.value}"
                yield Fault((name,), problem, f"remove it, or write strategy: {other.value}")

    @rule
    def upgrades_get_on(self) -> Iterator[Fault]:
        """Some node must be new or gone, and GKE bounds how many."""
        at_a_time = self.max_surge + self.max_unavailable
        if self.strategy is UpgradeStrategy.SURGE and not 1 <= at_a_time <= MAX_SURGE:
            problem = f"and max_surge are {at_a_time} together"
            yield Fault(("max_unavailable",), problem, f"write 1 to {MAX_SURGE} in both together")


class GcpGpuSettings(Settings):
    """GPUs that each machine of the group gets beside."""

    kind: GpuKind
    """Which GPU; the zone must have it."""
    count: Annotated[int, Field(ge=1, le=8)] = 1
    """GPUs on each machine: 1, 2 or 4; of V100 also 8."""

    @rule
    def gpus_come_in_powers_of_two(self) -> Iterator[Fault]:
        """Source: Compute Engine documentation, "GPU platforms", N1 with GPUs, as known in 2026-11; not read."""
        known = (1, 2, 4, 8) if self.kind is GpuKind.V100 else (1, 2, 4)
        if self.count not in known:
            problem = f"no machine takes {self.count} of {self.kind.value}"
            yield Fault(("count",), problem, f"write one of {', '.join(map(str, known))}")


class GcpNodeGroupSettings(Settings):
    """A node group on GKE."""

    limits: Limits = Limits.TOTAL
    """total: zones stay as level as they can; per-zone: each has its equal share of min_nodes and max_nodes."""
    upgrade: GcpUpgradeSettings = GcpUpgradeSettings()
    """How nodes are upgraded."""
    disk_type: GcpDiskType | None = None
    """What boot disks are made of; left out: pd-balanced, or hyperdisk-balanced where the machine takes that alone."""
    disk_key: KmsKeyName | None = None
    """KMS key of the boot disks; left out: Google's own."""
    pods_per_node: Annotated[int | None, Field(ge=8, le=256, examples=[64])] = None
    """Most pods on a node of this group; the cluster's where left out."""
    secure_boot: bool = True
    """Whether nodes run signed boot software only; a GPU driver of one's own may need it off."""
    image_streaming: bool = True
    """Whether containers start while their image from Artifact Registry is still read; Container-Optimized OS only."""
    gpu: GcpGpuSettings | None = None
    """GPUs beside a machine type of series n1; other series bring theirs, or take none."""
    gpu_driver: GpuDriver = GpuDriver.DEFAULT
    """Which NVIDIA driver GKE installs where the group has GPUs."""
