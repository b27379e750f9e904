"""What this project's own programs would print, made up: `components/kubeadm` reads their output as JSON."""

from __future__ import annotations

import json
from typing import Final

_AUTHORITIES: Final = ("ca", "front-proxy-ca", "etcd/ca")
_KEYS: Final = ("sa.key", "sa.pub")
_OF_HARBOR: Final = (
    "secret_key",
    "core",
    "csrf_key",
    "jobservice",
    "registry_http",
    "registry_username",
    "registry_password",
    "registry_htpasswd",
    "database",
    "token_key",
    "token_certificate",
)


def output(logical_name: str) -> str | None:
    """The standard output of a local command by its logical name; None where it is none of ours."""
    if "-service-account-key-" in logical_name:
        return json.dumps({"private": f"made up {logical_name}", "public": f"made up {logical_name}.pub"})
    if "-encryption-key-" in logical_name:
        return json.dumps({"secret": f"made up {logical_name}"})
    match logical_name.rpartition("-")[2]:
        case "pki":
            files = {f"{name}.crt": f"-----BEGIN CERTIFICATE-----\n{name}\n" for name in _AUTHORITIES}
            files |= {f"{name}.key": f"-----BEGIN EC PRIVATE KEY-----\n{name}\n" for name in _AUTHORITIES}
            files |= {name: f"made up {name}" for name in _KEYS}
            return json.dumps(files | {"encryption.yaml": _encryption("made up encryption.yaml")})
        case "authority":
            return "-----BEGIN CERTIFICATE-----\nca"
        case "join" | "operator":
            certificate = f"-----BEGIN CERTIFICATE-----\n{logical_name}\n"
            return json.dumps({"certificate": certificate, "key": f"-----BEGIN EC PRIVATE KEY-----\n{logical_name}\n"})
        case "registry":
            own = {"username": "platform", "password": "made up password", "htpasswd": "platform:made up hash"}
            return json.dumps(own | {name: f"made up {name}" for name in _OF_HARBOR})
        case _:
            return None


def _encryption(secret: str) -> str:
    """What secrets are encrypted by, in the shape that the API server reads."""
    provider = {"secretbox": {"keys": [{"name": "key1", "secret": secret}]}}
    clear: dict[str, str] = {}
    return json.dumps({"resources": [{"resources": ["secrets"], "providers": [provider, {"identity": clear}]}]})
