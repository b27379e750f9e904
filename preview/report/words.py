"""The words and signs that all renderers of a report share, and its verdict in one line of numbers.

A verdict holds no names: it has the same length whatever a program calls its resources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from preview.cost.differences import StackCost
from preview.cost.model import Range, total
from preview.cost.text import signed
from preview.plan import Operation
from preview.policy_results import MANDATORY
from preview.report.model import Change, GuardFinding, Impact, Report, StackReport, StackStatus, Standing

SIGNS: Final[Mapping[Operation, str]] = {
    Operation.CREATE: "+",
    Operation.UPDATE: "~",
    Operation.REPLACE: "\u00b1",
    Operation.DELETE: "\u2212",
    Operation.MAY_CHANGE: "?",
    Operation.IMPORT: "=",
    Operation.READ: ">",
    Operation.SAME: "",
}
DONE: Final[Mapping[Operation, str]] = {
    Operation.DELETE: "deleted",
    Operation.REPLACE: "replaced",
    Operation.UPDATE: "changed",
    Operation.CREATE: "created",
    Operation.IMPORT: "imported",
    Operation.MAY_CHANGE: "may change",
}
STATUS: Final[Mapping[StackStatus, str]] = {
    StackStatus.COMPARED: "",
    StackStatus.NEW: "This stack is new.",
    StackStatus.REMOVED: "This stack is not there any more: its resources stay until someone destroys them.",
    StackStatus.UNCHANGED: "No file that this stack loads differs.",
    StackStatus.BASE_FAILED: "The base cannot be planned, so all of the head is shown and nothing is guarded.",
    StackStatus.HEAD_FAILED: "This stack cannot be planned.",
}
CLAIMED: Final = (
    "Claimed by this pull request: its own code made this plan. "
    "The guard runs again on the merged commit before anything is changed."
)
_UNCHANGED: Final = (Operation.SAME, Operation.READ)


class Level(StrEnum):
    """How a verdict is shown."""

    FAILED = "failed"
    ATTENTION = "attention"
    PASSED = "passed"


MARKS: Final[Mapping[Level, str]] = {
    Level.FAILED: "\u274c",
    Level.ATTENTION: "\u26a0\ufe0f",
    Level.PASSED: "\u2705",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a reviewer reads first."""

    level: Level
    text: str


def verdict(report: Report, costs: Mapping[str, StackCost]) -> Verdict:
    """Return the whole report in one line."""
    failing = sum(stack.status is StackStatus.HEAD_FAILED for stack in report.stacks)
    blocked = sum(item.standing is Standing.BLOCKED for item in findings(report))
    parts = list[str]()
    if failing:
        parts.append(f"{plural(failing, 'stack')} cannot be planned")
    if blocked:
        parts.append(f"{plural(blocked, 'loss', 'losses')} not acknowledged")
    forbidden = sum(item.level == MANDATORY for stack in report.stacks for item in stack.policies)
    if forbidden:
        parts.append(f"{plural(forbidden, 'mandatory policy', 'mandatory policies')} broken")
    if not failing and not blocked and not forbidden and report.failed:
        parts.append("the check fails")
    parts.append(_changes(report))
    worst = _worst(report)
    if worst is not None:
        parts.append(worst.value)
    change = total(cost.change for cost in costs.values())
    if not all(cost.is_known for cost in costs.values()):
        parts.append("the cost changes, but not all of it has a price")
    elif change != Range():
        parts.append(f"{signed(change)} a month")
    level = (
        Level.FAILED if report.failed else Level.ATTENTION if worst in (Impact.OUTAGE, Impact.LOSS) else Level.PASSED
    )
    line = "; ".join(parts) + "."
    return Verdict(level=level, text=line[0].upper() + line[1:])


def changed(stack: StackReport) -> list[Change]:
    """Return the resources that change, components left out, in an order that no program's timing moves."""
    found = [change for change in stack.changes if change.custom and change.operation not in _UNCHANGED]
    order = list(DONE)
    return sorted(found, key=lambda item: (order.index(item.operation), item.type, item.name, item.urn))


def counts(changes: Iterable[Change]) -> str:
    """Return how many resources see each operation: `1 deleted, 4 created`."""
    found = Counter(change.operation for change in changes)
    return ", ".join(f"{found[operation]} {done}" for operation, done in DONE.items() if found[operation])


def findings(report: Report) -> list[GuardFinding]:
    """Return what the guard says of all stacks and of none."""
    return [*report.findings, *(item for stack in report.stacks for item in stack.findings)]


def plural(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _changes(report: Report) -> str:
    touched = [stack for stack in report.stacks if changed(stack)]
    if not touched:
        return f"nothing changes in {plural(len(report.stacks), 'stack')}"
    what = counts(change for stack in touched for change in changed(stack))
    verb = "changes" if len(touched) == 1 else "change"
    return f"{len(touched):,} of {plural(len(report.stacks), 'stack')} {verb}: {what}"


def _worst(report: Report) -> Impact | None:
    """Return the worst that is noticed, None where nothing changes that anything could be noticed of."""
    if not any(changed(stack) for stack in report.stacks):
        return None
    impacts = [entry.impact for stack in report.stacks for entry in stack.blast_radius]
    return max(impacts, key=list(Impact).index, default=Impact.NONE)
