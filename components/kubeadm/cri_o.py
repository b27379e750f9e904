"""CRI-O's configuration: how it runs containers, and how it reaches registries.

Sources, read 2026-11-29: cri-o v1.36.3, pkg/config; the archive's files by cri-o/packaging, commit b111fe9,
templates/latest/cri-o/bundle. Registries: containers/image v5, docs/containers-registries.conf.5.md, containers-certs.d
and containers-auth.json: known, not read. Passwords and CAs are read at every pull, the list of registries at a reload.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from components.kubeadm.containerd import NVIDIA_RUNTIME, Login
from components.settings import CgroupDriver, KubeadmClusterSettings, MirrorSettings
from components.terms import Gpu
from components.versions import KUBEADM_RELEASES

LIBEXEC: Final = "/usr/libexec/crio"
"""Where the archive's programs go, and a package has its own. Also in `node/cri_o.sh`."""
AUTH_FILE: Final = "/etc/crio/auth.json"
POLICY_FILE: Final = "/etc/crio/policy.json"
_SEARCHED: Final = "docker.io"
"""Whose images have no registry in their names, as with the other runtimes."""


def config_file(settings: KubeadmClusterSettings, gpu: Gpu | None = None) -> str:
    """A file of `crio.conf.d`; on a node with GPUs a second runtime, for pods that ask for it."""
    systemd = settings.cgroup_driver is CgroupDriver.SYSTEMD
    runtimes = {"crun": f"{LIBEXEC}/crun", **({"nvidia": NVIDIA_RUNTIME} if gpu is Gpu.NVIDIA else {})}
    lines = [
        "[crio.runtime]",
        f"cgroup_manager = {_text(settings.cgroup_driver.value)}",
        f"conmon_cgroup = {_text('system.slice' if systemd else 'pod')}",
        'default_runtime = "crun"',
    ]
    for name, path in runtimes.items():
        lines += [
            f"[crio.runtime.runtimes.{name}]",
            f"runtime_path = {_text(path)}",
            f"runtime_root = {_text(f'/run/{name}')}",
            f"monitor_path = {_text(f'{LIBEXEC}/conmon')}",
        ]
    lines += [
        "[crio.image]",
        f"pause_image = {_text(f'registry.k8s.io/pause:{KUBEADM_RELEASES[settings.minor].pause}')}",
        f"signature_policy = {_text(POLICY_FILE)}",
        f"global_auth_file = {_text(AUTH_FILE)}",
        f"pinned_images = {json.dumps(sorted(settings.image_archives))}",  # no registry has what came as an archive
        "[crio.network]",
        'network_dir = "/etc/cni/net.d/"',
        'plugin_dirs = ["/opt/cni/bin"]',
    ]
    return "\n".join(lines)


def registries_file(mirrors: Mapping[str, MirrorSettings]) -> str:
    """A file of `registries.conf.d`: a mirror is asked first, or alone where it stands in its registry's place."""
    lines = [f"unqualified-search-registries = [{_text(_SEARCHED)}]"]
    for registry, mirror in sorted(mirrors.items()):
        location = mirror_location(mirror)
        place = [f"location = {_text(location)}", *_plain(mirror)]
        lines += ["[[registry]]", f"prefix = {_text(registry)}"]
        lines += place if mirror.only else [f"location = {_text(registry)}", "[[registry.mirror]]", *place]
    return "\n".join(lines)


def auth_file(logins: Mapping[str, Login]) -> str:
    """The users of registries and mirrors, by host; a secret."""
    auths: dict[str, Any] = {host: {"auth": login.header.removeprefix("Basic ")} for host, login in logins.items()}
    return json.dumps({"auths": dict(sorted(auths.items()))})


def mirror_location(mirror: MirrorSettings) -> str:
    """Host and path, as images below it are named: the protocol's own /v2/ is not part of it."""
    parts = urlsplit(mirror.url)
    return f"{parts.netloc}/{parts.path.removeprefix('/v2/')}".rstrip("/")


def _plain(mirror: MirrorSettings) -> list[str]:
    """HTTP is asked where HTTPS does not answer, and whoever answers is believed: as the address says."""
    return ["insecure = true"] if mirror.url.startswith("http://") else []


def _text(value: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(value)
