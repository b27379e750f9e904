"""Rules on own servers between the container runtime and what it is asked to do: not each can do all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from components.settings.base import Fault
from components.settings.clouds import ServersStack
from components.settings.cluster_kubeadm_runtime import RuntimeKind

DOCKER_HUB: Final = "docker.io"
_OTHERS: Final = "write cluster.runtime.kind: containerd or cri-o"


def docker_mirrors_what_it_can(stack: ServersStack) -> Iterator[Fault]:
    """Docker Engine has mirrors of Docker Hub alone, at the root of a host, and asks the Hub where they fail.

    Source: github.com/docker/docker v28.5.2, registry/config.go and registry/service_v2.go, read 2026-11-29.
    """
    if stack.cluster.runtime.kind is not RuntimeKind.DOCKER:
        return
    for registry, mirror in stack.registry.mirrors.items():
        key = ("registry", "mirrors", registry)
        if registry != DOCKER_HUB:
            problem = f"cannot be: Docker Engine has mirrors of {DOCKER_HUB} alone"
            yield Fault(key, problem, f"remove it, or {_OTHERS}")
            continue
        if urlsplit(mirror.url).path:
            problem = "has a path, and Docker Engine asks a mirror below its root"
            yield Fault((*key, "url"), problem, f"write a host that has {DOCKER_HUB} alone, or {_OTHERS}")
        if mirror.only:
            problem = f"cannot be: Docker Engine asks {DOCKER_HUB} where its mirror fails"
            yield Fault((*key, "only"), problem, f"remove it, or {_OTHERS}")


def docker_has_no_gpus(stack: ServersStack) -> Iterator[Fault]:
    """A pod asks for GPUs by a runtime class, and cri-dockerd knows none but Docker's own.

    Source: Mirantis/cri-dockerd v0.3.24, core/sandbox_run.go, read 2026-11-29.
    """
    if stack.cluster.runtime.kind is not RuntimeKind.DOCKER:
        return
    for name, host in stack.provider.hosts.items():
        if host.gpu is not None:
            problem = "cannot be: cri-dockerd knows no runtime class, by which pods ask for GPUs"
            yield Fault(("provider", "hosts", name, "gpu"), problem, f"remove it, or {_OTHERS}")


def archives_are_for_all_hosts(stack: ServersStack) -> Iterator[Fault]:
    """An archive in Docker's form has an image of one architecture; containerd alone imports one of several."""
    kind, architectures = stack.cluster.runtime.kind, stack.provider.architectures
    if kind is RuntimeKind.CONTAINERD or len(architectures) == 1 or not stack.cluster.image_archives:
        return
    problem = f"cannot be: hosts have {' and '.join(architectures)}, and what {kind.value} imports is for one"
    remedy = "let registry.mirrors have the images, or write cluster.runtime.kind: containerd"
    yield Fault(("cluster", "image_archives"), problem, remedy)
