"""The pack at work on one stack: which rules run, at which level, and what they find. Speaks no protocol."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from policies.catalogue import CATALOGUE
from policies.enforcement import level_of
from policies.judge import Finding, Outcome, judge
from policies.properties import CannotTell, Path
from policies.rule import AnyRule, Circumstances, Environment, Resource, Rule, Severity, Stack, StackRule
from policies.settings import Level, policy_settings

EXCEPTIONS: Final = StackRule(
    id="policy-exceptions",
    title="Every exception from a rule is still due and names a resource of the stack.",
    severity=Severity.HIGH,
    types=(),
    controls=(),
    problem="A rule is broken, and nobody answers for it any more.",
    remedy="repair the resource and remove the exception, or agree on a new last day",
    source="this pack",
    checks=(),
)
"""The rule about the exceptions themselves. It judges configuration, not resources, and so is not in the catalogue."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A finding and the level at which it counts."""

    finding: Finding
    level: Level


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """What a rule's fix changes on one resource, or why it could not say."""

    rule: Rule
    changes: tuple[tuple[Path, Any], ...] = ()
    problem: str = ""


class Pack:
    """All rules, configured for one stack."""

    def __init__(self, rules: Mapping[str, AnyRule] = CATALOGUE) -> None:
        self.rules: Mapping[str, AnyRule] = {**rules, EXCEPTIONS.id: EXCEPTIONS}
        self._resource_rules = _by_type(rule for rule in rules.values() if isinstance(rule, Rule))
        self._stack_rules = _by_type(rule for rule in rules.values() if isinstance(rule, StackRule))
        self.configure({}, today=dt.date.max)

    def configure(self, config: Mapping[str, str], *, today: dt.date) -> None:
        """Take the stack's configuration.

        Raises:
            PolicyConfigError: with every mistake in it.
        """
        self._settings, environment = policy_settings(config)
        self.levels = self._levels(environment)
        self.circumstances = Circumstances(
            environment=environment,
            as_of=self._settings.as_of or today,
            registries=self._settings.registries,
        )

    def _levels(self, environment: Environment) -> dict[str, Level]:
        return {id_: level_of(rule, self._settings, environment) for id_, rule in self.rules.items()}

    def set_levels(self, levels: Mapping[str, Level]) -> None:
        """Take the levels that the engine merged from ours and from Pulumi's policy config file."""
        self.levels = {**self.levels, **{id_: level for id_, level in levels.items() if id_ in self.levels}}

    def analyze(self, resource: Resource) -> Iterator[Judged]:
        """What the rules on single resources find."""
        resource = replace(resource, circumstances=self.circumstances)
        for rule in self._resource_rules.get(resource.type, ()):
            yield from self._judged(rule, lambda rule=rule: judge(rule, resource))

    def analyze_stack(self, resources: Iterable[Resource]) -> Iterator[Judged]:
        """What the rules that relate resources find, and what is wrong with the exceptions."""
        stack = Stack(replace(resource, circumstances=self.circumstances) for resource in resources)
        for resource in stack.resources:
            for rule in self._stack_rules.get(resource.type, ()):
                yield from self._judged(rule, lambda rule=rule, resource=resource: judge(rule, resource, stack))
        yield from self._judged(EXCEPTIONS, lambda: self._wrong_exceptions({each.urn for each in stack.resources}))

    def remediate(self, resource: Resource) -> Iterator[Fixed]:
        """What the fixes of rules at the level `remediate` change, each for itself."""
        resource = replace(resource, circumstances=self.circumstances)
        for rule in self._resource_rules.get(resource.type, ()):
            if not isinstance(rule, Rule) or rule.fix is None or self.levels[rule.id] is not Level.REMEDIATE:
                continue
            if self._is_excepted(rule, resource.urn):
                continue
            try:
                changes = tuple(rule.fix(resource))
            except CannotTell as asked:
                yield Fixed(rule=rule, problem=f"cannot fix before the update: {asked}")
            except Exception as error:  # noqa: BLE001  a fix that raises is its rule's failure, and the others go on
                yield Fixed(rule=rule, problem=f"the fix itself failed: {type(error).__name__}: {error}")
            else:
                if changes:
                    yield Fixed(rule=rule, changes=changes)

    def _judged(self, rule: AnyRule, found: Callable[[], Iterable[Finding]]) -> Iterator[Judged]:
        level = self.levels[rule.id]
        if level is Level.DISABLED:
            return
        if level is Level.REMEDIATE:
            level = Level.MANDATORY  # what a fix left broken counts, as in Pulumi's own SDK
        for finding in found():
            if finding.outcome is Outcome.CANNOT_TELL:
                yield Judged(finding=finding, level=Level.ADVISORY)
            elif finding.outcome is Outcome.FAILED or not self._is_excepted(rule, finding.urn):
                yield Judged(finding=finding, level=level)

    def _is_excepted(self, rule: AnyRule, urn: str) -> bool:
        today = self.circumstances.as_of
        return any(
            item.rule == rule.id and item.urn == urn and today <= item.until for item in self._settings.exceptions
        )

    def _wrong_exceptions(self, urns: set[str]) -> Iterator[Finding]:
        for number, item in enumerate(self._settings.exceptions):
            place = f"infraplatform:policies.exceptions[{number}] ({item.rule})"
            if item.urn not in urns:
                yield _about_exceptions(item.urn, f"{place}: no resource of the stack has the URN {item.urn}")
            if self.circumstances.as_of > item.until:
                yield _about_exceptions(item.urn, f"{place}: ended on {item.until}; its reason was: {item.reason}")


def _about_exceptions(urn: str, message: str) -> Finding:
    return Finding(rule=EXCEPTIONS, urn=urn, outcome=Outcome.BROKEN, message=message)


def _by_type(rules: Iterable[AnyRule]) -> dict[str, list[AnyRule]]:
    found: dict[str, list[AnyRule]] = {}
    for rule in rules:
        for type_ in rule.types:
            found.setdefault(type_, []).append(rule)
    return found
