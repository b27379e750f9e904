"""What a plan shows of each control of a framework: met, broken, cannot tell, or outside what code can show.

The report says what is, not what is enforced: levels change nothing here, and a broken rule with an exception counts
as broken, with the exception beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from policies.catalogue import CATALOGUE
from policies.frameworks import OUTSIDE, Control, Framework, ShownBy
from policies.judge import Finding, Outcome, judge
from policies.rule import AnyRule, Resource, Rule, Stack
from policies.settings import PolicyException


class Status(StrEnum):
    """What can be said of a control."""

    BROKEN = "broken"
    CANNOT_TELL = "cannot tell"
    MET = "met"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one rule says of a whole plan."""

    rule: AnyRule
    judged: tuple[str, ...]
    """URNs of the resources that it speaks of."""
    findings: tuple[Finding, ...] = ()
    exceptions: tuple[PolicyException, ...] = ()

    def are(self, *outcomes: Outcome) -> tuple[Finding, ...]:
        """The findings with these outcomes."""
        return tuple(finding for finding in self.findings if finding.outcome in outcomes)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the plan shows of one control, why, and by which rules."""

    control: Control
    status: Status
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Compliance:
    """A framework's verdicts on one plan, in the framework's order."""

    framework: Framework
    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many controls have each status."""
        found = Counter(verdict.status for verdict in self.verdicts)
        return {status: found[status] for status in Status}

    @property
    def speaks_of_the_plan(self) -> bool:
        """Whether the plan has anything that a rule of the framework judges: clusters of its kind, if it has one."""
        cluster = self.framework.cluster
        return any(
            evidence.judged and (not cluster or cluster in evidence.rule.types)
            for verdict in self.verdicts
            for evidence in verdict.evidence
        )


def gather(
    resources: Iterable[Resource],
    exceptions: Iterable[PolicyException] = (),
    rules: Mapping[str, AnyRule] = CATALOGUE,
) -> tuple[Evidence, ...]:
    """What each rule, or part of one that shows controls by itself, says of all resources."""
    stack = Stack(resources)
    excepted = tuple(exceptions)
    return tuple(_evidence(part, stack, excepted) for rule in rules.values() for part in _parts(rule))


def _parts(rule: AnyRule) -> Iterator[AnyRule]:
    """A rule, and apart from it what some of its checks show: a fault breaks only the controls that it is of."""
    if not isinstance(rule, Rule) or not rule.shows:
        yield rule
        return
    yield replace(rule, controls=tuple(control for control in rule.controls if control not in rule.shows), shows={})
    for checks in dict.fromkeys(rule.shows.values()):
        controls = tuple(control for control, of in rule.shows.items() if of == checks)
        yield replace(rule, checks=checks, controls=controls, shows={})


def _evidence(rule: AnyRule, stack: Stack, exceptions: tuple[PolicyException, ...]) -> Evidence:
    of_its_types = stack.of_type(*rule.types)
    judged = tuple(of_its_types if rule.speaks_of is None else filter(rule.speaks_of, of_its_types))
    return Evidence(
        rule=rule,
        judged=tuple(resource.urn for resource in judged),
        findings=tuple(finding for resource in judged for finding in judge(rule, resource, stack)),
        exceptions=tuple(item for item in exceptions if item.rule == rule.id),
    )


def assess(framework: Framework, gathered: Iterable[Evidence], *, of_another_kind: bool = False) -> Compliance:
    """The verdict on each control of a framework.

    Args:
        framework: what asks for the controls.
        gathered: what all rules say of the plan.
        of_another_kind: the plan's clusters are not those that the framework is about, so that it shows nothing of it.
    """
    if of_another_kind:
        gathered = [replace(evidence, judged=(), findings=()) for evidence in gathered]
    by_control: dict[str, list[Evidence]] = {}
    for evidence in gathered:
        for name in evidence.rule.controls:
            framework_id, _, control = name.partition(":")
            if framework_id == framework.id:
                by_control.setdefault(control, []).append(evidence)
    verdicts = (_verdict(control, tuple(by_control.get(id_, ()))) for id_, control in framework.controls.items())
    return Compliance(framework=framework, verdicts=tuple(verdicts))


def _verdict(control: Control, evidence: tuple[Evidence, ...]) -> Verdict:
    status, reason = _status(control, evidence)
    return Verdict(control=control, status=status, reason=reason, evidence=evidence)


def _status(control: Control, evidence: tuple[Evidence, ...]) -> tuple[Status, str]:
    if control.shown_by is not ShownBy.CODE:
        return Status.OUTSIDE, OUTSIDE[control.shown_by]
    if not evidence:
        return Status.CANNOT_TELL, "no rule of the pack judges it yet"
    judged = sum(len(each.judged) for each in evidence)
    if not judged:
        return Status.CANNOT_TELL, "the stack has nothing that its rules speak of"
    if broken := _things(evidence, Outcome.BROKEN):
        return Status.BROKEN, f"{broken} of {judged} judgements found a fault"
    if untold := _things(evidence, Outcome.CANNOT_TELL, Outcome.FAILED):
        return Status.CANNOT_TELL, f"{untold} of {judged} judgements must wait for the update, or their rule failed"
    return Status.MET, "its rule found nothing wrong" if judged == 1 else f"{judged} judgements found nothing wrong"


def _things(evidence: tuple[Evidence, ...], *outcomes: Outcome) -> int:
    """How many rules and resources together have such an outcome; several faults of one count once."""
    return len({(each.rule.id, finding.urn) for each in evidence for finding in each.are(*outcomes)})
