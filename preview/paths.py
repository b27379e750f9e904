"""Property paths, written as the CLI prints them: `vpcConfig.subnetIds[0]`, `tags["a.b"]`.

Source: pulumi/sdk v3.259.0 go/common/resource/properties_path.go, read 2026-11-23.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

Path = tuple[str | int, ...]

ANY: Final = "*"  # matches every key and every index
_PLAIN: Final = re.compile(r"[A-Za-z0-9_]*")
_PART: Final = re.compile(r'\.?(?P<name>[^.\["\]]+)|\[(?P<index>\d+|\*)\]|\["(?P<key>(?:[^"\\]|\\.)*)"\]')


def format_path(path: Path) -> str:
    """Return `path` as text."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            escaped = part.replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path:
    """Return the parts of a path; `*` and `[*]` stay the wildcard `ANY`.

    Raises:
        ValueError: a bracket or a quotation mark is not closed, or a part is empty.
    """
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            raise ValueError(f'property path {text!r}: cannot read {text[position:]!r}; write it like a.b[0]["c.d"]')
        name, index, key = match.group("name", "index", "key")
        if index is not None:
            parts.append(ANY if index == ANY else int(index))
        else:
            parts.append(name if key is None else re.sub(r"\\(.)", r"\1", key))
        position = match.end()
    return tuple(parts)


def contains(pattern: Path, path: Path) -> bool:
    """Whether `path` is what `pattern` names, or lies below it."""
    return len(path) >= len(pattern) and all(want in (ANY, have) for want, have in zip(pattern, path, strict=False))
