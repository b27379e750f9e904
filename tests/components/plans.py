"""How tests look at what a program plans and leaves behind: resources by short type and logical name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from preview.plan import Operation, Plan, Resource
from preview.recorded import Record
from tests.support import applied, plan

Resources = dict[tuple[str, str], Resource]
"""Resources by the last part of their type and their logical name: `("Subnet", "network-node-a")`."""


def by_type_and_name(resources: Iterable[Resource]) -> Resources:
    """Resources by short type and logical name."""
    return {(resource.type.rpartition(":")[2], resource.name): resource for resource in resources}


def sound(preview: Plan) -> Resources:
    """The resources of a preview in which the input checks found nothing."""
    assert preview.diagnostics == ()
    return by_type_and_name(preview.resources)


@cache
def planned(build: Callable[[], object]) -> Resources:
    """The resources of a first preview, which has no finding."""
    return sound(plan(build))


@cache
def standing(build: Callable[[], object]) -> Resources:
    """The resources once they were made, with made-up ids."""
    return by_type_and_name(_recorded(build).resources.values())


@cache
def _recorded(build: Callable[[], object]) -> Record:
    return applied(build)


def changed(before: Callable[[], object], after: Callable[[], object]) -> Plan:
    """The preview of `after` where `before` stands."""
    return plan(after, record=_recorded(before))


def operations(preview: Plan) -> dict[tuple[str, str], Operation]:
    """What is done to each resource that does not stay the same, by short type and logical name."""
    return {
        (step.resource.type.rpartition(":")[2], step.resource.name): step.operation
        for step in preview.steps
        if step.operation is not Operation.SAME
    }


def complaints(preview: Plan) -> str:
    """All findings of a preview as text."""
    return "\n".join(str(diagnostic) for diagnostic in preview.diagnostics)
