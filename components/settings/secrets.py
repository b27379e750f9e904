"""The secrets of a stack: keys of their own, read as Outputs where they are used, never settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.output import UNKNOWN
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_TEXT

from components.settings.keys import NAMESPACE

SECRET_KEYS: Final[Mapping[str, str]] = {
    "etcd_backup_credentials": (
        "Keys of the bucket that copies of etcd's snapshots go to, with cluster.etcd_backup.target: s3, as "
        "{access_key_id: ..., secret_access_key: {secure: ...}}."
    ),
    "pull_through_credentials": (
        "User name and access token for upstream registries, by their key in registry.pull_through, as "
        "{docker-hub: {username: ..., access_token: {secure: ...}}}."
    ),
    "external_etcd": (
        "Certificates of cluster.etcd in PEM, as {ca_certificate: ..., client_certificate: ..., client_key: "
        "{secure: ...}}."
    ),
    "registry_credentials": (
        "User name and password by which own servers pull from a registry or a mirror, by its host as images name it, "
        "as {registry.example.com: {username: ..., password: {secure: ...}}}."
    ),
    "ssh_private_key": (
        "Private key, in OpenSSH's form, of the user on own servers; left out: the SSH agent of whoever runs Pulumi."
    ),
}
"""Secret keys beside the parts, each with its meaning."""


def secret(key: str) -> pulumi.Output[Any] | None:
    """A secret of the stack as an Output that stays secret; None where the stack has none.

    Objects and lists come as such. What the offline preview cannot decrypt is unknown as a whole.

    Raises:
        KeyError: `key` is not one of `SECRET_KEYS`.
    """
    if key not in SECRET_KEYS:
        raise KeyError(f"{key!r} is not a secret key; add it to SECRET_KEYS")
    text = pulumi.Config(NAMESPACE).get(key)
    if text is None:
        return None
    return pulumi.Output.secret(UNKNOWN if UNKNOWN_TEXT in text else _value(text))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
