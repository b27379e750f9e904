"""A stack's plan at the base and at the head, as the changes between them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from preview.changes import is_mapping, is_sequence
from preview.diff import against_plan
from preview.look import shown
from preview.paths import parse_path
from preview.plan import STACK_TYPE, Operation, Plan, Resource, Secret, Step
from preview.replacements import may_replace
from preview.report.consequences import with_consequences
from preview.report.model import Change, MissingAlias, Order, PropertyDifference
from preview.report.order import deleted_first
from preview.report.parts import part_of
from preview.urn import is_provider

_MOST_COMPARISONS: Final = 2500


def steps_between(base: Plan, head: Plan) -> tuple[Step, ...]:
    """Return what an update would do to a stack that stands as `base` has it."""
    return with_consequences(against_plan(base, head.resources))


def changes_of(steps: tuple[Step, ...]) -> tuple[Change, ...]:
    """Return the steps as the report shows them, in the same order."""
    resources = {resource.urn: resource for step in steps for resource in (step.old, step.new) if resource is not None}
    first = deleted_first(steps)
    return tuple(_change(step, resources, first) for step in steps)


def missing_aliases(steps: tuple[Step, ...]) -> tuple[MissingAlias, ...]:
    """Return the deletions and creations that look like one resource under a new name.

    They are of one type. Where several of a type come and go, those whose inputs have most in common belong together;
    where very many do, they are paired in the order of their names.
    """
    deleted, created = dict[str, list[Resource]](), dict[str, list[Resource]]()
    for step in steps:
        by_type = {Operation.DELETE: deleted, Operation.CREATE: created}.get(step.operation)
        if by_type is not None and step.resource.custom:
            by_type.setdefault(step.resource.type, []).append(step.resource)
    return tuple(
        MissingAlias(type=type_, deleted=old.urn, created=new.urn)
        for type_, olds in deleted.items()
        if type_ in created
        for old, new in _pairs(olds, created[type_])
    )


def _pairs(olds: list[Resource], news: list[Resource]) -> Iterator[tuple[Resource, Resource]]:
    if len(olds) * len(news) > _MOST_COMPARISONS:
        yield from zip(*(sorted(each, key=lambda resource: resource.name) for each in (olds, news)), strict=False)
        return
    left = list(news)
    for old in olds:
        if left:
            nearest = max(left, key=lambda new, old=old: _likeness(old, new))
            left.remove(nearest)
            yield old, nearest


def _likeness(old: Resource, new: Resource) -> tuple[int, int]:
    """Return how many inputs are equal, then how many letters the names share at their ends."""
    equal = sum(old.inputs.get(key) == value for key, value in new.inputs.items())
    pairs = zip(reversed(old.name), reversed(new.name), strict=False)
    shared = next((count for count, (mine, theirs) in enumerate(pairs) if mine != theirs), len(old.name))
    return equal, shared


def _change(step: Step, resources: Mapping[str, Resource], first: Container[str]) -> Change:
    resource = step.resource
    order = None
    if step.operation is Operation.REPLACE:
        order = Order.DELETE_FIRST if resource.urn in first else Order.CREATE_FIRST
    return Change(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        custom=resource.custom,
        operation=step.operation,
        component=_component(resource, resources),
        old_urn=step.old.urn if step.old and step.old.urn != resource.urn else None,
        properties=_properties(step),
        replace_reasons=step.replace_reasons,
        order=order,
        part=part_of(resource.type),
        protect=bool(step.old and step.old.protect),
        source=resource.source,
    )


def _component(resource: Resource, resources: Mapping[str, Resource]) -> str | None:
    """Return the nearest component above a resource; a resource may be a parent, too."""
    above = resources.get(resource.parent or "")
    while above is not None and above.type != STACK_TYPE:
        if not above.custom:
            return above.urn
        above = resources.get(above.parent or "")
    return None


def _properties(step: Step) -> tuple[PropertyDifference, ...]:
    if step.old is None or step.new is None:
        return ()
    uncertain = () if is_provider(step.resource.type) else may_replace(step)
    return tuple(
        PropertyDifference(
            path=path,
            change=change,
            old=_text_at(step.old.inputs, path),
            new=_text_at(step.new.inputs, path),
            may_replace=path in uncertain,
        )
        for path, change in step.changes.items()
    )


def _text_at(inputs: Mapping[str, Any], path: str) -> str | None:
    """Return the text of what lies at `path`, `[secret]` for what lies inside a secret, None where nothing does."""
    value: Any = inputs
    for key in parse_path(path):
        if isinstance(value, Secret):
            break
        if is_mapping(value) and isinstance(key, str):
            value = value.get(key)
        elif is_sequence(value) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return None if value is None else shown(value)
