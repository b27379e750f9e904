"""Rules on a stack on own servers: a registry in the cluster has volumes, and hosts that can run it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from components.settings.base import Fault
from components.settings.clouds import ServersStack
from components.settings.registry_harbor import HarborRegistrySettings
from components.settings.registry_servers import SelfHostedRegistrySettings
from components.terms import Architecture, MachineRole, TaintEffect


def the_registrys_class_is_there(stack: ServersStack) -> Iterator[Fault]:
    """The registry's volume is of a class that makes volumes, or of disks; Harbor has several volumes."""
    registry = stack.registry
    if isinstance(registry, SelfHostedRegistrySettings):
        choices = (*stack.storage.making_classes, *sorted(stack.storage.local_volumes))
    elif isinstance(registry, HarborRegistrySettings):
        choices = stack.storage.making_classes
    else:
        return
    if registry.storage_class is not None and registry.storage_class not in choices:
        there = registry.storage_class in stack.storage.local_volumes
        problem = "makes no volumes, and Harbor has several" if there else "is no class of the stack"
        remedy = f"write one of {', '.join(choices)}"
        yield Fault(("registry", "storage_class"), f"{registry.storage_class} {problem}", remedy)


def harbor_has_a_host(stack: ServersStack) -> Iterator[Fault]:
    """Harbor tolerates no taints, those of control planes no more than others, and has no images for arm64."""
    if not isinstance(stack.registry, HarborRegistrySettings):
        return
    provider = stack.provider
    for host in provider.by_role(MachineRole.WORKER).values():
        kept_away = any(taint.effect is not TaintEffect.PREFER_NO_SCHEDULE for taint in host.taints.values())
        if not kept_away and (host.architecture or provider.architecture) is Architecture.AMD64:
            return
    problem = "is harbor, which has no host to run on: no worker has processors of amd64 and no taints"
    yield Fault(("registry", "kind"), problem, "add such a worker, or write kind: self-hosted")


SERVERS_REGISTRY_RULES: Final[tuple[Callable[[ServersStack], Iterable[Fault]], ...]] = (
    the_registrys_class_is_there,
    harbor_has_a_host,
)
"""Rules on registries in the cluster."""
