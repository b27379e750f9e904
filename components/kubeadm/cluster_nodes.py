"""The machines of a cluster as its nodes, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.contract import Machine, MachineGroup
from components.kubeadm.kubeadm_config import NodeFacts
from components.terms import MachineRole, Taint


@dataclass(frozen=True, eq=False)
class ClusterNode:
    """A machine and the group it belongs to."""

    machine: Machine
    group: MachineGroup

    @property
    def is_control_plane(self) -> bool:
        """Whether it is one of the control planes."""
        return self.group.role is MachineRole.CONTROL_PLANE

    @property
    def taints(self) -> tuple[Taint, ...]:
        """Its group's and its own, each once."""
        return tuple(dict.fromkeys((*self.group.taints, *self.machine.taints)))

    def facts(self) -> pulumi.Output[NodeFacts]:
        """What kubeadm is told of it, as soon as its address is known."""
        machine, role = self.machine, self.group.role
        return machine.private_address.apply(
            lambda address: NodeFacts(
                name=machine.name,
                role=role,
                address=address,
                architecture=machine.architecture,
                gpu=machine.gpu,
                taints=self.taints,
                ssh_port=machine.port,
            )
        )


def nodes_of(groups: Sequence[MachineGroup]) -> list[ClusterNode]:
    """The machines of all groups: control planes first, each by name."""
    nodes = [ClusterNode(machine, group) for group in groups for machine in group.machines.values()]
    return sorted(nodes, key=lambda node: (not node.is_control_plane, node.machine.name))


def taints_of_workers(nodes: Sequence[ClusterNode]) -> tuple[Taint, ...]:
    """What workers have, each once, in the nodes' order."""
    return tuple(dict.fromkeys(taint for node in nodes if not node.is_control_plane for taint in node.taints))


def warn_of_an_even_number(control_planes: int) -> None:
    """It is right while one control plane replaces another, and no better than one less otherwise."""
    if control_planes % 2 == 0:
        survived = (control_planes - 1) // 2
        problem = f"{control_planes} control planes survive the loss of {survived}, as {control_planes - 1} would"
        pulumi.log.warn(f"{problem}; have an odd number, but while one replaces another")
