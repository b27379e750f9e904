"""Stand-ins for contract parts that no provider implements yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.contract import Machine, MachineRole, Taint
from tests.contract import wanted

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBzM1qBfTZ0f2GmJ0Z2r3p4q5s6t7u8v9w0x1y2z3A4B"


class MachineGroupDouble(pulumi.ComponentResource):
    """Two made-up workers: stands in until `servers/machines.py` and the clouds' `machines.py` exist."""

    name: str
    role: MachineRole
    machines: Mapping[str, Machine]
    labels: Mapping[str, str]
    taints: Sequence[Taint]
    ready: Sequence[pulumi.Resource]

    def __init__(self) -> None:
        super().__init__("infraplatform:tests:MachineGroupDouble", wanted.GROUP)
        self.name = wanted.GROUP
        self.role = MachineRole.WORKER
        self.machines = machines()
        self.labels = wanted.LABELS
        self.taints = wanted.TAINTS
        self.ready = (self,)
        self.register_outputs({})


def machines() -> dict[str, Machine]:
    """The two workers; made inside a program."""
    return {f"worker-{number}": _machine(number) for number in (1, 2)}


def _machine(number: int) -> Machine:
    return Machine(
        name=f"worker-{number}",
        address=pulumi.Output.from_input(f"192.0.2.2{number}"),
        private_address=pulumi.Output.from_input(f"10.0.0.2{number}"),
        host_key=pulumi.Output.from_input(HOST_KEY),
        user="admin",
    )
