"""The verdict says in numbers what a reviewer must know, whatever things are called."""

from __future__ import annotations

from dataclasses import replace

from preview.report.model import Report, StackReport, StackStatus
from preview.report.stack import report_on
from preview.report.words import Level, verdict
from tests.preview.report.samples import DAY, changed_report, costs, harmful_report, plan, platform


def test_a_change_is_counted_with_what_it_costs_and_what_is_noticed() -> None:
    report = changed_report()
    found = verdict(report, costs(report))
    said, *changes = found.text.split("; ")[:3]
    assert (said, changes[0]) == ("1 loss not acknowledged", "1 mandatory policy broken")
    assert changes[1] == "1 of 2 stacks changes: 1 deleted, 2 replaced, 1 created"
    assert found.text.endswith("+$119.14 to +$476.54 a month.")  # 2 x 0.0816 x 730, x 4; a registry goes, a key comes
    assert found.level is Level.FAILED


def test_a_machine_without_a_price_does_not_look_like_money_saved() -> None:
    old, new = platform(), platform(machine="m99.huge")
    report = Report(base="a", head="b", as_of=DAY, stacks=(report_on("p", plan("p", old), plan("p", new), as_of=DAY),))
    found = verdict(report, costs(report))
    assert found.text.endswith("the cost changes, but not all of it has a price.")
    assert "a month" not in found.text


def test_nothing_that_changes_passes_and_says_so() -> None:
    report = Report(base="a", head="b", as_of=DAY, stacks=(StackReport(stack="dev", status=StackStatus.UNCHANGED),))
    assert verdict(report, {}) == replace(verdict(report, {}), level=Level.PASSED, text="Nothing changes in 1 stack.")


def test_a_stack_that_cannot_be_planned_fails() -> None:
    stack = StackReport(stack="dev", status=StackStatus.HEAD_FAILED)
    found = verdict(Report(base="a", head="b", as_of=DAY, stacks=(stack,)), {})
    assert (found.level, found.text) == (Level.FAILED, "1 stack cannot be planned; nothing changes in 1 stack.")


def test_a_change_that_nobody_notices_passes() -> None:
    old, new = platform(), platform(most=5)
    report = Report(base="a", head="b", as_of=DAY, stacks=(report_on("p", plan("p", old), plan("p", new), as_of=DAY),))
    found = verdict(report, costs(report))
    assert (found.level, found.text.split(";")[1]) == (Level.PASSED, " no interruption")


def test_a_verdict_is_short_whatever_resources_are_called() -> None:
    report = harmful_report()
    text = verdict(report, costs(report)).text
    assert len(text) < 300
    assert not set(text) & set("<>@#`*_[]|\n")
