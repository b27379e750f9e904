"""The repository's stacks as the pack sees them: planned in this process, judged on a fixed day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any, Final

from policies.judge import Outcome
from policies.pack import Judged, Pack
from policies.properties import Path, Properties
from policies.report_plan import RecordedPlan, parse_plan
from policies.rule import Resource
from preview.digest import to_json
from tests.policies.cases import with_input
from tests.stacks.stack_files import STACK_FILES, plan

TODAY: Final = dt.date(2026, 11, 29)


@cache
def recorded(stack: str) -> RecordedPlan:
    """A stack's plan, by the name in its file's name."""
    return parse_plan(json.dumps(to_json(plan(STACK_FILES[stack]))), stack)


def judged(stack: str, resources: Iterable[Resource] | None = None) -> list[Judged]:
    """What the pack says of a stack, or of other resources under its configuration."""
    of = recorded(stack)
    seen = of.resources if resources is None else tuple(resources)
    pack = Pack()
    pack.configure(of.config, today=TODAY)
    found = [item for resource in seen for item in pack.analyze(resource)]
    return [*found, *pack.analyze_stack(seen)]


def fired(found: Iterable[Judged]) -> set[tuple[str, str]]:
    """The rules that are broken, each with the logical name of the resource."""
    broken = (item.finding for item in found if item.finding.outcome is Outcome.BROKEN)
    return {(finding.rule.id, finding.urn.split("::")[-1]) for finding in broken}


def mutated(
    stack: str, chosen: Callable[[Resource], bool], changes: dict[str | Path, Any] | None
) -> tuple[list[Resource], str]:
    """A stack's resources with the first chosen one changed, or without it; and the changed one's name.

    A value that is a function makes the new value from the old one.
    """
    resources = list(recorded(stack).resources)
    place = next(number for number, resource in enumerate(resources) if chosen(resource))
    victim = resources.pop(place)
    if changes is not None:
        inputs = victim.inputs.raw
        for path, value in changes.items():
            inputs = with_input(inputs, path, value(inputs[str(path)]) if callable(value) else value)
        resources.insert(place, replace(victim, inputs=Properties(inputs)))
    return resources, victim.name
