"""`infraplatform:tags`: the form of tags that every AWS service takes."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator

from components.settings.base import wrong
from components.settings.values import matching
from components.tags import PREFIX

MAX_TAGS: Final = 40
"""AWS takes 50 on a resource; 10 are for the platform's and the controllers' own."""
OURS: Final = ("Name", "managed-by")
_CHARACTERS: Final = r"[A-Za-z0-9 _.:/=+@-]"
"""What all services take. Source: AWS tagging reference, tag naming limits, read 2026-11."""


def _is_the_users(key: str) -> str:
    if key.lower().startswith("aws:"):
        raise wrong(f"AWS keeps keys that start with {key[:4]} for itself", "write a key without it")
    if key in OURS or key.startswith(f"{PREFIX}-"):
        raise wrong(f"{key} is the platform's own tag", "write another key")
    return key


TagKey = Annotated[
    str,
    matching(
        rf"^{_CHARACTERS}+$",
        "up to 128 letters, digits, spaces and _ . : / = + - @",
        min_length=1,
        max_length=128,
        examples=["team"],
    ),
    AfterValidator(_is_the_users),
]
TagValue = Annotated[
    str,
    matching(
        rf"^{_CHARACTERS}*$",
        "up to 256 letters, digits, spaces and _ . : / = + - @",
        max_length=256,
        examples=["platform"],
    ),
]
