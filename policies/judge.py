"""Runs rules: what each finds, what it cannot tell, and how it failed. One never stops another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from policies.properties import CannotTell
from policies.rule import AnyRule, Resource, Rule, Stack


class Outcome(StrEnum):
    """What a rule says of a resource where it does not simply pass."""

    BROKEN = "broken"
    CANNOT_TELL = "cannot tell"
    FAILED = "failed"
    """The rule itself is at fault: it raised."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a rule says of one resource."""

    rule: AnyRule
    urn: str
    outcome: Outcome
    message: str
    paths: tuple[str, ...] = ()
    """The inputs that are unknown before the update, where the rule cannot tell."""


def judge(rule: AnyRule, resource: Resource, stack: Stack | None = None) -> Iterator[Finding]:
    """What a rule finds on a resource of one of its types; `stack` is what a stack rule relates it to."""
    if rule.speaks_of is not None and not rule.speaks_of(resource):
        return
    unknown: dict[str, str] = {}
    for check in _checks(rule, resource, stack):
        try:
            for message in check():
                yield Finding(rule=rule, urn=resource.urn, outcome=Outcome.BROKEN, message=message)
        except CannotTell as asked:
            unknown.update(dict.fromkeys(asked.paths, asked.why))
        except Exception as error:  # noqa: BLE001  whatever a rule raises is that rule's failure, and the others go on
            message = f"the rule itself failed: {type(error).__name__}: {error}"
            yield Finding(rule=rule, urn=resource.urn, outcome=Outcome.FAILED, message=message)
    if unknown:
        reasons = "; ".join(f"{path} is {why}" for path, why in unknown.items())
        message = f"cannot tell before the update: {reasons}"
        yield Finding(rule=rule, urn=resource.urn, outcome=Outcome.CANNOT_TELL, message=message, paths=tuple(unknown))


def _checks(rule: AnyRule, resource: Resource, stack: Stack | None) -> Iterator[Callable[[], Iterable[str]]]:
    for check in rule.checks if isinstance(rule, Rule) else ():
        yield lambda check=check: check(resource)
    if not isinstance(rule, Rule) and stack is not None:
        for related in rule.checks:
            yield lambda related=related: related(resource, stack)
