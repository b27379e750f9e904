"""A sound configuration of each provider, and changes to it."""

from __future__ import annotations

import copy
import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import pytest

from components.errors import ConfigurationError
from components.settings import StackSettings, load

SOUND: Final[dict[str, Any]] = {
    "environment": "dev",
    "provider": {"kind": "aws", "account": "123456789012", "region": "us-east-1", "zones": ["a", "b"]},
    "network": {"cidr": "10.20.0.0/16", "egress": "single-nat"},
    "cluster": {
        "kind": "eks",
        "version": "1.35",
        "zones": ["a", "b"],
        "api_access": ["203.0.113.0/24"],
        "deployers": ["arn:aws:iam::123456789012:role/deployer"],
    },
    "node_groups": {"general": {"machine_types": ["m7g.large"], "min_nodes": 2, "max_nodes": 6}},
    "registry": {"repositories": ["api"], "pull_through": {"kubernetes": {"upstream": "registry.k8s.io"}}},
    "storage": {"block": {}, "file": {}},
    "tags": {"team": "platform"},
}
SOUND_GCP: Final[dict[str, Any]] = {
    "environment": "dev",
    "provider": {"kind": "gcp", "project": "my-project", "region": "europe-west3", "zones": ["a", "b"]},
    "network": {"cidr": "10.20.0.0/16"},
    "cluster": {
        "kind": "gke",
        "version": "1.35",
        "release_channel": "regular",
        "zones": ["a", "b"],
        "deployers": ["serviceAccount:deployer@my-project.iam.gserviceaccount.com"],
    },
    "node_groups": {"general": {"machine_types": ["e2-standard-4"], "min_nodes": 2, "max_nodes": 6}},
    "registry": {"repositories": ["api"], "pull_through": {"kubernetes": {"upstream": "registry.k8s.io"}}},
    "storage": {"block": {}, "file": {}},
    "tags": {"team": "platform"},
}
SOUND_AZURE: Final[dict[str, Any]] = {
    "environment": "dev",
    "provider": {
        "kind": "azure",
        "subscription_id": "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
        "tenant_id": "5f4e3d2c-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
        "region": "westeurope",
        "zones": ["1", "2"],
    },
    "network": {"cidr": "10.20.0.0/16"},
    "cluster": {
        "kind": "aks",
        "version": "1.35",
        "zones": ["1", "2"],
        "api_access": ["203.0.113.0/24"],
        "deployers": ["service-principal:0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"],
    },
    "node_groups": {"general": {"machine_types": ["Standard_D4s_v5"], "min_nodes": 2, "max_nodes": 6}},
    "registry": {"repositories": ["api"], "pull_through": {"kubernetes": {"upstream": "registry.k8s.io"}}},
    "storage": {"block": {}, "file": {}},
    "tags": {"team": "platform"},
}
SOUND_SERVERS: Final[dict[str, Any]] = {
    "environment": "dev",
    "provider": {
        "kind": "servers",
        "hosts": {
            "cp-1": {"address": "10.0.0.11", "role": "control-plane", "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1"},
            "worker-1": {"address": "10.0.0.21", "role": "worker", "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1"},
        },
    },
    "network": {"node_cidrs": ["10.0.0.0/24"]},
    "cluster": {
        "kind": "kubeadm",
        "version": "1.36.3",
        "downloads": {
            name: {"url": f"https://mirror.example/{name}", "sha256": "0" * 64}
            for name in ("kubeadm", "kubelet", "kubectl", "containerd", "cni-plugins", "etcd")
        },
    },
    "registry": {"url": "registry.example.com", "repositories": ["api"]},
    "storage": {"local": {}},
    "tags": {"team": "platform"},
}
EXISTING: Final[dict[str, Any]] = {
    "network_id": "vpc-0a1b2c3d4e5f60718",
    "cidrs": ["10.60.0.0/16"],
    "node_subnet_ids": {"a": "subnet-0aaaaaaaaaaaaaaa1", "b": "subnet-0aaaaaaaaaaaaaaa2"},
}


class _Removed:
    """Its text is the same in every process, as tests are named by it."""

    def __repr__(self) -> str:
        return "REMOVED"


REMOVED: Final = _Removed()
"""As a change: the key is not there."""

Changes = Mapping[tuple[str, ...], Any]


def texts(changes: Changes, sound: Mapping[str, Any] = SOUND) -> dict[str, str]:
    """The sound configuration with changes, as Pulumi hands it to a program: objects as JSON text."""
    config = copy.deepcopy(dict(sound))
    for path, value in changes.items():
        *above, last = path
        place = config
        for step in above:
            place = place.setdefault(step, {})
        if value is REMOVED:
            place.pop(last, None)
        else:
            place[last] = copy.deepcopy(value)
    return {f"infraplatform:{key}": v if isinstance(v, str) else json.dumps(v) for key, v in config.items()}


def loaded(changes: Changes, sound: Mapping[str, Any] = SOUND) -> StackSettings:
    """The settings of the sound configuration with changes."""
    return load(texts(changes, sound))


def mistakes(changes: Changes, secret_keys: Collection[str] = (), sound: Mapping[str, Any] = SOUND) -> list[str]:
    """The mistakes of the sound configuration with changes, as users read them, without the namespace."""
    with pytest.raises(ConfigurationError) as raised:
        load(texts(changes, sound), secret_keys)
    return [str(mistake).removeprefix("infraplatform:") for mistake in raised.value.mistakes]
