"""The form of own servers' secrets, as far as it can be read here: what an offline preview cannot decrypt is right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_TEXT

from components.errors import Mistake
from components.settings.cluster_kubeadm import KubeadmClusterSettings
from components.settings.cluster_kubeadm_backup import BackupTarget
from components.settings.keys import NAMESPACE, key_of
from components.settings.sound import UnsoundError
from components.settings.stack import StackSettings

CREDENTIALS: Final = "registry_credentials"
BUCKET_KEYS: Final = "etcd_backup_credentials"
_BUCKET_FORM: Final = "write it as {access_key_id: ..., secret_access_key: {secure: ...}}"
_KEYS: Final = {"username", "password"}
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_FORM: Final = "write it as {registry.example.com: {username: ..., password: {secure: ...}}}"


def wrong_credentials(texts: Mapping[str, str]) -> Iterator[Mistake]:
    """What is wrong with the passwords of registries; never a value."""
    if UNKNOWN_TEXT in texts.get(CREDENTIALS, UNKNOWN_TEXT):
        return
    try:
        found: object = json.loads(texts[CREDENTIALS])
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        yield Mistake(f"{NAMESPACE}:{CREDENTIALS}", "is no map of registries", _FORM)
        return
    for host, login in cast("dict[str, Any]", found).items():
        key = key_of((CREDENTIALS, host))
        if not _HOST.fullmatch(host):
            yield Mistake(key, f"{host!r} is no registry's host", "write it without scheme and path, as docker.io")
        elif not isinstance(login, dict) or set(cast("dict[str, Any]", login)) != _KEYS:
            yield Mistake(key, "is not a username and a password, and nothing else", _FORM)
        elif not all(isinstance(value, str) and value for value in cast("dict[str, Any]", login).values()):
            yield Mistake(key, "has a username or a password that is empty or no text", "write both in quotes")
        elif ":" in cast("dict[str, str]", login)["username"]:
            yield Mistake(key, "has a colon in its username, which HTTP cannot say", "use another user")


def wrong_bucket_keys(stack: StackSettings, texts: Mapping[str, str]) -> Iterator[Mistake]:
    """What is wrong with the keys of the bucket of etcd's snapshots; that there are none where copies go there."""
    try:
        cluster = stack.cluster
        target = cluster.etcd_backup.target if isinstance(cluster, KubeadmClusterSettings) else None
    except UnsoundError:
        return
    key = f"{NAMESPACE}:{BUCKET_KEYS}"
    if target is BackupTarget.S3 and BUCKET_KEYS not in texts:
        yield Mistake(key, "is missing, and cluster.etcd_backup.target wants it", _BUCKET_FORM)
    if UNKNOWN_TEXT in texts.get(BUCKET_KEYS, UNKNOWN_TEXT):
        return
    try:
        found: object = json.loads(texts[BUCKET_KEYS])
    except json.JSONDecodeError:
        found = None
    names = {"access_key_id", "secret_access_key"}
    keys = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    if set(keys) != names or not all(
        isinstance(value, str) and value.isprintable() and value for value in keys.values()
    ):
        yield Mistake(key, "is not the two keys of a bucket, and nothing else", _BUCKET_FORM)
