"""`infraplatform:node_groups`: machines of one shape, by name; sizes are totals over the zones."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from components.settings.base import OVERRIDES_DESCRIPTION, Overrides, Settings, wrong
from components.terms import TaintEffect


class Capacity(StrEnum):
    """How machines are bought."""

    ON_DEMAND = "on-demand"
    SPOT = "spot"


class Image(StrEnum):
    """The nodes' operating system."""

    AMAZON_LINUX_2023 = "amazon-linux-2023"
    BOTTLEROCKET = "bottlerocket"


class TaintSettings(Settings):
    """A taint on every node of the group."""

    value: Annotated[str, Field(max_length=63)] = ""
    """The taint's value."""
    effect: TaintEffect
    """What it does to pods without a toleration."""


class NodeGroupSettings(Settings):
    """Machines of one shape."""

    machine_types: Annotated[tuple[str, ...], Field(min_length=1, max_length=20, examples=[["m7g.large"]])]
    """The provider's machine types, of one architecture, in order of preference."""
    min_nodes: Annotated[int, Field(ge=0, le=450, examples=[2])]
    """Least nodes over all zones."""
    max_nodes: Annotated[int, Field(ge=1, le=450, examples=[6])]
    """Most nodes over all zones; the autoscaler's count between the two survives every update."""
    zones: Annotated[tuple[str, ...] | None, Field(min_length=1, examples=[["a", "b"]])] = None
    """Zones of the nodes; the cluster's zones where left out."""
    capacity: Capacity = Capacity.ON_DEMAND
    """How machines are bought."""
    image: Image = Image.AMAZON_LINUX_2023
    """The nodes' operating system; a GPU machine type gets its variant with drivers."""
    release_version: Annotated[str | None, Field(examples=["1.35.2-20260224"])] = None
    """The image's release; left out: the newest at creation and at each version upgrade, then unchanged."""
    disk_gib: Annotated[int, Field(ge=20, le=16384, examples=[50])] = 50
    """Size of the encrypted root disk (Bottlerocket: of its data disk) in GiB."""
    labels: dict[str, str] = {}
    """Kubernetes labels of the nodes."""
    taints: Annotated[dict[str, TaintSettings], Field(examples=[{"gpu": {"effect": "NoSchedule"}}])] = {}
    """Taints of the nodes, by key."""
    max_unavailable_percent: Annotated[int, Field(ge=1, le=100)] = 33
    """Share of a zone's nodes that an update may replace at a time."""
    node_repair: bool = True
    """Whether nodes that stay unhealthy are replaced."""
    overrides: Annotated[Overrides, Field(description=OVERRIDES_DESCRIPTION)] = {}

    @model_validator(mode="after")
    def _min_is_below_max(self) -> Self:
        if self.min_nodes > self.max_nodes:
            problem = f"min_nodes {self.min_nodes} is above max_nodes {self.max_nodes}"
            raise wrong(problem, f"write max_nodes: {self.min_nodes} or more")
        return self
