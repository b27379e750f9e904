"""Rules that tests make up, on a type of resource that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.pack import Pack
from policies.properties import Path
from policies.rule import AnyRule, Resource, Rule, Severity, Stack, StackRule

THING: Final = "demo:index:Thing"


def rule(id_: str, check: Any, severity: Severity = Severity.HIGH, **more: Any) -> Rule:
    """A rule on things."""
    return Rule(
        id=id_,
        title="Things are right.",
        severity=severity,
        types=(THING,),
        controls=("isms-p:2.6.1",),
        problem="They are wrong.",
        remedy="make them right",
        source="made up",
        checks=(check,),
        **more,
    )


def stack_rule(id_: str, check: Any) -> StackRule:
    """A rule on things among others."""
    described = rule(id_, check)
    return StackRule(
        id=id_,
        title=described.title,
        severity=described.severity,
        types=described.types,
        controls=described.controls,
        problem=described.problem,
        remedy=described.remedy,
        source=described.source,
        checks=(check,),
    )


def size_is_small(thing: Resource) -> Iterator[str]:
    """Breaks where the size is above 3."""
    if thing.inputs.get("size", default=0) > 3:
        yield f"size is {thing.inputs.get('size')}"


def with_small_size(thing: Resource) -> Iterator[tuple[Path, Any]]:
    """Sets a size above 3 to 3."""
    if any(size_is_small(thing)):
        yield ("size",), 3


def raises(_: Resource) -> Iterator[str]:
    """A check at fault."""
    raise KeyError("what the author forgot")


def is_alone(thing: Resource, stack: Stack) -> Iterator[str]:
    """Breaks where there is another thing."""
    thing.inputs.get("name")
    if len(list(stack.of_type(THING))) > 1:
        yield "there is another thing"


def pack(*rules: AnyRule) -> Pack:
    """A pack of these rules alone."""
    return Pack({each.id: each for each in rules})


SMALL: Final = rule("small", size_is_small, fix=with_small_size)
RULES: Final[Mapping[str, AnyRule]] = {SMALL.id: SMALL}
