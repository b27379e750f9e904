"""What an update would do to a resource: its new inputs compared with the recorded ones.

This answers as the engine does with a provider that takes inputs as they are: `Check` returns the program's inputs,
`Diff` compares them with the old inputs, and `replacements.py` says which changes a provider makes in place.
Source: pulumi/pkg v3.259.0 resource/deploy/step_generator.go (`diff`, `providerChanged`, `applyReplaceOnChanges`),
read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from preview import kubernetes_provider
from preview.changes import changes, leaves, unknown_paths, value_at, without_autoname
from preview.paths import Path, contains, format_path, parse_path
from preview.plan import Operation, Plan, PropertyChange, Resource, Step
from preview.replacements import deletes_first, replaces, without_filled_in

_REPLACING: Final = {
    PropertyChange.ADD: PropertyChange.ADD_REPLACE,
    PropertyChange.DELETE: PropertyChange.DELETE_REPLACE,
    PropertyChange.UPDATE: PropertyChange.UPDATE_REPLACE,
}
_UNCHANGED: Final = (Operation.SAME, Operation.READ)


def compare(old: Resource, new: Resource, *, provider_replaced: bool | None = None) -> Step:
    """Return the step that brings `old` to `new`: same, update, replace, or read for a resource that is only read.

    Args:
        old: what a state or an earlier plan recorded.
        new: what the program registered. An unknown input differs from a known one, as in the engine's previews.
        provider_replaced: whether the new provider cannot serve the old resource (`provider_replaces` tells from the
            two provider resources). None decides by the references alone.
    """
    if new.external:
        return Step(operation=Operation.READ, old=old, new=new)
    if provider_replaced is None:
        provider_replaced = _reference_changed(old, new)
    if provider_replaced or old.custom != new.custom:
        return Step(operation=Operation.REPLACE, old=old, new=new, replace_reasons=("provider",))
    found = _input_changes(old, new)
    if not found:
        return Step(operation=Operation.SAME, old=old, new=new)
    replacing = _replacing_paths(found, old, new) if new.custom else []  # a component is only ever updated
    found |= {path: _REPLACING[found[path]] for path in replacing}
    return Step(
        operation=Operation.REPLACE if replacing else Operation.UPDATE,
        old=old,
        new=new,
        changes=_by_text(found),
        replace_reasons=tuple(sorted({str(path[0]) for path in replacing})),
    )


def deleted_first(step: Step, old: Resource) -> bool:
    """Whether a replaced resource goes before the new one comes: as the program says, or else its provider.

    A provider is asked only of what it replaces by itself, not of what the program's options force.
    """
    new = step.resource
    if new.delete_before_replace is not None:
        return new.delete_before_replace
    replacing = (parse_path(path) for path, change in step.changes.items() if change in _REPLACING.values())
    return deletes_first(old) and any(not _any(new.replace_on_changes, path) for path in replacing)


def provider_replaces(old: Resource, new: Resource) -> bool:
    """Whether resources of the provider `old` must be made anew to be served by the provider `new`.

    The engine asks the new provider's `DiffConfig`, whatever the two are called, and so does this.
    """
    return compare(old, new, provider_replaced=False).operation is Operation.REPLACE


def against_plan(old: Plan, new_resources: Iterable[Resource]) -> tuple[Step, ...]:
    """Return the steps from an earlier plan to the program's resources, without a state.

    An input that is unknown in both is the same only if nothing that feeds it changes: otherwise its resource "may
    change", and so may what that resource feeds. Steps come in the order of `new_resources`, deletions last.
    """
    olds = {resource.urn: resource for resource in old.resources}
    recorded = dict(olds)
    steps: dict[str, Step] = {}
    renamed: dict[str, str] = {}
    for resource in new_resources:
        old_urn = next((urn for urn in _urns(resource) if urn in olds), None)
        if old_urn is None:
            steps[resource.urn] = Step(operation=Operation.CREATE, new=resource)
            continue
        renamed[old_urn] = resource.urn
        before = olds.pop(old_urn)
        replaced = _provider_replaced_in_plan(before, resource, recorded, steps, renamed)
        steps[resource.urn] = compare(before, resource, provider_replaced=replaced)
    _spread(steps, renamed)
    deletions = (Step(operation=Operation.DELETE, old=resource) for resource in olds.values() if not resource.external)
    return (*steps.values(), *deletions)


def _urns(resource: Resource) -> tuple[str, ...]:
    return (resource.urn, *resource.aliases, *resource.possible_aliases)


def _reference_changed(old: Resource, new: Resource) -> bool:
    """Whether two provider references name providers of different identity, as far as references tell."""
    if old.provider == new.provider:
        return False
    if not old.provider or not new.provider:
        return True
    old_urn, new_urn = _provider_urn(old.provider), _provider_urn(new.provider)
    if old_urn == new_urn:
        return True  # an update keeps a provider's id, so this is another one of the same name
    return not (_is_default_provider(old_urn) and _is_default_provider(new_urn))


def _provider_urn(reference: str) -> str:
    return reference.rpartition("::")[0]


def _is_default_provider(urn: str) -> bool:
    name = urn.rpartition("::")[2]
    return name == "default" or name.startswith("default_")


def _provider_replaced_in_plan(
    old: Resource,
    new: Resource,
    recorded: Mapping[str, Resource],
    steps: Mapping[str, Step],
    renamed: Mapping[str, str],
) -> bool | None:
    """Return whether the provider of `new` is another than the earlier plan's; plans do not hold provider ids."""
    if not old.provider or not new.provider:
        return None
    old_urn, new_urn = _provider_urn(old.provider), _provider_urn(new.provider)
    step = steps.get(new_urn)
    if renamed.get(old_urn, old_urn) == new_urn:
        return step is not None and step.operation is Operation.REPLACE
    before = recorded.get(old_urn)
    return provider_replaces(before, step.new) if before and step and step.new else None


def _input_changes(old: Resource, new: Resource) -> dict[Path, PropertyChange]:
    kubernetes = new.type.startswith("kubernetes:")
    old_inputs = without_autoname(old.inputs, new.inputs) if kubernetes else without_filled_in(old, new)
    return {
        path: change for path, change in changes(old_inputs, new.inputs).items() if not _any(new.ignore_changes, path)
    }


def _replacing_paths(found: Mapping[Path, PropertyChange], old: Resource, new: Resource) -> list[Path]:
    forced = [path for path in found if _any(new.replace_on_changes, path)]
    if new.type == kubernetes_provider.TYPE:
        by_provider = kubernetes_provider.replacing(old.inputs, new.inputs)
        return [path for path in found if path in forced or path[:1] in by_provider]
    return [path for path, change in found.items() if path in forced or _provider_replaces(path, change, old, new)]


def _provider_replaces(path: Path, change: PropertyChange, old: Resource, new: Resource) -> bool:
    # A block that comes or goes as a whole replaces if anything inside it does.
    inside = {path, *leaves(path, value_at(old.inputs, path)), *leaves(path, value_at(new.inputs, path))}
    return any(replaces(new.type, below, change) for below in inside)


def _any(patterns: Iterable[str], path: Path) -> bool:
    return any(contains(parse_path(pattern), path) for pattern in patterns)


def _by_text(found: Mapping[Path, PropertyChange]) -> dict[str, PropertyChange]:
    return dict(sorted((format_path(path), change) for path, change in found.items()))


def _spread(steps: dict[str, Step], renamed: Mapping[str, str]) -> None:
    """Turn "same" into "may change" for what a changing resource feeds, and for what that feeds in turn."""
    fed: dict[str, list[tuple[str, Path]]] = {}  # feeding URN -> (fed URN, the unknown input)
    pending = [urn for urn, step in steps.items() if step.operation not in _UNCHANGED]
    for urn, step in steps.items():
        if step.operation is not Operation.SAME or step.old is None or step.new is None:
            continue
        if step.new.provider:
            fed.setdefault(_provider_urn(step.new.provider), []).append((urn, ()))
        for path in unknown_paths(step.new.inputs):
            if _any(step.new.ignore_changes, path):
                continue
            feeders = _feeders(step.new, path)
            for feeder in feeders:
                fed.setdefault(feeder, []).append((urn, path))
            if feeders != {renamed.get(feeder, feeder) for feeder in _feeders(step.old, path)}:
                pending.append(_mark(steps, urn, path))
    while pending:
        for urn, path in fed.pop(pending.pop(), ()):
            pending.append(_mark(steps, urn, path))


def _feeders(resource: Resource, path: Path) -> set[str]:
    """Return the URNs of what the input at `path` is made from."""
    by_property = resource.property_dependencies.get(str(path[0]))
    return set(resource.dependencies if by_property is None else by_property)


def _mark(steps: dict[str, Step], urn: str, path: Path) -> str:
    """Note that the input at `path` may change (an empty path: that the provider may), and return `urn`."""
    step = steps[urn]
    noted = {format_path(path): PropertyChange.UPDATE} if path else {}
    steps[urn] = Step(operation=Operation.MAY_CHANGE, old=step.old, new=step.new, changes={**step.changes, **noted})
    return urn
