"""Secrets of own servers have the form that is wanted, as far as they can be read; no message shows one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from components.errors import ConfigurationError
from components.settings import load
from tests.components.settings.configurations import SOUND_SERVERS, texts

S3 = {"target": "s3", "s3": {"endpoint": "https://s3.example", "bucket": "backups", "region": "eu-1"}}
LOGIN = {"username": "bob", "password": "hunter2"}


def found(secrets: dict[str, Any], backup: dict[str, Any] | None = None) -> list[str]:
    """The mistakes of a stack on own servers with these secrets, as they came decrypted."""
    given = texts({("cluster", "etcd_backup"): backup} if backup else {}, SOUND_SERVERS)
    plain = {
        f"infraplatform:{key}": text if isinstance(text, str) else json.dumps(text) for key, text in secrets.items()
    }
    try:
        load({**given, **plain}, list(plain))
    except ConfigurationError as error:
        return [str(mistake).removeprefix("infraplatform:") for mistake in error.mistakes]
    return []


def test_passwords_by_host_are_right() -> None:
    assert found({"registry_credentials": {"docker.io": LOGIN, "registry.example.com:5000": LOGIN}}) == []


@pytest.mark.parametrize("text", [UNKNOWN, {"docker.io": {"username": "bob", "password": UNKNOWN}}])
def test_what_cannot_be_decrypted_counts_as_right(text: Any) -> None:
    assert found({"registry_credentials": text, "etcd_backup_credentials": UNKNOWN}, S3) == []


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("hunter2", "registry_credentials: is no map of registries"),
        ({"https://docker.io/v2": LOGIN}, "is no registry's host; write it without scheme and path"),
        ({"ghcr.io": "bob:hunter2"}, 'registry_credentials["ghcr.io"]: is not a username and a password'),
        ({"ghcr.io": {**LOGIN, "email": "x"}}, "and nothing else"),
        ({"ghcr.io": {**LOGIN, "password": ""}}, "has a username or a password that is empty or no text"),
        ({"ghcr.io": {**LOGIN, "username": "b:ob"}}, "has a colon in its username"),
    ],
)
def test_a_wrong_form_is_explained_without_its_value(secret: Any, said: str) -> None:
    (line,) = found({"registry_credentials": secret})
    assert said in line
    assert "hunter2" not in line


def test_all_wrong_registries_are_reported_together() -> None:
    assert len(found({"registry_credentials": {"ghcr.io": {}, "quay.io": "", "docker.io": LOGIN}})) == 2


def test_copies_in_a_bucket_want_its_keys() -> None:
    (line,) = found({}, S3)
    assert line.startswith("etcd_backup_credentials: is missing, and cluster.etcd_backup.target wants it")
    assert found({"etcd_backup_credentials": {"access_key_id": "a", "secret_access_key": "b"}}, S3) == []


@pytest.mark.parametrize(
    "keys", ["a key", {"access_key_id": "a"}, {"access_key_id": "a", "secret_access_key": "two\nlines"}, ["a", "b"]]
)
def test_a_bucket_has_two_keys(keys: Any) -> None:
    (line,) = found({"etcd_backup_credentials": keys}, S3)
    assert line.startswith("etcd_backup_credentials: is not the two keys of a bucket, and nothing else")
