"""Physical names of node pools: the user's, and what tells one make of the pool from the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

LENGTH: Final = 12
"""Longest name of a Linux pool, of lower-case letters and digits. Source: AKS documentation, known, not read."""
HASH_LENGTH: Final = 4
ROOM: Final = LENGTH - HASH_LENGTH
"""What a group's key may have at most; it is never shortened."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def pool_name(key: str, fixed: Mapping[str, Any]) -> str:
    """The key, and four characters that differ as soon as anything differs that AKS cannot change on a pool.

    So a change of one makes another name, and with it a pool beside the old one. What is hashed, and how, is frozen:
    another way would replace every pool of every stack. None is not hashed, so that a later release can fix more.

    Raises:
        ValueError: the key leaves no room; node_group_mistakes() says so before.
    """
    if len(key) > ROOM:
        raise ValueError(f"{key!r} has {len(key)} characters, and a pool's name has room for {ROOM} of them")
    said = {name: value for name, value in fixed.items() if value is not None}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()
    number = int.from_bytes(digest, "big")
    digits: list[str] = []
    for _ in range(HASH_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return key + "".join(digits)
