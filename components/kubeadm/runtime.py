"""The container runtime of a cluster's hosts: which files each has, where it answers, what the node program knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from components.kubeadm import containerd, cri_o, docker_engine
from components.kubeadm.containerd import Login
from components.kubeadm.program import PUBLIC_FOLDER
from components.settings import KubeadmClusterSettings, MirrorSettings, RuntimeKind
from components.terms import Gpu, MachineRole

AUTH_SECRET: Final = f"{PUBLIC_FOLDER}/secrets/registries/auth.json"
"""The users of registries, where the runtime takes them in one file; containerd has them beside each registry."""
_SOCKETS: Final = {
    RuntimeKind.CONTAINERD: "unix:///run/containerd/containerd.sock",
    RuntimeKind.CRI_O: "unix:///run/crio/crio.sock",
    RuntimeKind.DOCKER: "unix:///run/cri-dockerd.sock",
}
"""Where each answers the kubelet. Also in `node/`."""
_OF_CONTROL_PLANES: Final = tuple(
    f"registry.k8s.io/{name}:" for name in ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
)
"""Images that run on control planes alone."""
_VARIABLE: Final = re.compile(r"^CONTAINER_RUNTIME='([a-z-]+)'$", re.MULTILINE)


def cri_socket(settings: KubeadmClusterSettings) -> str:
    """Where the kubelet and kubeadm reach the runtime."""
    return _SOCKETS[settings.runtime.kind]


def archived_images(settings: KubeadmClusterSettings, role: MachineRole) -> str:
    """The archives that a node's runtime imports: a line of name, SHA-256 and address each."""
    archives = settings.image_archives
    if role is MachineRole.WORKER:  # it would unpack and keep half a gigabyte for nothing
        archives = {name: archive for name, archive in archives.items() if not name.startswith(_OF_CONTROL_PLANES)}
    return "\n".join(f"{name} {archive.sha256} {archive.url}" for name, archive in sorted(archives.items()))


def kubelet_settings(settings: KubeadmClusterSettings) -> dict[str, Any]:
    """The kubelets' settings of the user's own, over what the runtime needs of them."""
    gates = docker_engine.kubelet_gates(settings.minor) if settings.runtime.kind is RuntimeKind.DOCKER else {}
    own = settings.kubelet
    return {**own, "featureGates": {**gates, **own.get("featureGates", {})}} if gates else dict(own)


def runtime_files(
    settings: KubeadmClusterSettings,
    mirrors: Mapping[str, MirrorSettings],
    gpu: Gpu | None,
    trusted: Mapping[str, str],
) -> dict[str, str]:
    """A node's public files of its runtime, by their name below /etc/infraplatform.

    `trusted` are the CA's file by registry, of those that are asked without a login.
    """
    match settings.runtime.kind:
        case RuntimeKind.CONTAINERD:
            hosts = containerd.public_hosts(mirrors, trusted)
            named = {path.removeprefix(f"{PUBLIC_FOLDER}/"): text for path, text in hosts.items()}
            return {"containerd/config.toml": containerd.config_file(settings, gpu), **named}
        case RuntimeKind.CRI_O:
            return {
                "cri-o/crio.conf": cri_o.config_file(settings, gpu),
                "cri-o/registries.conf": cri_o.registries_file(mirrors),
            }
        case RuntimeKind.DOCKER:
            return {
                "docker/daemon.json": docker_engine.daemon_file(settings, mirrors),
                "docker/cri-dockerd.conf": docker_engine.shim_file(settings),
            }


def runtime_secrets(
    settings: KubeadmClusterSettings,
    mirrors: Mapping[str, MirrorSettings],
    logins: Mapping[str, Login],
    trusted: Mapping[str, str],
) -> dict[str, str]:
    """A node's files with passwords of registries, by their path; `trusted` are the CA's file by registry.

    Where there is one file for all of them, the node program has the own registry trusted: it knows its name.
    """
    match settings.runtime.kind:
        case RuntimeKind.CONTAINERD:
            return containerd.secret_hosts(mirrors, logins, trusted)
        case RuntimeKind.CRI_O:
            return {AUTH_SECRET: cri_o.auth_file(logins)} if logins else {}
        case RuntimeKind.DOCKER:
            return {AUTH_SECRET: docker_engine.auth_file(logins)} if logins else {}


def runtime_variables(settings: KubeadmClusterSettings) -> dict[str, str]:
    """What the node program knows of it; nothing of containerd, which is there unasked.

    CRI-O imports no archives of images, so hosts bring a program that does.
    """
    kind = settings.runtime.kind
    if kind is RuntimeKind.CONTAINERD:
        return {}
    imports = {"IMAGE_ARCHIVES": "1"} if kind is RuntimeKind.CRI_O and settings.image_archives else {}
    return {"CONTAINER_RUNTIME": kind.value, **imports}


def runtime_in(variables: str) -> str:
    """The kind that a node is told of in its `node.env`."""
    found = _VARIABLE.search(variables)
    return RuntimeKind.CONTAINERD.value if found is None else found.group(1)
