"""The value at a property path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from preview.paths import parse_path
from preview.plan import Secret


def value_at(values: Mapping[str, Any], path: str) -> Any:
    """Return what is at `path`; None where nothing is, and a secret for whatever lies inside one."""
    found: Any = values
    for key in parse_path(path):
        if isinstance(found, Secret):
            return found
        if isinstance(found, Mapping) and isinstance(key, str):
            found = cast("Mapping[str, Any]", found).get(key)
        elif isinstance(found, list) and isinstance(key, int) and key < len(cast("list[Any]", found)):
            found = cast("list[Any]", found)[key]
        else:
            return None
    return found
