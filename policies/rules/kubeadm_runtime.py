"""The container runtime of own servers: how it reaches registries, who reaches it, and what it lets containers do.

The files' names are those of `components/kubeadm/runtime.py`. Sources, read 2026-11-29: containerd v2.2.9,
docs/hosts.md; containers/image v5, sysregistriesv2 as vendored by cri-o v1.36.3; cri-o v1.36.3, pkg/config;
github.com/docker/docker v28.5.2, daemon/config.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

import yaml

from policies.properties import CannotTell
from policies.rule import Resource, Rule, Severity
from policies.rules.kubeadm_hosts import COMMAND, SENT, has_kubelet

_SOURCE: Final = (
    "containerd v2.2.9, docs/hosts.md; cri-o v1.36.3, pkg/config; github.com/docker/docker v28.5.2, daemon/config; "
    "read 2026-11-29"
)
_HOSTS: Final = re.compile(r"/containerd/certs\.d/([^/]+)/hosts\.toml$")
_REGISTRIES: Final = "/cri-o/registries.conf"
_CRI_O: Final = "/cri-o/crio.conf"
_DAEMON: Final = "/docker/daemon.json"


def _pulls_are_encrypted(command: Resource) -> Iterator[str]:
    for path, text in _files(command).items():
        if found := _HOSTS.search(path):
            yield from _open_hosts(found.group(1), _toml(path, text))
        elif path.endswith(_REGISTRIES):
            yield from _open_registries(_toml(path, text))
        elif path.endswith(_DAEMON):
            daemon = _json(path, text)
            for url in daemon.get("registry-mirrors", []):
                if str(url).startswith("http://"):
                    yield f"Docker's mirror {url} is asked in the clear"
            for registry in daemon.get("insecure-registries", []):
                yield f"Docker believes whoever answers as {registry}"


def _open_hosts(registry: str, hosts: dict[str, Any]) -> Iterator[str]:
    """Of containerd: the server at the top, and each host with options of its own."""
    asked = {str(hosts.get("server", "")): hosts, **hosts.get("host", {})}
    for url, options in asked.items():
        if url.startswith("http://"):
            yield f"{registry} is asked at {url}, in the clear"
        elif options.get("skip_verify"):
            yield f"whoever answers at {url or registry} is believed"


def _open_registries(found: dict[str, Any]) -> Iterator[str]:
    """Of CRI-O: each registry, and its mirrors."""
    for registry in found.get("registry", []):
        for place in (registry, *registry.get("mirror", [])):
            if place.get("insecure"):
                yield f"whoever answers at {place.get('location', registry.get('prefix'))} is believed"


def _runtime_is_the_hosts_own(command: Resource) -> Iterator[str]:
    for path, text in _files(command).items():
        if path.endswith(_DAEMON):
            for address in _json(path, text).get("hosts", []):
                if not str(address).startswith(("unix://", "fd://")):
                    yield f"Docker answers at {address}: whoever reaches it is root on the host"
        elif path.endswith(_CRI_O) and _toml(path, text).get("crio", {}).get("api", {}).get("listen", "/")[:1] != "/":
            yield "CRI-O listens elsewhere than at a file of the host"


def _containers_are_held(command: Resource) -> Iterator[str]:
    for path, text in _files(command).items():
        if path.endswith(_DAEMON):
            if _json(path, text).get("seccomp-profile") == "unconfined":
                yield "Docker's seccomp-profile is unconfined: a pod may make every system call"
        elif path.endswith(_CRI_O):
            runtime = _toml(path, text).get("crio", {}).get("runtime", {})
            if runtime.get("seccomp_profile") == "unconfined":
                yield "CRI-O's seccomp_profile is unconfined: a pod may make every system call"
            if runtime.get("apparmor_profile") == "unconfined":
                yield "CRI-O's apparmor_profile is unconfined: a pod may open what the host's own programs may"


def _files(command: Resource) -> dict[str, str]:
    return {path: file.get() for path, file in command.inputs.blocks(SENT).items()}


def _toml(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CannotTell(path, why="no TOML") from error


def _json(path: str, text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)  # JSON is YAML
    except yaml.YAMLError as error:
        raise CannotTell(path, why="no JSON") from error
    if not isinstance(found, dict):
        raise CannotTell(path, why="no JSON object")
    return {str(key): value for key, value in found.items()}


RULES: Final = (
    Rule(
        id="kubeadm-registry-tls",
        title="Hosts of a kubeadm cluster pull images from registries and mirrors that they know by a certificate.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("iso-27001:8.24", "pci-dss:4.2.1", "soc-2:CC6.7", "hipaa:164.312(e)(1)", "isms-p:2.10.5"),
        problem="Whoever is between a host and its registry has it run other images, and sees its passwords.",
        remedy="write mirrors with https:// in registry.mirrors",
        source=_SOURCE,
        speaks_of=has_kubelet,
        checks=(_pulls_are_encrypted,),
    ),
    Rule(
        id="kubeadm-runtime-access",
        title="Container runtimes of a kubeadm cluster answer on their own host alone and hold containers.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("iso-27001:8.9", "pci-dss:2.2.6", "nsa-cisa:1.10"),
        problem="Whoever reaches the runtime is root on its host, or a pod finds a way out of its container.",
        remedy="leave hosts, listen, seccomp and AppArmor out of the runtime's configuration",
        source=_SOURCE,
        speaks_of=has_kubelet,
        checks=(_runtime_is_the_hosts_own, _containers_are_held),
    ),
)
