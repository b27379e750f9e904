"""One plan as a report: its own operations, with no second plan beside it and nothing guarded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from preview.plan import Operation, Plan, Step
from preview.report.blast_radius import blast_radius
from preview.report.compare import changes_of
from preview.report.model import Report, StackReport, StackStatus
from preview.report.policies import policy_results


def report_of(plan: Plan, as_of: date) -> Report:
    """Return the report of a plan; what it was compared with (`--against`) is its base."""
    olds = [step.old for step in plan.steps if step.old is not None]
    past = tuple(Step(operation=Operation.SAME, old=old, new=old) for old in olds)
    changes = changes_of(plan.steps)
    stack = StackReport(
        stack=plan.stack,
        status=StackStatus.HEAD_FAILED if plan.broken else StackStatus.COMPARED if olds else StackStatus.NEW,
        changes=changes,
        blast_radius=blast_radius(plan.steps, changes),
        base=replace(plan, steps=past, diagnostics=(), complete=True) if olds else None,
        head=plan,
        policies=policy_results(plan),
    )
    return Report(base="what was recorded" if olds else "nothing", head=plan.stack, as_of=as_of, stacks=(stack,))
