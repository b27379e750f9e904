"""Docker Engine's configuration and that of cri-dockerd, by which the kubelet speaks to it.

Docker Engine is the hosts' own package. Sources, read 2026-11-29: github.com/docker/docker v28.5.2, daemon/config and
registry; Mirantis/cri-dockerd v0.3.24, config/options.go; k8s.io/kubernetes v1.36.3, pkg/credentialprovider.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from components.kubeadm.containerd import Login
from components.settings import KubeadmClusterSettings, MirrorSettings
from components.versions import KUBEADM_RELEASES

_LOGS: Final = {"max-size": "10m", "max-file": "5"}
"""The kubelet's own limits: it cannot rotate these logs, Docker does."""
_DOCKER_HUB: Final = "docker.io"
_DOCKER_HUB_KEY: Final = "https://index.docker.io/v1/"
"""What Docker Hub is called among users, by Docker and by the kubelet."""


def kubelet_gates(minor: str) -> dict[str, bool]:
    """The kubelet's gates with cri-dockerd, by which commands in pods are reached as they were before 1.36.

    cri-dockerd names its address without `http:`, and the kubelet's new way asks it by TLS: `kubectl exec` failed, read
    and run with v0.3.24 and Kubernetes v1.36.3. No older kubelet starts with a gate that it does not know.
    """
    known = tuple(int(part) for part in minor.split(".")) >= (1, 36)
    return {"ExtendWebSocketsToKubelet": False} if known else {}


def daemon_file(settings: KubeadmClusterSettings, mirrors: Mapping[str, MirrorSettings]) -> str:
    """`/etc/docker/daemon.json`.

    Containers outlive a restart of the engine. It keeps off the hosts' packet rules, where it would drop what pods send
    to each other, and has no network of its own: pods' is the kubelet's.
    """
    options: dict[str, Any] = {
        "exec-opts": [f"native.cgroupdriver={settings.cgroup_driver.value}"],
        "log-driver": "json-file",
        "log-opts": _LOGS,
        "live-restore": True,
        "bridge": "none",
        "iptables": False,
        "ip6tables": False,
        **({"registry-mirrors": [mirrors[_DOCKER_HUB].url]} if _DOCKER_HUB in mirrors else {}),
    }
    return json.dumps(options, indent=2)


def shim_file(settings: KubeadmClusterSettings) -> str:
    """cri-dockerd's environment, which has its flags that differ between clusters."""
    pause = f"registry.k8s.io/pause:{KUBEADM_RELEASES[settings.minor].pause}"
    return f"CRI_DOCKERD_OPTIONS=--pod-infra-container-image={pause}"


def auth_file(logins: Mapping[str, Login]) -> str:
    """The kubelet's `config.json`: the users of registries, by host; a secret."""
    auths = {
        _DOCKER_HUB_KEY if host == _DOCKER_HUB else host: {"auth": login.header.removeprefix("Basic ")}
        for host, login in logins.items()
    }
    return json.dumps({"auths": dict(sorted(auths.items()))})
