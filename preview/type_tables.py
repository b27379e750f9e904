"""What is written down about resource types in `replacements/*.yaml`, read and checked.

One entry per resource type, each with the source that it was read from. In a table a path is written without list
indices, `*` is any one key, a path speaks for everything below it, and the longest path that fits decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path as File
from typing import Any, Final, cast

import yaml

from preview.paths import Path, contains, format_path, parse_path

TABLES: Final = File(__file__).parent / "replacements"


class Kind(StrEnum):
    """What a change of an input does to its resource."""

    UPDATES = "updates"
    REPLACES = "replaces"
    UNCLASSIFIED = "unclassified"  # no table speaks of it: the preview says "may replace"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Which changed inputs make an update compute an output again: some, or all but some."""

    by: tuple[Path, ...] = ()
    by_all_but: tuple[Path, ...] | None = None
    only_with: str | None = None  # an input that must be true besides

    def fits(self, changed: Path) -> bool:
        """Whether a change of the input at `changed` (without indices) is such a change."""
        if self.by_all_but is not None:
            return not any(contains(path, changed) for path in self.by_all_but)
        return any(contains(path, changed) for path in self.by)


@dataclass(frozen=True, kw_only=True)
class TypeTable:
    """The facts about one resource type, or about all types that a pattern such as `aws:*` fits."""

    source: str
    updates: tuple[Path, ...] = ()
    replaces: tuple[Path, ...] = ()
    replaces_unless_added: tuple[Path, ...] = ()  # a first value is taken in place
    replaces_between_values: tuple[Path, ...] = ()  # a first value is taken, and the value taken away, in place
    replaces_when_removed: tuple[Path, ...] = ()  # also among `updates`: only the end of exactly this value replaces
    autonamed: Path | None = None
    computed: tuple[Path, ...] = ()  # keys inside an input object that the provider fills in where they are left out
    reshapes: tuple[Path, ...] = ()  # inputs whose outputs have another shape, so no preview knows those
    recomputes: Mapping[str, Cause] = field(default_factory=dict[str, Cause])  # by output
    known_again: tuple[str, ...] | None = None  # outputs that an update's preview knows besides inputs; None: all
    deletes_first: bool = False  # a resource whose name is the program's goes before its replacement comes
    filled_in: tuple[Path, ...] = ()  # inputs that the provider's `Check` writes where they are left out, and keeps
    everything_else: Kind = Kind.UNCLASSIFIED

    def kind_of(self, path: Path) -> Kind:
        """Return what a change at `path` (without indices) does: the longest entry decides, of two the cautious one."""
        updates = _longest(self.updates, path)
        replacing = (self.replaces, self.replaces_unless_added, self.replaces_between_values)
        replaces = max(_longest(paths, path) for paths in replacing)
        if updates < 0 and replaces < 0:
            return self.everything_else
        return Kind.UPDATES if updates > replaces else Kind.REPLACES


@lru_cache(maxsize=1024)
def tables_for(resource_type: str) -> tuple[TypeTable, ...]:
    """Return the tables that speak of a type: its own first, then the patterns from the most to the least specific."""
    tables = _load(resource_type.partition(":")[0])  # provider resources are of the package `pulumi`
    patterns = sorted((name for name in tables if fnmatchcase(resource_type, name)), key=_specificity)
    return tuple(tables[name] for name in patterns)


def read_table(where: str, entry: Mapping[str, Any]) -> TypeTable:
    """Return the table that a YAML entry writes down.

    Raises:
        ValueError: an unknown key, no source, a path that is said to do both, or a computed key outside an object.
    """
    _refuse_unknown(where, entry, _KEYS)
    if not entry.get("source"):
        raise ValueError(f"{where}: 'source' is missing: write the file that the facts were read from, and the day")
    lists = {key: _paths(entry.get(key)) for key in _LISTS}
    if both := set(lists["updates"]) & {path for key in _REPLACING for path in lists[key]}:
        raise ValueError(f"{where}: {format_path(both.pop())!r} is under 'updates' and under 'replaces'; keep one")
    for path in lists["computed"]:
        if len(path) == 1:  # the SDK takes an output that is missing as a whole for unknown by itself
            raise ValueError(f"{where}: 'computed' lists keys inside input objects; remove {format_path(path)!r}")
    recomputes: Mapping[str, Mapping[str, Any]] = entry.get("recomputes") or {}
    return TypeTable(
        source=str(entry["source"]),
        autonamed=parse_path(entry["autonamed"]) if "autonamed" in entry else None,
        everything_else=Kind(entry.get("everything_else", Kind.UNCLASSIFIED)),
        known_again=tuple(entry["known_again"]) if "known_again" in entry else None,
        deletes_first=bool(entry.get("deletes_first")),
        recomputes={
            output: _read_cause(f"{where}: recomputes.{output}", cause) for output, cause in recomputes.items()
        },
        **lists,
    )


_REPLACING: Final = ("replaces", "replaces_unless_added", "replaces_between_values")
_LISTS: Final = ("computed", "filled_in", "reshapes", "updates", *_REPLACING, "replaces_when_removed")
_KEYS: Final = frozenset(
    {"source", "autonamed", "deletes_first", "everything_else", "known_again", "recomputes", *_LISTS}
)
_CAUSE_KEYS: Final = frozenset({"by", "by_all_but", "only_with"})
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster where it is built in


def _read_cause(where: str, entry: Mapping[str, Any]) -> Cause:
    _refuse_unknown(where, entry, _CAUSE_KEYS)
    if ("by" in entry) == ("by_all_but" in entry):
        raise ValueError(f"{where}: write either 'by' or 'by_all_but'")
    return Cause(
        by=_paths(entry.get("by")),
        by_all_but=_paths(entry["by_all_but"]) if "by_all_but" in entry else None,
        only_with=entry.get("only_with"),
    )


def _refuse_unknown(where: str, entry: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := sorted(entry.keys() - known):
        raise ValueError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def _paths(texts: Iterable[object] | None) -> tuple[Path, ...]:
    return tuple(parse_path(str(text)) for text in texts or ())


@lru_cache(maxsize=16)
def _load(package: str) -> Mapping[str, TypeTable]:
    file = TABLES / f"{package}.yaml"
    if not file.exists():
        return {}
    text = file.read_text(encoding="utf-8")
    entries = cast("dict[str, dict[str, Any]]", yaml.load(text, Loader=_LOADER))  # noqa: S506  both are safe loaders
    return {name: read_table(f"{file.name}: {name}", entry) for name, entry in entries.items()}


def _specificity(name: str) -> tuple[bool, int]:
    return ("*" in name, -len(name))


def _longest(patterns: Iterable[Path], path: Path) -> int:
    """Return the length of the longest pattern that `path` lies at or below, or -1."""
    return max((len(pattern) for pattern in patterns if contains(pattern, path)), default=-1)
