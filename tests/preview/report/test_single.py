"""One plan is a report of its own operations."""

from __future__ import annotations

from preview.plan import Diagnostic, Operation, Plan, Severity, Step
from preview.report.model import StackStatus
from preview.report.single import report_of
from tests.preview.report.samples import DAY, plan, platform


def test_a_first_plan_is_a_new_stack_without_a_base() -> None:
    (stack,) = report_of(plan("prod", platform()), DAY).stacks
    assert (stack.status, stack.base) == (StackStatus.NEW, None)
    assert {change.operation for change in stack.changes} == {Operation.CREATE}


def test_a_plan_against_another_has_it_as_its_base_and_a_blast_radius() -> None:
    (old,) = [it for it in platform() if it.name == "images"]
    compared = Plan(project="demo", stack="prod", steps=(Step(operation=Operation.DELETE, old=old),))
    report = report_of(compared, DAY)
    (stack,) = report.stacks
    assert stack.status is StackStatus.COMPARED
    assert stack.base is not None
    assert [it.name for it in stack.base.resources] == ["images"]
    assert [entry.change.name for entry in stack.blast_radius] == ["images"]
    assert not report.failed  # nothing is guarded here


def test_a_plan_that_failed_says_so() -> None:
    broken = plan("prod", [], diagnostics=(Diagnostic(severity=Severity.ERROR, message="no such key"),))
    assert report_of(broken, DAY).stacks[0].status is StackStatus.HEAD_FAILED
