"""`infraplatform:node_groups`: machines of one shape, by name; sizes are totals over the zones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.node_groups_azure import AzureNodeGroupSettings
from components.settings.node_groups_clouds import AwsNodeGroupSettings, GcpNodeGroupSettings
from components.settings.values import EachOnce, PartOverrides, Zone, matching
from components.terms import TaintEffect

_QUALIFIED_NAME: Final = matching(
    r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$",
    "a Kubernetes name: up to 63 letters, digits and inner - _ . , after an optional DNS name and a slash",
    max_length=317,
    examples=["workload"],
)
_VALUE: Final = matching(
    r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$",
    "up to 63 letters, digits and inner - _ .",
    max_length=63,
    examples=["batch"],
)
LabelKey = Annotated[str, _QUALIFIED_NAME]
LabelValue = Annotated[str, _VALUE]


class Capacity(StrEnum):
    """How machines are bought."""

    ON_DEMAND = "on-demand"
    SPOT = "spot"


class Image(StrEnum):
    """The nodes' operating system."""

    AMAZON_LINUX_2023 = "amazon-linux-2023"
    AZURE_LINUX_3 = "azure-linux-3"
    BOTTLEROCKET = "bottlerocket"
    CONTAINER_OPTIMIZED_OS = "container-optimized-os"
    UBUNTU = "ubuntu"


IMAGES: Final[Mapping[str, tuple[Image, ...]]] = {
    "aws": (Image.AMAZON_LINUX_2023, Image.BOTTLEROCKET),
    "azure": (Image.AZURE_LINUX_3, Image.UBUNTU),
    "gcp": (Image.CONTAINER_OPTIMIZED_OS, Image.UBUNTU),
}
"""The operating systems that each provider's managed clusters offer; the first is the default."""


class TaintSettings(Settings):
    """A taint on every node of the group."""

    value: LabelValue = ""
    """The taint's value."""
    effect: TaintEffect
    """What it does to pods without a toleration."""


class NodeGroupSettings(Settings):
    """Machines of one shape."""

    machine_types: Annotated[tuple[str, ...], EachOnce, Field(min_length=1, max_length=20, examples=[["m7g.large"]])]
    """The provider's machine types, of one architecture, in order of preference; exactly one but on AWS."""
    min_nodes: Annotated[int, Field(ge=0, le=450, examples=[2])]
    """Least nodes over all zones."""
    max_nodes: Annotated[int, Field(ge=1, le=450, examples=[6])]
    """Most nodes over all zones, on AWS one for each zone at least; the autoscaler's count survives every update."""
    zones: Annotated[tuple[Zone, ...] | None, EachOnce, Field(min_length=1, examples=[["a", "b"]])] = None
    """Zones of the nodes; the cluster's zones where left out."""
    capacity: Capacity = Capacity.ON_DEMAND
    """How machines are bought."""
    image: Image | None = None
    """The nodes' operating system; left out: amazon-linux-2023, azure-linux-3 or container-optimized-os."""
    disk_gib: Annotated[int, Field(ge=20, le=16384, examples=[50])] = 50
    """Size of the encrypted root disk (Bottlerocket: of its data disk) in GiB."""
    labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=50, examples=[{"workload": "batch"}])] = {}
    """Kubernetes labels of the nodes."""
    taints: Annotated[
        dict[LabelKey, TaintSettings], Field(max_length=50, examples=[{"gpu": {"effect": "NoSchedule"}}])
    ] = {}
    """Taints of the nodes, by key."""
    aws: AwsNodeGroupSettings = AwsNodeGroupSettings()
    """What only EKS has; on AWS only."""
    azure: AzureNodeGroupSettings = AzureNodeGroupSettings()
    """What only AKS has; on Azure only."""
    gcp: GcpNodeGroupSettings = GcpNodeGroupSettings()
    """What only GKE has; on Google Cloud only."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this group sets."""

    @rule
    def min_is_below_max(self) -> Iterator[Fault]:
        """The least is not above the most."""
        if self.min_nodes > self.max_nodes:
            problem = f"min_nodes {self.min_nodes} is above max_nodes {self.max_nodes}"
            yield Fault(("max_nodes",), problem, f"write max_nodes: {self.min_nodes} or more")


def keeps_system_pods_off(group: NodeGroupSettings) -> bool:
    """Whether a taint of the group keeps system pods off, which tolerate CriticalAddonsOnly alone."""
    hard = (key for key, taint in group.taints.items() if taint.effect is not TaintEffect.PREFER_NO_SCHEDULE)
    return any(key != "CriticalAddonsOnly" for key in hard)


def runs_system_pods(group: NodeGroupSettings) -> bool:
    """Whether nodes are always there, stay, and let system pods in; on AKS such a group is a system pool.

    Source: AKS documentation, "Use system node pools": one node at least, Linux, no spot; known, not read.
    """
    return group.min_nodes > 0 and group.capacity is Capacity.ON_DEMAND and not keeps_system_pods_off(group)
