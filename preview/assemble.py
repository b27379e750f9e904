"""Puts together the plan of one run from what the monitor, the engine and the program's output hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preview import tree, urn
from preview.config_schema import shown_config
from preview.plan import STACK_TYPE, Diagnostic, Operation, Plan, Severity, Step
from preview.recorded import Record, RecordKind

if TYPE_CHECKING:
    from preview.engine import Engine
    from preview.exchange import Request
    from preview.monitor import Monitor
    from preview.planner import Planner


def assemble(
    request: Request, planner: Planner, monitor: Monitor, engine: Engine, record: Record | None, failure: str | None
) -> Plan:
    """Return the plan; `failure` is what ended the program early."""
    complete = failure is None
    steps = tuple(step for step in planner.steps.values() if not urn.is_default_provider(step.urn))
    if record is not None and record.kind is RecordKind.PLAN:
        steps = _against_plan(request, record, steps, complete=complete)
    stack = next((step.resource for step in steps if step.resource.type == STACK_TYPE and step.new), None)
    found = [*engine.diagnostics, *planner.diagnostics, *monitor.diagnostics, *_unanswered(monitor, complete=complete)]
    return Plan(
        project=request.project,
        stack=request.stack,
        config=shown_config(request.config, request.secret_keys),
        steps=tree.ordered(steps),
        outputs=dict(stack.outputs) if stack else {},
        diagnostics=tuple(sorted(found, key=lambda item: item.urn or "")),
        complete=complete,
    )


def _against_plan(request: Request, record: Record, steps: tuple[Step, ...], *, complete: bool) -> tuple[Step, ...]:
    from preview.diff import against_plan  # its tables are read only where there is something to compare

    before = tuple(Step(operation=Operation.SAME, new=resource) for resource in record.resources.values())
    old = Plan(project=request.project, stack=request.stack, steps=before)
    compared = against_plan(old, tuple(step.new for step in steps if step.new is not None))
    return compared if complete else tuple(step for step in compared if step.new is not None)


def _unanswered(monitor: Monitor, *, complete: bool) -> list[Diagnostic]:
    """Say which questions about the world had no answer; where the program then failed, that may be why."""
    severity = Severity.INFO if complete else Severity.WARNING
    return [
        Diagnostic(
            severity=severity,
            message=f"{token}: has no fixture, so its result is unknown; record one in preview.fixtures.yaml",
        )
        for token in monitor.unanswered
    ]
