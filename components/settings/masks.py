"""Keeps what came encrypted out of messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from components.errors import Mistake
from components.settings.keys import NAMESPACE

MASK: Final = "[secret]"


def masked(mistakes: Iterable[Mistake], secrets: Mapping[str, Any]) -> list[Mistake]:
    """The mistakes without what is in `secrets`, the values of encrypted parts by the part's name.

    A mistake in such a part says only where it is, as its text may follow from the value; in the texts of others its
    values are replaced.
    """
    values = sorted({text for value in secrets.values() for text in _texts(value)}, key=len, reverse=True)
    hidden = re.compile("|".join(rf"(?<![\w.-]){re.escape(text)}(?![\w-])" for text in values)) if values else None
    return [_masked(mistake, secrets, hidden) for mistake in mistakes]


def _masked(mistake: Mistake, secrets: Mapping[str, Any], hidden: re.Pattern[str] | None) -> Mistake:
    part = re.split(r"[.\[]", mistake.key.removeprefix(f"{NAMESPACE}:"), maxsplit=1)[0]
    if part in secrets:
        problem = "is wrong, and not shown because it came encrypted"
        return Mistake(mistake.key, problem, f"see {part} in docs/settings.md; settings need no encryption")
    if hidden is None:
        return mistake
    return Mistake(mistake.key, hidden.sub(MASK, mistake.problem), hidden.sub(MASK, mistake.remedy))


def _texts(value: Any) -> Iterator[str]:
    """Every plain value inside, as messages would write it; not the keys, which are no secrets."""
    if isinstance(value, dict):
        for item in cast("dict[str, Any]", value).values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _texts(item)
    elif value not in (None, "", True, False):
        yield str(value)
