"""The secret `infraplatform:registry_credentials`: its form, as far as it can be read here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_TEXT

from components.errors import Mistake
from components.settings.keys import NAMESPACE, key_of

CREDENTIALS: Final = "registry_credentials"
_KEYS: Final = {"username", "password"}
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_FORM: Final = "write it as {registry.example.com: {username: ..., password: {secure: ...}}}"


def wrong_credentials(texts: Mapping[str, str]) -> Iterator[Mistake]:
    """What is wrong with the form; never a value. What an offline preview cannot decrypt counts as right."""
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
