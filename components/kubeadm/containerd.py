"""containerd's configuration, and the mirrors that it pulls images from.

Source: containerd v2.2.9, internal/cri/config/config.go and docs/hosts.md, read 2026-11-29. Version 3 of the
configuration is what 2.0 brought; later ones read it too. Mirrors are files of their own, read without a restart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from components.kubeadm.program import PUBLIC_FOLDER
from components.settings import CgroupDriver, KubeadmClusterSettings, MirrorSettings
from components.versions import KUBEADM_RELEASES

MIRRORS_FOLDER: Final = f"{PUBLIC_FOLDER}/containerd/certs.d"
_UPSTREAM_HOSTS: Final = {"docker.io": "registry-1.docker.io"}
"""Where a registry answers, if not at its own name."""


def config_file(settings: KubeadmClusterSettings) -> str:
    """The whole of containerd's `config.toml`."""
    systemd = settings.cgroup_driver is CgroupDriver.SYSTEMD
    pause = f"registry.k8s.io/pause:{KUBEADM_RELEASES[settings.minor].pause}"
    runtime = "plugins.'io.containerd.cri.v1.runtime'"
    images = "plugins.'io.containerd.cri.v1.images'"
    lines = [
        "version = 3",
        f"[{images}.pinned_images]",
        f"sandbox = {_text(pause)}",
        f"[{images}.registry]",
        f"config_path = {_text(MIRRORS_FOLDER)}",
        f"[{runtime}]",
        f"restrict_oom_score_adj = {_truth(settings.containerd.restrict_oom_score_adj)}",
        f"[{runtime}.containerd.runtimes.runc]",
        'runtime_type = "io.containerd.runc.v2"',
        f"[{runtime}.containerd.runtimes.runc.options]",
        f"SystemdCgroup = {_truth(systemd)}",
    ]
    return "\n".join(lines)


def mirror_files(mirrors: Mapping[str, MirrorSettings]) -> dict[str, str]:
    """`hosts.toml` of each registry that has a mirror, by its absolute path."""
    return {
        f"{MIRRORS_FOLDER}/{registry}/hosts.toml": _hosts_file(registry, mirror)
        for registry, mirror in sorted(mirrors.items())
    }


def _hosts_file(registry: str, mirror: MirrorSettings) -> str:
    """The mirror first; the registry itself only where it may be asked: without `server` it would be.

    With a path the mirror is asked below it as it is written (`override_path`), else below its own /v2.
    """
    upstream = mirror.url if mirror.only else f"https://{_UPSTREAM_HOSTS.get(registry, registry)}"
    below = "/v2/" in mirror.url
    lines = [
        f"server = {_text(upstream)}",
        *(["override_path = true"] if mirror.only and below else []),
        f"[host.{_text(mirror.url)}]",
        'capabilities = ["pull", "resolve"]',
        *(["override_path = true"] if below else []),
    ]
    return "\n".join(lines)


def _text(value: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(value)


def _truth(value: bool) -> str:  # noqa: FBT001  a value, not a switch
    return "true" if value else "false"
