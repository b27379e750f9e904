"""containerd's configuration, and the mirrors that it pulls images from.

Source: containerd v2.2.9, internal/cri/config/config.go and docs/hosts.md, read 2026-11-29. Version 3 of the
configuration is what 2.0 brought; later ones read it too. How a registry is reached is a file of its own, read at
every pull. Of one folder alone: CRI splits a list of folders, the transfer service that it pulls by does not.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from components.kubeadm.program import PUBLIC_FOLDER
from components.settings import CgroupDriver, KubeadmClusterSettings, MirrorSettings
from components.terms import Gpu
from components.versions import KUBEADM_RELEASES

HOSTS_FOLDER: Final = "/etc/containerd/certs.d"
"""Where containerd reads how it reaches a registry; the node program puts there what it was sent."""
PUBLIC_HOSTS: Final = f"{PUBLIC_FOLDER}/containerd/certs.d"
SECRET_HOSTS: Final = f"{PUBLIC_FOLDER}/secrets/certs.d"
"""The same with a password in it: such a file wins, and only root reads it."""
NVIDIA_RUNTIME: Final = "/usr/bin/nvidia-container-runtime"
"""Where NVIDIA's packages put it. Source: NVIDIA/k8s-device-plugin, README, commit 1b826ac, read 2026-11-29."""
_UPSTREAM_HOSTS: Final = {"docker.io": "registry-1.docker.io"}
"""Where a registry answers, if not at its own name."""


@dataclass(frozen=True)
class Login:
    """A user of a registry."""

    username: str
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """What an `Authorization` header says."""
        return f"Basic {base64.b64encode(f'{self.username}:{self.password}'.encode()).decode()}"


def config_file(settings: KubeadmClusterSettings, gpu: Gpu | None = None) -> str:
    """The whole of containerd's `config.toml`; on a node with GPUs a second runtime, for pods that ask for it."""
    systemd = settings.cgroup_driver is CgroupDriver.SYSTEMD
    pause = f"registry.k8s.io/pause:{KUBEADM_RELEASES[settings.minor].pause}"
    runtime = "plugins.'io.containerd.cri.v1.runtime'"
    images = "plugins.'io.containerd.cri.v1.images'"
    lines = [
        "version = 3",
        f"[{images}.pinned_images]",
        f"sandbox = {_text(pause)}",
        f"[{images}.registry]",
        f"config_path = {_text(HOSTS_FOLDER)}",
        f"[{runtime}]",
        f"restrict_oom_score_adj = {_truth(settings.containerd.restrict_oom_score_adj)}",
        f"[{runtime}.containerd.runtimes.runc]",
        'runtime_type = "io.containerd.runc.v2"',
        f"[{runtime}.containerd.runtimes.runc.options]",
        f"SystemdCgroup = {_truth(systemd)}",
    ]
    if gpu is Gpu.NVIDIA:
        lines += [
            f"[{runtime}.containerd.runtimes.nvidia]",
            'runtime_type = "io.containerd.runc.v2"',
            f"[{runtime}.containerd.runtimes.nvidia.options]",
            f"BinaryName = {_text(NVIDIA_RUNTIME)}",
            f"SystemdCgroup = {_truth(systemd)}",
        ]
    return "\n".join(lines)


def registry_files(
    mirrors: Mapping[str, MirrorSettings], logins: Mapping[str, Login], trusted: Mapping[str, str]
) -> dict[str, str]:
    """`hosts.toml` of each registry that is reached in a way of its own, by the registry.

    `logins` are by host, as images name it; `trusted` are the CA's file by registry. A file is a secret exactly where
    `needs_login()` says so.
    """
    registries = sorted({*mirrors, *logins, *trusted})
    return {
        registry: _hosts_file(registry, mirrors.get(registry), logins, trusted.get(registry)) for registry in registries
    }


def public_hosts(mirrors: Mapping[str, MirrorSettings], trusted: Mapping[str, str]) -> dict[str, str]:
    """The files without a password, by their path: those of the mirrors, and of who is trusted without a login.

    Nobody may see who has one.
    """
    return {f"{PUBLIC_HOSTS}/{name}/hosts.toml": text for name, text in registry_files(mirrors, {}, trusted).items()}


def secret_hosts(
    mirrors: Mapping[str, MirrorSettings], logins: Mapping[str, Login], trusted: Mapping[str, str]
) -> dict[str, str]:
    """The files with a password, by their path."""
    files = registry_files(mirrors, logins, trusted)
    return {
        f"{SECRET_HOSTS}/{name}/hosts.toml": text for name, text in files.items() if needs_login(name, mirrors, logins)
    }


def needs_login(registry: str, mirrors: Mapping[str, MirrorSettings], logins: Mapping[str, Login]) -> bool:
    """Whether a registry's file has a user's name and password in it: its own, or its mirror's."""
    mirror = mirrors.get(registry)
    return registry in logins or (mirror is not None and _host_of(mirror.url) in logins)


def _hosts_file(
    registry: str, mirror: MirrorSettings | None, logins: Mapping[str, Login], authority: str | None
) -> str:
    """The mirror first; the registry itself only where it may be asked: without `server` it would be.

    With a path the mirror is asked below it as it is written (`override_path`), else below its own /v2. A header is
    sent to the host that it is written at, and to the server that this host sends for tokens.
    """
    own = f"https://{_UPSTREAM_HOSTS.get(registry, registry)}"
    if mirror is None:
        return "\n".join([f"server = {_text(own)}", *_trust(authority), *_login(logins.get(registry), "header")])
    host = f"host.{_text(mirror.url)}"
    below = ["override_path = true"] if "/v2/" in mirror.url else []
    login = logins.get(_host_of(mirror.url))
    first = [_text(mirror.url), *below] if mirror.only else [_text(own), *_trust(authority)]
    lines = [
        f"server = {first[0]}",
        *first[1:],
        *_login(login if mirror.only else logins.get(registry), "header"),
        f"[{host}]",
        'capabilities = ["pull", "resolve"]',
        *below,
        *_login(login, f"{host}.header"),
    ]
    return "\n".join(lines)


def _trust(authority: str | None) -> list[str]:
    return [] if authority is None else [f"ca = {_text(authority)}"]


def _login(login: Login | None, table: str) -> list[str]:
    return [] if login is None else [f"[{table}]", f"Authorization = {_text(login.header)}"]


def _host_of(url: str) -> str:
    return urlsplit(url).netloc


def _text(value: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(value)


def _truth(value: bool) -> str:  # noqa: FBT001  a value, not a switch
    return "true" if value else "false"
