"""What else a replacement replaces.

Two plans hold many inputs that only an update will tell, such as the id of what another resource becomes. Where that
other one is created or replaced, the engine's preview sees an unknown value beside a known old one, and takes it for a
change. Plan beside plan would see unknown beside unknown, and so this looks at what feeds the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any, Final, cast

from preview.diff import compare
from preview.plan import UNKNOWN, Operation, Resource, Step
from preview.urn import provider_urn
from preview.wire import contains_unknown

_NEW: Final = (Operation.CREATE, Operation.REPLACE)
_STANDING: Final = (Operation.SAME, Operation.UPDATE, Operation.MAY_CHANGE)
_ANOTHER: Final = "what it was before"


def with_consequences(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps with those turned into replacements that follow from another creation or replacement."""
    found = {step.urn: step for step in steps}
    dependents = _dependents(steps)
    pending = [step.urn for step in steps if step.operation in _NEW]
    new = set(pending)
    while pending:
        for urn in dependents.get(pending.pop(), ()):
            if urn in new:
                continue
            step = _replaced(found[urn], found, new)
            if step is not None:
                found[urn] = step
                new.add(urn)
                pending.append(urn)
    return tuple(found[step.urn] for step in steps)


def _dependents(steps: tuple[Step, ...]) -> Mapping[str, list[str]]:
    """Return, by URN, the standing custom resources that take something from it."""
    found = dict[str, list[str]]()
    for step in steps:
        if step.operation not in _STANDING or step.new is None or step.old is None or not step.new.custom:
            continue
        feeders = {*step.new.dependencies, *(urn for urns in step.new.property_dependencies.values() for urn in urns)}
        if step.new.provider:
            feeders.add(provider_urn(step.new.provider))
        for feeder in feeders:
            found.setdefault(feeder, []).append(step.urn)
    return found


def _replaced(step: Step, steps: Mapping[str, Step], new: Set[str]) -> Step | None:
    """Return the step as a replacement, None where what is new does not replace it."""
    old, resource = step.old, step.new
    if old is None or resource is None:
        return None
    provider = steps.get(provider_urn(resource.provider)) if resource.provider else None
    provider_replaced = provider is not None and provider.operation is Operation.REPLACE
    before = replace(old, inputs=_opened(old, resource, new))
    compared = compare(before, resource, provider_replaced=provider_replaced)
    return replace(compared, old=old) if compared.operation is Operation.REPLACE else None


def _opened(old: Resource, resource: Resource, new: Set[str]) -> dict[str, Any]:
    """Return the old inputs with another value in place of each unknown that something new feeds."""
    inputs = dict(old.inputs)
    for key, value in resource.inputs.items():
        feeders = resource.property_dependencies.get(key, resource.dependencies)
        if key in inputs and contains_unknown(value) and not new.isdisjoint(feeders):
            inputs[key] = _other(inputs[key], value)
    return inputs


def _other(old: Any, value: Any) -> Any:
    if value is UNKNOWN:
        return _ANOTHER
    if isinstance(old, Mapping) and isinstance(value, Mapping):
        fields, before = cast("Mapping[str, Any]", value), cast("Mapping[str, Any]", old)
        return {key: _other(item, fields[key]) if key in fields else item for key, item in before.items()}
    if isinstance(old, list) and isinstance(value, list):
        items, recorded = cast("list[Any]", value), cast("list[Any]", old)
        return [*map(_other, recorded, items), *recorded[len(items) :]]
    return old
