"""What is sent to a host that is to be a node: the files, kubeadm's configuration in them, and the flags that it sets.

kubeadm gives its components flags by itself, so a flag that no file sets has kubeadm's own value, most often the safe
one. No rule on hosts has a fix: it would change the text that one command sends, and not the command that then makes
the node follow it.

Source of the files' form: docs/adr/0008-own-servers.md. Of kubeadm's flags: k8s.io/kubernetes v1.36.3,
cmd/kubeadm/app/phases/controlplane/manifests.go, phases/etcd/local.go and componentconfigs/kubelet.go, read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from policies.properties import CannotTell, Properties
from policies.rule import Check, Resource

COMMAND: Final = "command:remote:Command"
SENT: Final = "stdin"
"""The input that holds what is sent."""
CLUSTER: Final = "ClusterConfiguration"
KUBELET: Final = "KubeletConfiguration"
API_SERVER: Final = ("apiServer",)
CONTROLLER_MANAGER: Final = ("controllerManager",)
SCHEDULER: Final = ("scheduler",)
ETCD: Final = ("etcd", "local")
SOURCE: Final = "k8s.io/kubernetes v1.36.3, cmd/kubeadm/app (v1beta4, and the flags that kubeadm sets), read 2026-11-29"
_RECEIVES: Final = "infraplatform-node receive"
_OFF: Final = ("false", "f", "0")  # as Go reads flags

ControlPlaneCheck = Callable[[Properties], Iterator[str]]
"""A check on a cluster's configuration, as a control plane gets it."""


def is_control_plane(command: Resource) -> bool:
    """Whether a command brings kubeadm's configuration of a cluster to a host, or may: what it sends is not known."""
    return _sends(command, CLUSTER)


def has_kubelet(command: Resource) -> bool:
    """Whether a command brings a kubelet's configuration to a host, or may."""
    return _sends(command, KUBELET)


def _sends(command: Resource, *kinds: str) -> bool:
    try:
        files = command.inputs.blocks(SENT)
    except CannotTell:
        return _RECEIVES in str(command.inputs.at("create").raw)
    return any(f"kind: {kind}" in file.get() for file in files.values() for kind in kinds)


def document(command: Resource, *kinds: str) -> Properties | None:
    """The first YAML document of one of these kinds among what is sent; None where there is none.

    Raises:
        CannotTell: what is sent is unknown, or a file that names the kind is no YAML.
    """
    return next(documents(command, *kinds), None)


def documents(command: Resource, *kinds: str) -> Iterator[Properties]:
    """All YAML documents of these kinds among what is sent.

    Raises:
        CannotTell: what is sent is unknown, or a file that names a kind is no YAML.
    """
    for path, file in command.inputs.blocks(SENT).items():
        if path.endswith((".yaml", ".yml")) and any(f"kind: {kind}" in file.get() for kind in kinds):
            yield from (found for found in file.documents() if found.get("kind") in kinds)


def file_at(command: Resource, path: str) -> list[Properties]:
    """The YAML documents of the file at a path.

    Raises:
        CannotTell: it is not among what is sent.
    """
    files = command.inputs.blocks(SENT)
    if path not in files:
        raise CannotTell(path, why="not among the files that are sent")
    return files[path].documents()


def flags(of: Properties) -> dict[str, str]:
    """The flags that kubeadm's configuration sets; of a flag that stands twice the last counts."""
    given = of.get(default=[])
    if isinstance(given, Mapping):  # as v1beta3 writes them
        return {name: str(value) for name, value in given.items()}
    return {flag["name"]: str(flag["value"]) for flag in given}


def component_flags(command: Resource, component: tuple[str, ...]) -> dict[str, str]:
    """The flags that a cluster's configuration sets for one component.

    Raises:
        CannotTell: what is sent is unknown, or etcd runs elsewhere.
    """
    cluster = document(command, CLUSTER)
    if cluster is None:
        return {}
    if component == ETCD and cluster.has("etcd", "external"):
        raise CannotTell("etcd.external", why="set up elsewhere, and nothing here says how")
    return flags(cluster.at(*component, "extraArgs"))


def is_off(value: str) -> bool:
    """Whether a flag's value turns it off."""
    return value.lower() in _OFF


def names(flag: str) -> set[str]:
    """The elements of a flag that is a list."""
    return {name.strip() for name in flag.split(",") if name.strip()}


def flag_is_off(component: tuple[str, ...], flag: str, otherwise: str) -> Check:
    """A check that a flag is turned off, which it is not by itself."""

    def check(command: Resource) -> Iterator[str]:
        if not is_off(component_flags(command, component).get(flag, "true")):
            yield f"{flag} of {_words(component)} is not false: {otherwise}"

    return check


def flag_stays_on(component: tuple[str, ...], flag: str, otherwise: str) -> Check:
    """A check that a flag is left on, which it is by itself."""

    def check(command: Resource) -> Iterator[str]:
        if is_off(component_flags(command, component).get(flag, "true")):
            yield f"{flag} of {_words(component)} is false: {otherwise}"

    return check


def flag_stays_off(component: tuple[str, ...], flag: str, otherwise: str) -> Check:
    """A check that a flag is left off, which it is by itself."""

    def check(command: Resource) -> Iterator[str]:
        if not is_off(component_flags(command, component).get(flag, "false")):
            yield f"{flag} of {_words(component)} is true: {otherwise}"

    return check


def flags_keep_a_value(component: tuple[str, ...], wanted: tuple[str, ...], otherwise: str) -> Check:
    """A check that flags which kubeadm sets are not emptied."""

    def check(command: Resource) -> Iterator[str]:
        given = component_flags(command, component)
        for flag in wanted:
            if not given.get(flag, "kubeadm's own"):
                yield f"{flag} of {_words(component)} is emptied: {otherwise}"

    return check


def at_least(component: tuple[str, ...], flag: str, least: int, otherwise: str) -> Check:
    """A check that a flag is a number and not below another."""

    def check(command: Resource) -> Iterator[str]:
        value: Any = component_flags(command, component).get(flag)
        if value is None or not value.isdigit() or int(value) < least:
            yield f"{flag} of {_words(component)} is {value or 'not set'} and not at least {least}: {otherwise}"

    return check


def _words(component: tuple[str, ...]) -> str:
    return ".".join((*component, "extraArgs"))
