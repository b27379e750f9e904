"""What a report's stacks cost, before and after."""

from __future__ import annotations

from collections.abc import Mapping

from preview.cost.differences import StackCost, compare
from preview.cost.tables import PriceBook
from preview.report.model import Report, StackReport, StackStatus


def costs_of(report: Report, book: PriceBook) -> Mapping[str, StackCost]:
    """Return the cost of each stack that has a plan, by its name; of a plan that failed nobody knows all."""
    return {stack.stack: _cost(stack, book, report) for stack in report.stacks if _is_known(stack)}


def _is_known(stack: StackReport) -> bool:
    return (stack.base is not None or stack.head is not None) and stack.status is not StackStatus.HEAD_FAILED


def _cost(stack: StackReport, book: PriceBook, report: Report) -> StackCost:
    renamed = {change.old_urn: change.urn for change in stack.changes if change.old_urn}
    return compare(
        stack.base.resources if stack.base and not stack.base_errors else None,
        stack.head.resources if stack.head else None,
        book,
        report.as_of,
        renamed,
    )
