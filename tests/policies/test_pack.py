"""The pack judges one stack: levels, exceptions, unknowns, rules at fault, fixes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from policies.judge import Outcome
from policies.pack import EXCEPTIONS, Judged, Pack
from policies.properties import UNKNOWN, Path
from policies.rule import Environment, Resource, Severity
from policies.settings import KEY, Level
from tests.policies.cases import resource
from tests.policies.rules_of_tests import SMALL, THING, is_alone, pack, raises, rule, size_is_small, stack_rule

TODAY: Final = dt.date(2026, 11, 29)
BIG: Final = resource(THING, {"size": 4, "name": "big"}, "big")
SMALL_ONE: Final = resource(THING, {"size": 1, "name": "one"}, "one")


def _configured(of: Pack, environment: str = "dev", **policies: Any) -> Pack:
    config = {KEY: json.dumps(policies), "infraplatform:environment": environment}
    of.configure(config, today=TODAY)
    return of


def _said(found: Iterator[Judged] | list[Judged]) -> list[tuple[str, str, str]]:
    return [(item.finding.rule.id, item.finding.outcome.value, item.level.value) for item in found]


def test_a_broken_rule_counts_at_its_level() -> None:
    assert _said(_configured(pack(SMALL)).analyze(BIG)) == [("small", "broken", "mandatory")]
    assert _said(_configured(pack(SMALL)).analyze(SMALL_ONE)) == []


def test_what_cannot_be_told_is_shown_and_stops_nothing() -> None:
    found = list(_configured(pack(SMALL)).analyze(resource(THING, {"size": UNKNOWN})))
    assert _said(found) == [("small", "cannot tell", "advisory")]
    assert found[0].finding.paths == ("size",)
    assert found[0].finding.message == "cannot tell before the update: size is not known yet"


def test_a_rule_that_raises_is_its_own_failure_and_the_others_go_on() -> None:
    found = list(_configured(pack(rule("faulty", raises), SMALL)).analyze(BIG))
    assert _said(found) == [("faulty", "failed", "mandatory"), ("small", "broken", "mandatory")]
    assert found[0].finding.urn == BIG.urn
    assert "KeyError" in found[0].finding.message


def test_a_check_that_raises_or_cannot_tell_does_not_stop_the_rules_other_checks() -> None:
    three = replace(rule("three", size_is_small), checks=(raises, _asks_for_more, size_is_small))
    outcomes = [item.finding.outcome for item in _configured(pack(three)).analyze(BIG_WITH_UNKNOWN)]
    assert outcomes == [Outcome.FAILED, Outcome.BROKEN, Outcome.CANNOT_TELL]


BIG_WITH_UNKNOWN: Final = resource(THING, {"size": 4, "more": UNKNOWN})


def _asks_for_more(thing: Resource) -> Iterator[str]:
    if thing.inputs.get("more"):
        yield "more"


def test_one_unknown_does_not_stop_a_stack_rule_on_other_resources() -> None:
    unknown = resource(THING, {"name": UNKNOWN}, "unknown")
    found = list(_configured(pack(stack_rule("alone", is_alone))).analyze_stack([unknown, SMALL_ONE]))
    assert [(item.finding.outcome, item.finding.urn) for item in found] == [
        (Outcome.CANNOT_TELL, unknown.urn),
        (Outcome.BROKEN, SMALL_ONE.urn),
    ]


@pytest.mark.parametrize(
    ("severity", "levels"),
    [
        (Severity.CRITICAL, ("mandatory", "mandatory", "mandatory")),
        (Severity.HIGH, ("mandatory", "mandatory", "mandatory")),
        (Severity.MEDIUM, ("advisory", "advisory", "mandatory")),
        (Severity.LOW, ("advisory", "advisory", "advisory")),
    ],
)
def test_severity_and_environment_give_the_level(severity: Severity, levels: tuple[str, ...]) -> None:
    one = pack(rule("one", size_is_small, severity))
    found = tuple(_configured(one, environment.value).levels["one"].value for environment in Environment)
    assert found == levels


def test_a_framework_makes_its_rules_mandatory_and_a_rules_own_level_wins() -> None:
    low = pack(rule("one", size_is_small, Severity.LOW))
    assert _configured(low, frameworks=["isms-p"]).levels["one"] is Level.MANDATORY
    assert _configured(low, frameworks=["pci-dss"]).levels["one"] is Level.ADVISORY
    written = {"aws-version": "advisory"}
    assert _configured(Pack(), frameworks=["isms-p"], rules=written).levels["aws-version"] is Level.ADVISORY


def test_the_engine_has_the_last_word_on_levels() -> None:
    of = _configured(pack(SMALL))
    of.set_levels({"small": Level.ADVISORY, "of-another-pack": Level.MANDATORY})
    assert _said(of.analyze(BIG)) == [("small", "broken", "advisory")]
    of.set_levels({"small": Level.DISABLED})
    assert _said(of.analyze(BIG)) == []


def _exception(**changes: Any) -> dict[str, Any]:
    return {
        "rule": "aws-efs-encryption",
        "urn": FILES.urn,
        "reason": "moves in spring",
        "until": "2027-03-31",
    } | changes


FILES: Final = resource("aws:efs/fileSystem:FileSystem", {"encrypted": False}, "files")


def test_an_exception_silences_its_rule_on_its_resource_until_its_last_day() -> None:
    of = _configured(Pack(), exceptions=[_exception()], as_of="2027-03-31")
    assert _said(of.analyze(FILES)) == []
    assert _said(of.analyze(resource(FILES.type, {}, "others"))) == [("aws-efs-encryption", "broken", "mandatory")]
    assert EXCEPTIONS.id not in [id_ for id_, _, _ in _said(of.analyze_stack([FILES]))]


def test_an_expired_exception_fails_and_silences_nothing() -> None:
    of = _configured(Pack(), exceptions=[_exception()], as_of="2027-04-01")
    assert _said(of.analyze(FILES)) == [("aws-efs-encryption", "broken", "mandatory")]
    expired = [item for item in of.analyze_stack([FILES]) if item.finding.rule is EXCEPTIONS]
    assert [item.level for item in expired] == [Level.MANDATORY]
    assert "ended on 2027-03-31; its reason was: moves in spring" in expired[0].finding.message


def test_an_exception_for_a_resource_that_is_not_there_fails() -> None:
    of = _configured(Pack(), exceptions=[_exception()])
    wrong = [item for item in of.analyze_stack([]) if item.finding.rule is EXCEPTIONS]
    assert [item.level for item in wrong] == [Level.MANDATORY]
    assert f"no resource of the stack has the URN {FILES.urn}" in wrong[0].finding.message


def test_a_fix_is_made_only_at_the_level_remediate() -> None:
    of = _configured(pack(SMALL))
    assert list(of.remediate(BIG)) == []
    of.set_levels({"small": Level.REMEDIATE})
    (fixed,) = of.remediate(BIG)
    assert fixed.changes == ((("size",), 3),)
    assert list(of.remediate(SMALL_ONE)) == []


def test_what_a_fix_left_broken_is_mandatory() -> None:
    of = _configured(pack(rule("one", size_is_small)))
    of.set_levels({"one": Level.REMEDIATE})
    assert _said(of.analyze(BIG)) == [("one", "broken", "mandatory")]


def test_a_fix_that_cannot_be_made_says_why_and_the_others_go_on() -> None:
    def broken_fix(_: Resource) -> Iterator[tuple[Path, Any]]:
        raise ValueError("no idea")

    of = _configured(pack(rule("faulty", size_is_small, fix=broken_fix), SMALL))
    of.set_levels({"faulty": Level.REMEDIATE, "small": Level.REMEDIATE})
    assert [(fixed.rule.id, fixed.problem) for fixed in of.remediate(BIG)] == [
        ("faulty", "the fix itself failed: ValueError: no idea"),
        ("small", ""),
    ]
    (unknown,) = [fixed for fixed in of.remediate(resource(THING, {"size": UNKNOWN})) if fixed.rule is SMALL]
    assert unknown.problem == "cannot fix before the update: size: not known yet"
