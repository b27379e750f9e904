"""`preview.acknowledgements.yaml`: what may go, each named by its URN, with a reason and an end date.

Format: docs/pull-requests.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from preview.documents import read_mapping
from preview.errors import PreviewError

FILE_NAME: Final = "preview.acknowledgements.yaml"
_KEYS: Final = ("urn", "reason", "until")
_SHAPE: Final = "write `acknowledgements:` and below it `- {urn: ..., reason: ..., until: YYYY-MM-DD}`"


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """One resource that may go up to and including the day `until`."""

    urn: str
    reason: str
    until: date


def read(path: Path) -> tuple[Acknowledgement, ...]:
    """Return the acknowledgements in a file; a file that is not there has none.

    Raises:
        PreviewError: the file is not as documented; all of its mistakes are named.
    """
    if not path.exists():
        return ()
    content = read_mapping(path)
    entries = content.get("acknowledgements") or []
    if content.keys() - {"acknowledgements"} or not isinstance(entries, list):
        raise PreviewError(f"{path.name}: is not a list of acknowledgements; {_SHAPE}")
    numbered = list(enumerate(cast("list[Any]", entries), start=1))
    mistakes = [f"{path.name}: entry {number}: {text}" for number, entry in numbered for text in _mistakes(entry)]
    found = [entry["urn"] for _, entry in numbered if isinstance(entry, dict) and "urn" in entry]
    mistakes += [f"{path.name}: {urn} is there twice" for urn in dict.fromkeys(found) if found.count(urn) > 1]
    if mistakes:
        raise PreviewError("\n".join(mistakes))
    return tuple(
        Acknowledgement(urn=entry["urn"], reason=entry["reason"].strip(), until=date.fromisoformat(entry["until"]))
        for _, entry in numbered
    )


def _mistakes(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"is a {type(entry).__name__}; {_SHAPE}"
        return
    fields = cast("dict[Any, Any]", entry)
    for key in fields.keys() - set(_KEYS):
        yield f"{key}: no such key; write {', '.join(_KEYS)}"
    for key in _KEYS:
        value = fields.get(key)
        if not isinstance(value, str) or not value.strip():
            yield f"{key}: is missing or no text; {_SHAPE}"
        elif key == "urn" and value.count("::") < 3:
            yield f"urn: {value!r} is no URN; copy it from the report"
        elif key == "until" and not _is_date(value):
            yield f"until: {value!r} is no day; write it as 2026-12-31"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text  # no week dates, no compact form
    except ValueError:
        return False
