"""`ignore_changes`: the recorded value stands in for the program's.

Source: pulumi/sdk v3.259.0 go/common/resource/properties_path.go (`Reset`), read 2026-11-23.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from preview.paths import ANY, Path, parse_path
from preview.plan import Secret

_ABSENT: Final = object()


def keep_recorded(
    new: Mapping[str, Any], old: Mapping[str, Any], patterns: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """Return `new` with the recorded value at every ignored path, and the patterns that could not be followed.

    A pattern that goes through an element which was added or removed cannot be followed; the engine says so and goes
    on.
    """
    result: dict[str, Any] = copy.deepcopy(dict(new))
    lost = [pattern for pattern in patterns if not _reset(result, old, parse_path(pattern))]
    return result, lost


def _reset(new: Any, old: Any, path: Path) -> bool:
    new, old = _inside(new), _inside(old)
    head, rest = path[0], path[1:]
    if head == ANY:
        keys = _keys(new) if rest else _keys(new) | _keys(old)
        if rest and keys != _keys(old):
            return False
        results = [_reset(new, old, (key, *rest)) for key in sorted(keys, key=str)]  # all of them, whatever one says
        return all(results)
    if rest:
        below_new, below_old = _get(new, head), _get(old, head)
        if below_new is _ABSENT or below_old is _ABSENT:
            return below_new is below_old
        return _reset(below_new, below_old, rest)
    return _replace(new, head, _get(old, head))


def _replace(container: Any, key: str | int, value: Any) -> bool:
    if isinstance(container, dict) and isinstance(key, str):
        fields = cast("dict[str, Any]", container)
        if value is _ABSENT:
            fields.pop(key, None)
        else:
            fields[key] = value
        return True
    if isinstance(container, list) and isinstance(key, int):
        items = cast("list[Any]", container)
        if value is not _ABSENT and key < len(items):
            items[key] = value
            return True
        return value is _ABSENT and key >= len(items)
    return value is _ABSENT


def _get(container: Any, key: str | int) -> Any:
    if isinstance(container, Mapping) and isinstance(key, str):
        return cast("Mapping[str, Any]", container).get(key, _ABSENT)
    if isinstance(container, list) and isinstance(key, int):
        items = cast("list[Any]", container)
        return items[key] if key < len(items) else _ABSENT
    return _ABSENT


def _keys(container: Any) -> set[str | int]:
    if isinstance(container, Mapping):
        return set(cast("Mapping[str, Any]", container))
    return set(range(len(cast("list[Any]", container)))) if isinstance(container, list) else set()


def _inside(value: Any) -> Any:
    while isinstance(value, Secret):
        value = value.value
    return value
