"""What a change of an input does to a resource, and what its provider computes, as `replacements/*.yaml` has it.

The SDKs do not say which inputs replace a resource, and which outputs an update computes again (a Pulumi schema says
the first, but no wheel carries it), so the facts are written down with their sources; `type_tables.py` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from preview.paths import Path, contains, format_path, parse_path
from preview.plan import Operation, PropertyChange, Resource, Secret, Step
from preview.type_tables import Kind, tables_for


@dataclass(frozen=True)
class Classification:
    """What a table says of one input path; `source` is None where none does."""

    kind: Kind
    source: str | None = None


def classify(resource_type: str, path: str | Path) -> Classification:
    """Return what a change of the input at `path` does to a resource of this type."""
    return _classify(resource_type, _without_indices(parse_path(path) if isinstance(path, str) else path))


@lru_cache(maxsize=4096)
def _classify(resource_type: str, plain: Path) -> Classification:
    for table in tables_for(resource_type):
        kind = table.kind_of(plain)
        if kind is not Kind.UNCLASSIFIED:
            return Classification(kind, table.source)
    return Classification(Kind.UNCLASSIFIED)


def replaces(resource_type: str, path: Path, change: PropertyChange) -> bool:
    """Whether this change of the input at `path` is known to replace the resource."""
    plain, tables = _without_indices(path), tables_for(resource_type)
    if change is PropertyChange.DELETE and any(plain in table.replaces_when_removed for table in tables):
        return True
    if change is PropertyChange.ADD and any(_fits_any(table.replaces_unless_added, plain) for table in tables):
        return False
    ends = change in (PropertyChange.ADD, PropertyChange.DELETE)
    if ends and any(_fits_any(table.replaces_between_values, plain) for table in tables):
        return False
    return classify(resource_type, path).kind is Kind.REPLACES


def autonamed(resource_type: str) -> str | None:
    """Return the input that the provider fills with a name of its own when it is left out (`name`), or None.

    That name is made at creation and kept by updates: its output is known for as long as the resource is not replaced.
    """
    for table in tables_for(resource_type):
        if table.autonamed is not None:
            return format_path(table.autonamed)
    return None


def keeps_outputs(resource_type: str) -> tuple[str, ...] | None:
    """Return the outputs that the preview of an update knows again, besides the inputs; None where it knows all."""
    return next((table.known_again for table in tables_for(resource_type) if table.known_again is not None), None)


def deletes_first(old: Resource) -> bool:
    """Whether the provider deletes this resource before it makes a replacement, unless the program says otherwise.

    azure-native does so where the name is the program's; in a state it marks the names that it made.
    """
    if not any(table.deletes_first for table in tables_for(old.type)):
        return False
    name = autonamed(old.type)
    return name is None or (old.inputs.get(name) is not None and not old.inputs.get(_OWN_NAME))


def without_filled_in(old: Resource, new: Resource) -> Mapping[str, Any]:
    """Return the inputs of `old` without what its provider wrote into them by itself and `new` leaves out again.

    azure-native does so with names, places and API versions; the bridged providers list what they fill in (`changes`).
    """
    names = {path[0] for table in tables_for(new.type) for path in table.filled_in}
    if not names:
        return old.inputs
    names |= {name for name in (autonamed(new.type),) if name is not None}
    kept = {key: value for key, value in old.inputs.items() if key not in names or new.inputs.get(key) is not None}
    kept.pop(_OWN_NAME, None)
    return kept


def computed(resource_type: str) -> tuple[Path, ...]:
    """Return the keys inside input objects that the provider fills in where a program leaves them out.

    Only the creation of such an object tells them. A path has no list indices: it goes into every item of a list.
    """
    return tuple(path for table in tables_for(resource_type) for path in table.computed)


def reshaped(resource_type: str) -> tuple[Path, ...]:
    """Return the inputs whose outputs have another shape: a list of ids that comes back as objects by id."""
    return tuple(path for table in tables_for(resource_type) for path in table.reshapes)


def recomputed(step: Step) -> tuple[Path, ...]:
    """Return the outputs that this update makes unknown again, because the provider computes them anew.

    What the program itself gives is never computed.
    """
    if step.operation is not Operation.UPDATE or not step.resource.custom:
        return ()
    inputs, changed = step.resource.inputs, [_without_indices(parse_path(text)) for text in step.changes]
    return tuple(
        (output,)
        for table in tables_for(step.resource.type)
        for output, cause in table.recomputes.items()
        if inputs.get(output) is None
        and (cause.only_with is None or inputs.get(cause.only_with))
        and any(cause.fits(path) for path in changed)
    )


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


_OWN_NAME: Final = "__createBeforeDelete"
_IN_PLACE: Final = (PropertyChange.ADD, PropertyChange.DELETE, PropertyChange.UPDATE)


def _leaf_paths(path: Path, value: Any) -> Iterator[Path]:
    while isinstance(value, Secret):
        value = value.value
    if isinstance(value, Mapping) and value:
        for key, item in cast("Mapping[str, Any]", value).items():
            if not key.startswith("__"):  # the engine's and the bridge's own bookkeeping
                yield from _leaf_paths((*path, key), item)
    elif isinstance(value, (list, tuple)) and value:
        for item in cast("list[Any]", value):
            yield from _leaf_paths(path, item)
    elif value is not None and path:
        yield path


def _without_indices(path: Path) -> Path:
    return tuple(part for part in path if isinstance(part, str))


def _fits_any(patterns: Iterable[Path], path: Path) -> bool:
    return any(contains(pattern, path) for pattern in patterns)
