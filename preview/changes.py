"""The differences between two sets of inputs, by property path.

What a provider writes into its checked inputs by itself (autonames, defaults) counts as unchanged, a masked secret
equals every other value of its property, and None is the same as absent.
Source: pulumi/sdk v3.259.0 go/common/resource/properties_diff.go, read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeGuard

from preview.paths import Path
from preview.plan import MASKED, UNKNOWN, PropertyChange, Secret

DEFAULTS_KEY: Final = "__defaults"  # the bridge's list of the inputs that it filled in by itself
AUTONAMED_ANNOTATION: Final = "pulumi.com/autonamed"  # pulumi-kubernetes marks the names that it made

ABSENT: Final = object()


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[Path, PropertyChange]:
    """Return how the inputs `new` differ from `old`; unknown differs from every known value and equals unknown."""
    return dict(_object_changes((), old, new))


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether `value` is an object in the sense of JSON."""
    return isinstance(value, Mapping)


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether `value` is an array in the sense of JSON."""
    return isinstance(value, (list, tuple))


def reveal(value: Any) -> Any:
    """Return what a secret holds, and any other value as it is."""
    while isinstance(value, Secret):
        value = value.value
    return value


def value_at(value: Any, path: Path) -> Any:
    """Return what lies at `path` inside `value`, or `ABSENT`."""
    for key in path:
        value = reveal(value)
        if isinstance(key, int):
            value = value[key] if is_sequence(value) and key < len(value) else ABSENT
        else:
            value = value.get(key, ABSENT) if is_mapping(value) else ABSENT
    return reveal(value)


def leaves(path: Path, value: Any) -> Iterator[Path]:
    """Yield the path of every plain value in `value`, which itself lies at `path`; empty collections are plain."""
    value = reveal(value)
    if is_mapping(value) and value:
        for key, item in value.items():
            yield from leaves((*path, key), item)
    elif is_sequence(value) and value:
        for index, item in enumerate(value):
            yield from leaves((*path, index), item)
    elif value is not None and value is not ABSENT:
        yield path


def unknown_paths(inputs: Mapping[str, Any]) -> list[Path]:
    """Return where `inputs` are unknown."""
    return [path for path in leaves((), inputs) if value_at(inputs, path) is UNKNOWN]


def without_autoname(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the inputs `old` of a Kubernetes object without the name that the provider's `Check` made and keeps."""
    old_metadata, new_metadata = reveal(old.get("metadata")), reveal(new.get("metadata")) or {}
    if not is_mapping(old_metadata) or not is_mapping(new_metadata) or "name" in new_metadata:
        return old
    annotations = reveal(old_metadata.get("annotations"))
    if not is_mapping(annotations) or AUTONAMED_ANNOTATION not in annotations:
        return old
    metadata = {key: value for key, value in old_metadata.items() if key not in ("name", "annotations")}
    rest = {key: value for key, value in annotations.items() if key != AUTONAMED_ANNOTATION}
    if rest or "annotations" in new_metadata:
        metadata["annotations"] = rest
    if not metadata and "metadata" not in new:
        return {key: value for key, value in old.items() if key != "metadata"}
    return {**old, "metadata": metadata}


def _object_changes(
    path: Path, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[Path, PropertyChange]]:
    filled_in = old.get(DEFAULTS_KEY)
    kept = set[Any](filled_in) if is_sequence(filled_in) else set[Any]()
    for key in old.keys() | new.keys():
        if key == DEFAULTS_KEY or (key in kept and new.get(key) is None):
            continue
        yield from _value_changes((*path, key), old.get(key), new.get(key))


def _value_changes(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, PropertyChange]]:
    masked = _is_masked(old) or _is_masked(new)
    old, new = reveal(old), reveal(new)
    if old is None or new is None:
        if old is not new:
            yield path, PropertyChange.ADD if old is None else PropertyChange.DELETE
    elif masked:
        return
    elif is_mapping(old) and is_mapping(new):
        yield from _object_changes(path, old, new)
    elif is_sequence(old) and is_sequence(new):
        yield from _array_changes(path, old, new)
    elif not _equal(old, new):
        yield path, PropertyChange.UPDATE


def _array_changes(path: Path, old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[Path, PropertyChange]]:
    shared = min(len(old), len(new))
    for index in range(shared):
        yield from _value_changes((*path, index), old[index], new[index])
    for index in range(shared, len(old)):
        yield (*path, index), PropertyChange.DELETE
    for index in range(shared, len(new)):
        yield (*path, index), PropertyChange.ADD


def _equal(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new  # Python holds that True == 1, the engine does not
    return bool(old == new)


def _is_masked(value: Any) -> bool:
    return isinstance(value, Secret) and reveal(value) == MASKED
