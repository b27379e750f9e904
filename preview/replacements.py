"""Which inputs a provider changes in place, and which make it replace the resource.

The SDKs do not say (a Pulumi schema does, but no wheel carries it), so the facts are written down in
`replacements/*.yaml`: one entry per resource type, each with the source that it was read from. In a table a path is
written without list indices, `*` is any one key, a path speaks for everything below it, and the longest path that fits
decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path as File
from typing import Any, Final, cast

import yaml

from preview.paths import Path, contains, format_path, parse_path
from preview.plan import PropertyChange, Resource, Secret, Step

TABLES: Final = File(__file__).parent / "replacements"


class Kind(StrEnum):
    """What a change of an input does to its resource."""

    UPDATES = "updates"
    REPLACES = "replaces"
    UNCLASSIFIED = "unclassified"  # no table speaks of it: the preview says "may replace"


@dataclass(frozen=True)
class Classification:
    """What a table says of one input path; `source` is None where none does."""

    kind: Kind
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class TypeTable:
    """The facts about one resource type, or about all types that a pattern such as `aws:*` fits."""

    source: str
    updates: tuple[Path, ...] = ()
    replaces: tuple[Path, ...] = ()
    replaces_unless_added: tuple[Path, ...] = ()  # a first value is taken in place
    replaces_when_removed: tuple[Path, ...] = ()  # also among `updates`: only the end of exactly this value replaces
    autonamed: Path | None = None
    everything_else: Kind = Kind.UNCLASSIFIED

    def kind_of(self, path: Path) -> Kind:
        """Return what a change at `path` (without indices) does: the longest entry decides, of two the cautious one."""
        updates = _longest(self.updates, path)
        replaces = max(_longest(self.replaces, path), _longest(self.replaces_unless_added, path))
        if updates < 0 and replaces < 0:
            return self.everything_else
        return Kind.UPDATES if updates > replaces else Kind.REPLACES


def classify(resource_type: str, path: str | Path) -> Classification:
    """Return what a change of the input at `path` does to a resource of this type."""
    return _classify(resource_type, _without_indices(parse_path(path) if isinstance(path, str) else path))


@lru_cache(maxsize=4096)
def _classify(resource_type: str, plain: Path) -> Classification:
    for table in _tables_for(resource_type):
        kind = table.kind_of(plain)
        if kind is not Kind.UNCLASSIFIED:
            return Classification(kind, table.source)
    return Classification(Kind.UNCLASSIFIED)


def replaces(resource_type: str, path: Path, change: PropertyChange) -> bool:
    """Whether this change of the input at `path` is known to replace the resource."""
    plain, tables = _without_indices(path), _tables_for(resource_type)
    if change is PropertyChange.DELETE and any(plain in table.replaces_when_removed for table in tables):
        return True
    if change is PropertyChange.ADD and any(_fits_any(table.replaces_unless_added, plain) for table in tables):
        return False
    return classify(resource_type, path).kind is Kind.REPLACES


def autonamed(resource_type: str) -> str | None:
    """Return the input that the provider fills with a name of its own when it is left out (`name`), or None.

    That name is made at creation and kept by updates: its output is known for as long as the resource is not replaced.
    """
    for table in _tables_for(resource_type):
        if table.autonamed is not None:
            return format_path(table.autonamed)
    return None


def unclassified(resource: Resource) -> list[str]:
    """Return the input paths of `resource` that no table speaks of."""
    leaves = _leaf_paths((), resource.inputs)
    return sorted({format_path(path) for path in leaves if classify(resource.type, path).kind is Kind.UNCLASSIFIED})


def may_replace(step: Step) -> list[str]:
    """Return the changed paths of an update that might be a replacement, because no table speaks of them."""
    changed = (path for path, change in step.changes.items() if change in _IN_PLACE)
    if not step.resource.custom:
        return []
    return [path for path in changed if classify(step.resource.type, path).kind is Kind.UNCLASSIFIED]


_IN_PLACE: Final = (PropertyChange.ADD, PropertyChange.DELETE, PropertyChange.UPDATE)


def _leaf_paths(path: Path, value: Any) -> Iterator[Path]:
    while isinstance(value, Secret):
        value = value.value
    if isinstance(value, Mapping) and value:
        for key, item in cast("Mapping[str, Any]", value).items():
            if not key.startswith("__"):  # the engine's and the bridge's own bookkeeping
                yield from _leaf_paths((*path, key), item)
    elif isinstance(value, list | tuple) and value:
        for item in cast("list[Any]", value):
            yield from _leaf_paths(path, item)
    elif value is not None and path:
        yield path


def _without_indices(path: Path) -> Path:
    return tuple(part for part in path if isinstance(part, str))


def _longest(patterns: Iterable[Path], path: Path) -> int:
    """Return the length of the longest pattern that `path` lies at or below, or -1."""
    return max((len(pattern) for pattern in patterns if contains(pattern, path)), default=-1)


def _fits_any(patterns: Iterable[Path], path: Path) -> bool:
    return any(contains(pattern, path) for pattern in patterns)


@lru_cache(maxsize=1024)
def _tables_for(resource_type: str) -> tuple[TypeTable, ...]:
    """Return the tables that speak of a type: its own first, then the patterns from the most to the least specific."""
    tables = _load(_file_for(resource_type))
    patterns = sorted((name for name in tables if fnmatchcase(resource_type, name)), key=_specificity)
    return tuple(tables[name] for name in patterns)


def _specificity(name: str) -> tuple[bool, int]:
    return ("*" in name, -len(name))


def _file_for(resource_type: str) -> str:
    """Return the table file of a type: that of its package; provider resources are of the package `pulumi`."""
    return resource_type.partition(":")[0]


@lru_cache(maxsize=16)
def _load(package: str) -> Mapping[str, TypeTable]:
    file = TABLES / f"{package}.yaml"
    if not file.exists():
        return {}
    text = file.read_text(encoding="utf-8")
    entries = cast("dict[str, dict[str, Any]]", yaml.load(text, Loader=_LOADER))  # noqa: S506  both are safe loaders
    return {name: read_table(f"{file.name}: {name}", entry) for name, entry in entries.items()}


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster where it is built in
_LISTS: Final = ("updates", "replaces", "replaces_unless_added", "replaces_when_removed")
_KEYS: Final = frozenset({"source", "autonamed", "everything_else", *_LISTS})


def read_table(where: str, entry: Mapping[str, Any]) -> TypeTable:
    """Return the table that a YAML entry writes down.

    Raises:
        ValueError: an unknown key, no source, or a path that is said to do both.
    """
    if unknown := sorted(entry.keys() - _KEYS):
        raise ValueError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    if not entry.get("source"):
        raise ValueError(f"{where}: 'source' is missing: write the file that the facts were read from, and the day")
    lists = {key: tuple(parse_path(str(text)) for text in entry.get(key) or ()) for key in _LISTS}
    if both := set(lists["updates"]) & {*lists["replaces"], *lists["replaces_unless_added"]}:
        raise ValueError(f"{where}: {format_path(both.pop())!r} is under 'updates' and under 'replaces'; keep one")
    return TypeTable(
        source=str(entry["source"]),
        autonamed=parse_path(entry["autonamed"]) if "autonamed" in entry else None,
        everything_else=Kind(entry.get("everything_else", Kind.UNCLASSIFIED)),
        **lists,
    )
