"""One stack's report, from its two plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from preview.plan import Operation, Plan, Step
from preview.report import guard
from preview.report.acknowledgements import Acknowledgement
from preview.report.blast_radius import blast_radius
from preview.report.compare import changes_of, missing_aliases, steps_between
from preview.report.model import StackReport, StackStatus
from preview.report.policies import policy_results


def report_on(
    stack: str,
    base: Plan | None,
    head: Plan | None,
    acknowledgements: Iterable[Acknowledgement] = (),
    *,
    as_of: date,
    planned_once: bool = False,
) -> StackReport:
    """Return what happens to a stack.

    Args:
        stack: its name.
        base: its plan before, None where there was no such stack.
        head: its plan now, None where there is none any more.
        acknowledgements: of all stacks.
        as_of: the day to judge them by.
        planned_once: whether `head` is the base's plan because nothing that makes it differs.
    """
    status = _status(base, head, planned_once=planned_once)
    if head is None or head.broken:
        return StackReport(stack=stack, status=status, base=base, head=head)
    if base is None or status is StackStatus.BASE_FAILED:
        steps = tuple(Step(operation=Operation.CREATE, new=resource) for resource in head.resources)
    else:
        steps = steps_between(base, head)
    changes = changes_of(steps)
    radius = blast_radius(steps, changes)
    given = guard.of_stack(acknowledgements, stack)
    return StackReport(
        stack=stack,
        status=status,
        changes=changes,
        blast_radius=radius,
        missing_aliases=missing_aliases(steps),
        findings=guard.judge(changes, radius, given, as_of),
        policies=() if status is StackStatus.UNCHANGED else policy_results(head),
        base=base,
        head=head,
    )


def _status(base: Plan | None, head: Plan | None, *, planned_once: bool) -> StackStatus:
    if head is None:
        return StackStatus.REMOVED
    if head.broken:
        return StackStatus.HEAD_FAILED
    if base is None:
        return StackStatus.NEW
    if base.broken:
        return StackStatus.BASE_FAILED
    return StackStatus.UNCHANGED if planned_once else StackStatus.COMPARED
