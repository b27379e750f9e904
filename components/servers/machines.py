"""Own servers of one role, as machines that `kubeadm/` makes nodes of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.settings import HostSettings, ServersProviderSettings
from components.terms import Machine, MachineRole, Taint, TaintEffect

GPU_LABELS: Final = {"nvidia.com/gpu.present": "true"}
GPU_TAINT: Final = Taint(key="nvidia.com/gpu", value="present", effect=TaintEffect.NO_SCHEDULE)


@dataclass(frozen=True, kw_only=True)
class ServerGroupArgs:
    """What a group of servers is: hosts of one role by name."""

    key: str
    role: MachineRole
    hosts: Mapping[str, HostSettings]
    provider: ServersProviderSettings


class ServerGroup(pulumi.ComponentResource):
    """Own servers of one role; fulfils `contract.MachineGroup`. Its labels and taints are those that all hosts have."""

    name: str
    role: MachineRole
    machines: Mapping[str, Machine]
    labels: Mapping[str, str]
    taints: Sequence[Taint]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: ServerGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Describe the servers."""
        super().__init__("infraplatform:servers:ServerGroup", name, {"hosts": list(args.hosts)}, opts)
        self.name = args.key
        self.role = args.role
        self.machines = {key: machine(key, host, args.provider) for key, host in args.hosts.items()}
        first, *others = self.machines.values()
        self.labels = {
            key: value for key, value in first.labels.items() if all(other.labels.get(key) == value for other in others)
        }
        self.taints = tuple(taint for taint in first.taints if all(taint in other.taints for other in others))
        self.ready = (self,)
        self.register_outputs({"hosts": list(args.hosts)})


def machine(name: str, host: HostSettings, provider: ServersProviderSettings) -> Machine:
    """A host of the settings as a machine.

    One with GPUs has the label that NVIDIA's own tools set, and the taint that GKE gives such nodes; a taint of that
    key in the settings stands instead.
    """
    taints = [Taint(key=key, value=taint.value, effect=taint.effect) for key, taint in sorted(host.taints.items())]
    return Machine(
        name=name,
        address=pulumi.Output.from_input(host.address),
        private_address=pulumi.Output.from_input(host.node_address),
        host_key=pulumi.Output.from_input(host.host_key),
        user=host.user or provider.user,
        port=host.port or provider.port,
        architecture=host.architecture or provider.architecture,
        gpu=host.gpu,
        labels=(GPU_LABELS if host.gpu else {}) | host.labels,
        taints=(*(() if host.gpu is None or GPU_TAINT.key in host.taints else (GPU_TAINT,)), *taints),
    )


def bastion(provider: ServersProviderSettings) -> Machine | None:
    """The host through which all others are reached, if there is one."""
    settings = provider.bastion
    if settings is None:
        return None
    address = pulumi.Output.from_input(settings.address)
    return Machine(
        name="bastion",
        address=address,
        private_address=address,
        host_key=pulumi.Output.from_input(settings.host_key),
        user=settings.user,
        port=settings.port,
    )
