"""What a report's stacks cost, before and after."""

from __future__ import annotations

from collections.abc import Mapping

from preview.cost.differences import StackCost, compare
from preview.cost.tables import PriceBook
from preview.report.model import Report, StackReport


def costs_of(report: Report, book: PriceBook) -> Mapping[str, StackCost]:
    """Return the cost of each stack that has a plan, by its name."""
    return {stack.stack: _cost(stack, book, report) for stack in report.stacks if stack.base or stack.head}


def _cost(stack: StackReport, book: PriceBook, report: Report) -> StackCost:
    renamed = {change.old_urn: change.urn for change in stack.changes if change.old_urn}
    return compare(
        stack.base.resources if stack.base and not stack.base_errors else None,
        stack.head.resources if stack.head else None,
        book,
        report.as_of,
        renamed,
    )
