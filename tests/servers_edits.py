"""The changes that users of own servers make most, each as an edit of a stack file with three control planes or one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Config = dict[str, Any]
_OTHER_KEY: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBzM1qBfTZ0f2GmJ0Z2r3p4q5s6t7u8v9w0x1y2z3A4Z"
_FEWEST_TO_REPLACE: Final = 3


def _hosts(config: Config) -> Config:
    hosts: Config = config["infraplatform:provider"]["hosts"]
    return hosts


def _worker(config: Config) -> Config:
    host: Config = _hosts(config)["worker-1"]
    return host


def _part(config: Config, name: str) -> Config:
    return config.setdefault(f"infraplatform:{name}", {})


def _label_added(config: Config) -> None:
    _worker(config).setdefault("labels", {})["rack"] = "a"


def _worker_added(config: Config) -> None:
    addresses = {"address": "192.0.2.29", "private_address": "10.0.0.29"}
    _hosts(config)["worker-9"] = {**addresses, "role": "worker", "host_key": _OTHER_KEY}


def _worker_removed(config: Config) -> None:
    del _hosts(config)["worker-1"]


def _control_plane_replaced(config: Config) -> None:
    """The first one, by a host of another name."""
    addresses = {"address": "192.0.2.19", "private_address": "10.0.0.19"}
    hosts = _hosts(config)
    del hosts["cp-1"]
    hosts["cp-9"] = {**addresses, "role": "control-plane", "host_key": _OTHER_KEY}


def _version_raised(config: Config) -> None:
    _part(config, "cluster")["version"] = "1.36.4"


def _kubelet_changed(config: Config) -> None:
    _part(config, "cluster").setdefault("kubelet", {})["maxPods"] = 200


def _mirror_changed(config: Config) -> None:
    _part(config, "registry")["mirrors"]["docker.io"]["url"] = "https://other.example/v2/docker.io"


def _host_key_changed(config: Config) -> None:
    _worker(config)["host_key"] = _OTHER_KEY


def _address_changed(config: Config) -> None:
    _worker(config)["address"] = "192.0.2.29"


def _operator_rotated(config: Config) -> None:
    _part(config, "cluster").setdefault("rotate", {})["operator"] = "2"


EDITS: Final[Mapping[str, tuple[str, Callable[[Config], None]]]] = {
    "host-label": ("a label added to a worker", _label_added),
    "worker-added": ("a worker added", _worker_added),
    "worker-removed": ("a worker removed", _worker_removed),
    "control-plane-replaced": ("the first control plane replaced by another host", _control_plane_replaced),
    "version": ("the Kubernetes version raised", _version_raised),
    "kubelet": ("a setting of the kubelets changed", _kubelet_changed),
    "mirror": ("a registry's mirror changed", _mirror_changed),
    "host-key": ("a worker's host key changed", _host_key_changed),
    "host-address": ("a worker's address changed", _address_changed),
    "operator": ("the operators' certificate rotated", _operator_rotated),
}
"""What a user does, and how the configuration changes in place."""


def may(name: str, config: Config) -> bool:
    """Whether a configuration has what an edit is of."""
    if config["infraplatform:provider"]["kind"] != "servers":
        return False
    hosts = _hosts(config).values()
    if name == "worker-removed":
        return sum(host["role"] == "worker" for host in hosts) > 1
    if name == "control-plane-replaced":
        return sum(host["role"] == "control-plane" for host in hosts) >= _FEWEST_TO_REPLACE
    return True
