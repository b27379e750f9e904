"""`infraplatform:node_groups`: machines of one shape, by name; sizes are totals over the zones."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from components.machine_types import MachineType, aws_machine_type, without_image
from components.settings.base import Fault, Settings, rule
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
RESERVED_LABEL_DOMAINS: Final = ("kubernetes.io", "k8s.io", "eks.amazonaws.com")
"""Label prefixes that EKS refuses on node groups. Source: eksctl issue 4007, the API's own error, read 2026-11-23."""

LabelKey = Annotated[str, _QUALIFIED_NAME]
LabelValue = Annotated[str, _VALUE]


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

    value: LabelValue = ""
    """The taint's value."""
    effect: TaintEffect
    """What it does to pods without a toleration."""


class NodeGroupSettings(Settings):
    """Machines of one shape."""

    machine_types: Annotated[tuple[str, ...], EachOnce, Field(min_length=1, max_length=20, examples=[["m7g.large"]])]
    """The provider's machine types, of one architecture, in order of preference."""
    min_nodes: Annotated[int, Field(ge=0, le=450, examples=[2])]
    """Least nodes over all zones."""
    max_nodes: Annotated[int, Field(ge=1, le=450, examples=[6])]
    """Most nodes over all zones, one for each zone at least; the autoscaler's count survives every update."""
    zones: Annotated[tuple[Zone, ...] | None, EachOnce, Field(min_length=1, examples=[["a", "b"]])] = None
    """Zones of the nodes; the cluster's zones where left out."""
    capacity: Capacity = Capacity.ON_DEMAND
    """How machines are bought."""
    image: Image = Image.AMAZON_LINUX_2023
    """The nodes' operating system; a GPU machine type gets its variant with drivers."""
    release_version: Annotated[
        str | None,
        matching(
            r"^\d+\.\d+\.\d+-([0-9]{8}|[0-9a-f]{8})$",
            "a release of the image",
            examples=["1.35.2-20260224"],
        ),
    ] = None
    """The image's release; left out: the newest at creation and at each version upgrade, then unchanged."""
    disk_gib: Annotated[int, Field(ge=20, le=16384, examples=[50])] = 50
    """Size of the encrypted root disk (Bottlerocket: of its data disk) in GiB."""
    labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=50, examples=[{"workload": "batch"}])] = {}
    """Kubernetes labels of the nodes."""
    taints: Annotated[
        dict[LabelKey, TaintSettings], Field(max_length=50, examples=[{"gpu": {"effect": "NoSchedule"}}])
    ] = {}
    """Taints of the nodes, by key."""
    max_unavailable_percent: Annotated[int, Field(ge=1, le=100)] = 33
    """Share of a zone's nodes that an update may replace at a time."""
    node_repair: bool = True
    """Whether nodes that stay unhealthy are replaced."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this group sets."""

    @rule
    def min_is_below_max(self) -> Iterator[Fault]:
        """The least is not above the most."""
        if self.min_nodes > self.max_nodes:
            problem = f"min_nodes {self.min_nodes} is above max_nodes {self.max_nodes}"
            yield Fault(("max_nodes",), problem, f"write max_nodes: {self.min_nodes} or more")

    @rule
    def machine_types_exist(self) -> Iterator[Fault]:
        """Each machine type is named as EC2 names them, and EKS has an image for it."""
        for index, name in enumerate(self.machine_types):
            reason = without_image(name)
            if aws_machine_type(name) is None:
                yield Fault(
                    ("machine_types", index), f"{name!r} is not an EC2 instance type", "write one, as m7g.large"
                )
            elif reason is not None:
                yield Fault(("machine_types", index), f"{name} is of no use here: {reason}", "write another type")

    @rule
    def machine_types_share_an_image(self) -> Iterator[Fault]:
        """A group has one image, and so one architecture and one kind of accelerator."""
        known = self._known_types()
        for trait, words in (("architecture", "one architecture"), ("accelerator", "one kind of accelerator")):
            if len({getattr(machine, trait) for machine in known.values()}) > 1:
                listed = ", ".join(f"{name} has {getattr(machine, trait)}" for name, machine in known.items())
                yield Fault(("machine_types",), f"a group has {words}, but {listed}", "write a node group for each")

    @rule
    def the_image_knows_the_accelerator(self) -> Iterator[Fault]:
        """Bottlerocket has no variant for Neuron. Source: EKS API, Nodegroup amiType, read 2026-11-23."""
        for name, machine in self._known_types().items():
            if machine.accelerator == "neuron" and self.image is Image.BOTTLEROCKET:
                problem = f"Bottlerocket has no variant for the Neuron accelerator of {name}"
                yield Fault(("image",), problem, "write amazon-linux-2023")
                return

    @rule
    def labels_are_not_reserved(self) -> Iterator[Fault]:
        """Labels in Kubernetes' and EKS' own domains are theirs to set."""
        for label in self.labels:
            prefix, slash, name = label.rpartition("/")
            if slash and any(prefix == domain or prefix.endswith(f".{domain}") for domain in RESERVED_LABEL_DOMAINS):
                yield Fault(
                    ("labels", label),
                    f"EKS keeps the prefix {prefix} for itself",
                    f"write {name}, or a prefix of yours",
                )

    def _known_types(self) -> dict[str, MachineType]:
        types = {name: aws_machine_type(name) for name in self.machine_types}
        return {name: machine for name, machine in types.items() if machine is not None}
