"""Rules on a stack on own servers: where volumes are kept fits the hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from components.settings.base import Fault
from components.settings.clouds import ServersStack
from components.terms import MachineRole


def longhorn_is_on_workers(stack: ServersStack) -> Iterator[Fault]:
    """Control planes take no pods, Longhorn's no more than others."""
    workers = stack.provider.by_role(MachineRole.WORKER)
    if stack.storage.longhorn is None:
        return
    if not workers:
        yield Fault(("storage", "longhorn"), "has no host to run on: there is no worker", "add workers, or remove it")
    for place, name in enumerate(stack.storage.longhorn.hosts):
        if name not in workers:
            remedy = f"write one of {', '.join(sorted(workers))}" if workers else "remove it"
            yield Fault(("storage", "longhorn", "hosts", place), f"{name} is no worker of the stack", remedy)


def copies_have_hosts_of_their_own(stack: ServersStack) -> Iterator[Fault]:
    """Two copies of a volume are on two hosts; where there are too few, it would never be whole."""
    longhorn = stack.storage.longhorn
    if longhorn is None:
        return
    hosts = longhorn.hosts or tuple(stack.provider.by_role(MachineRole.WORKER))
    for name, settings in longhorn.classes.items():
        if hosts and settings.replicas > len(hosts):
            problem = (
                f"is {settings.replicas}, and {len(hosts)} {'host holds' if len(hosts) == 1 else 'hosts hold'} data"
            )
            key = ("storage", "longhorn", "classes", name, "replicas")
            yield Fault(key, problem, f"write {len(hosts)}, or have more hosts hold data")


def longhorn_has_its_directory_alone(stack: ServersStack) -> Iterator[Fault]:
    """What is in its directory Longhorn takes for its own."""
    if stack.storage.longhorn is None:
        return
    directory = PurePosixPath(stack.storage.longhorn.directory)
    places = {("local", "directory"): stack.storage.local.directory}
    for of_class, volumes in stack.storage.local_volumes.items():
        places |= {("local_volumes", of_class, name, "path"): volume.path for name, volume in volumes.items()}
    for key, path in places.items():
        if directory.is_relative_to(path) or PurePosixPath(path).is_relative_to(directory):
            problem = f"{path} and longhorn.directory {directory} are within each other"
            yield Fault(("storage", *key), problem, "write folders apart")


SERVERS_STORAGE_RULES: Final[tuple[Callable[[ServersStack], Iterable[Fault]], ...]] = (
    longhorn_is_on_workers,
    copies_have_hosts_of_their_own,
    longhorn_has_its_directory_alone,
)
"""Rules on where volumes are."""
