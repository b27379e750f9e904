"""What a change costs: two estimates of one stack compared resource by resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from preview.cost.estimate import estimate
from preview.cost.model import Estimate, Range, total
from preview.cost.tables import PriceBook
from preview.plan import Plan, Resource


@dataclass(frozen=True, kw_only=True)
class CostChange:
    """One resource whose cost changes. `usd` is new minus old at either end."""

    urn: str
    name: str
    type: str
    old: Range | None  # None: it had no cost, or is new
    new: Range | None
    usd: Range


@dataclass(frozen=True, kw_only=True)
class StackCost:
    """The estimates of one stack, before and after; None where there is no such plan."""

    old: Estimate | None
    new: Estimate | None
    changes: tuple[CostChange, ...] = ()  # the largest first

    @property
    def change(self) -> Range:
        """What the stack's total changes by."""
        return (self.new.total if self.new else Range()) - (self.old.total if self.old else Range())

    @property
    def is_known(self) -> bool:
        """Whether `change` is the whole change: what has no price now had none before, and the other way round."""
        return self.old is None or self.new is None or _gaps(self.old) == _gaps(self.new)


def of_plan(plan: Plan, book: PriceBook, as_of: date) -> StackCost:
    """Return the cost of a plan, and of what it was compared with where it was."""
    olds = [step.old for step in plan.steps if step.old is not None]
    renamed = {step.old.urn: step.new.urn for step in plan.steps if step.old and step.new}
    return compare(olds or None, plan.resources, book, as_of, renamed)


def compare(
    old: Iterable[Resource] | None,
    new: Iterable[Resource] | None,
    book: PriceBook,
    as_of: date,
    renamed: Mapping[str, str] | None = None,
) -> StackCost:
    """Return the estimates of a stack's old and new resources, and where they differ.

    Args:
        old: None where there was no such stack.
        new: None where there is none any more.
        book: the prices; the same for both, so that a change is the program's and not the tables'.
        as_of: the day that support calendars are read by.
        renamed: old URNs to the new ones of the same resources.
    """
    before = None if old is None else estimate(old, book, as_of)
    after = None if new is None else estimate(new, book, as_of)
    changes = _changes(before, after, renamed or {}) if before else ()
    return StackCost(old=before, new=after, changes=changes)


def _gaps(found: Estimate) -> Counter[tuple[str, str, str]]:
    return Counter((gap.type, gap.what, gap.why) for gap in found.unpriced)


def _changes(before: Estimate, after: Estimate | None, renamed: Mapping[str, str]) -> tuple[CostChange, ...]:
    named = {line.urn: (line.name, line.type) for line in before.lines}
    named |= {line.urn: (line.name, line.type) for line in after.lines} if after else {}
    old = {renamed.get(urn, urn): usd for urn, usd in _by_urn(before).items()}
    new = _by_urn(after) if after else {}
    original = {new_urn: old_urn for old_urn, new_urn in renamed.items()}
    found = list[CostChange]()
    for urn in old.keys() | new.keys():
        change = new.get(urn, Range()) - old.get(urn, Range())
        if change != Range():
            name, type_ = named.get(urn) or named[original[urn]]
            found.append(CostChange(urn=urn, name=name, type=type_, old=old.get(urn), new=new.get(urn), usd=change))
    return tuple(sorted(found, key=lambda item: (-abs(item.usd.high), -abs(item.usd.low), item.urn)))


def _by_urn(found: Estimate) -> dict[str, Range]:
    urns = dict.fromkeys(line.urn for line in found.lines)
    parts = {urn: list[Range]() for urn in urns}
    for line in found.lines:
        parts[line.urn].append(line.usd)
    return {urn: total(usds) for urn, usds in parts.items()}
