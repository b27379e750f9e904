"""A report cut into sections of HTML, which the comment and the page both put together.

A section is whole: where there is no room for it, it is left out by name and never cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from preview.cost.differences import StackCost
from preview.cost.model import Estimate, Range
from preview.cost.text import signed, span
from preview.plan import Diagnostic
from preview.report.blocks import MANY, Room, folded, table
from preview.report.change_rows import change_rows
from preview.report.escape import code, prose
from preview.report.model import BlastEntry, Change, GuardFinding, StackReport, Standing
from preview.report.prices import prices
from preview.report.words import SIGNS, changed, counts, plural
from preview.urn import display_type

_STANDING: Final = {
    Standing.BLOCKED: "blocked",
    Standing.ACKNOWLEDGED: "acknowledged",
    Standing.WARNED: "warning",
}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report.

    Attributes:
        title: HTML without links.
        body: HTML without a blank line, so that Markdown leaves it alone.
        rank: where there is no room, the highest goes first.
        what: what it is, for the list of what was left out: `the changes`.
        unfolded: whether it is shown open.
    """

    title: str
    body: str
    rank: int
    what: str
    unfolded: bool = False


def of_stack(stack: StackReport, cost: StackCost | None, room: Room) -> list[Section]:
    """Return a stack's sections in the order of reading.

    Args:
        stack: what happens to it.
        cost: what it costs, None where it has no plan.
        room: how much a value and a row may hold.
    """
    sections = [_errors(stack.errors, "errors", 0), _errors(stack.base_errors, "errors at the base", 2)]
    sections += [guard(stack.findings), _blast_radius(stack.blast_radius), _missing_aliases(stack)]
    sections += [_changes(changed(stack), room), _policies(stack)]
    if cost and (cost.new or cost.old):
        sections += [_cost(cost), _prices(cost.new, room) if cost.new else None]
    return [section for section in sections if section is not None]


def guard(findings: Sequence[GuardFinding]) -> Section | None:
    """Return what the replacement guard says, None where it says nothing."""
    if not findings:
        return None
    blocked = sum(item.standing is Standing.BLOCKED for item in findings)
    rows = [
        (
            f"<b>{_STANDING[item.standing]}</b>",
            f"{code(item.urn)}<br>{prose(item.message)}"
            + (f"<br>reason: {code(item.reason)}, until {item.until}" if item.reason else ""),
        )
        for item in sorted(findings, key=lambda item: (list(Standing).index(item.standing), item.urn))
    ]
    title = f"Guard: {blocked} not acknowledged" if blocked else "Guard"
    return Section(
        title=title, body=table(("Standing", "What and why"), rows), rank=0, what="the guard", unfolded=bool(blocked)
    )


def _errors(errors: Sequence[Diagnostic], what: str, rank: int) -> Section | None:
    if not errors:
        return None
    items = [f"<li>{code(f'{item.source}: {item.message}' if item.source else item.message)}</li>" for item in errors]
    body = "\n".join(["<ul>", *items, "</ul>"])
    return Section(title=what.capitalize(), body=body, rank=rank, what=f"the {what}", unfolded=rank == 0)


def _blast_radius(entries: Sequence[BlastEntry]) -> Section | None:
    if not entries:
        return None
    alike = dict[tuple[object, ...], list[BlastEntry]]()
    for entry in entries:
        key = (entry.rank, entry.change.operation, entry.part, entry.impact, entry.what)
        alike.setdefault(key, []).append(entry)
    rows = [(f"{same[0].rank}", _touched(same), prose(same[0].what)) for same in alike.values()]
    worst = max((entry.impact for entry in entries), key=lambda impact: list(type(impact)).index(impact))
    return Section(
        title=f"Blast radius: {plural(len(entries), 'part')}, {worst}",
        body=table(("Step", "What", "How"), rows),
        rank=1,
        what="the blast radius",
        unfolded=True,
    )


def _touched(same: Sequence[BlastEntry]) -> str:
    names = [entry.change.name for entry in same]
    what = f"{SIGNS[same[0].change.operation]} {same[0].part}"
    who = (
        folded(f"{what}: {len(names)} of them", names)
        if len(names) > MANY
        else f"{what} {', '.join(map(code, names))}<br>"
    )
    return f"{who}<b>{same[0].impact}</b>"


def _missing_aliases(stack: StackReport) -> Section | None:
    if not stack.missing_aliases:
        return None
    rows = [(code(display_type(it.type)), code(it.deleted), code(it.created)) for it in stack.missing_aliases]
    title = f"{plural(len(rows), 'alias', 'aliases')} probably missing"
    body = "<p>Each pair looks like one resource under a new name. An alias keeps it.</p>\n"
    return Section(title=title, body=body + table(("Type", "Deleted", "Created"), rows), rank=1, what="missing aliases")


def _changes(changes: Sequence[Change], room: Room) -> Section | None:
    if not changes:
        return None
    body = table(("Change", "Resource", "What"), change_rows(changes, room))
    return Section(title=f"Changes: {counts(changes)}", body=body, rank=4, what="the changes")


def _prices(found: Estimate, room: Room) -> Section:
    return Section(title="Prices, gaps and assumptions", body=prices(found, room), rank=5, what="the prices")


def _policies(stack: StackReport) -> Section | None:
    if not stack.policies:
        return None
    rows = [
        (f"{code(it.policy)}<br>{code(it.level)}", code(it.urn) if it.urn else "the stack", code(it.message))
        for it in stack.policies
    ]
    title = f"Policies: {plural(len(rows), 'finding')}"
    return Section(title=title, body=table(("Policy", "Resource", "Message"), rows), rank=3, what="policies")


def _cost(cost: StackCost) -> Section:
    rows = [
        (f"{code(it.name)}<br>{code(it.type)}", _span(it.old), _span(it.new), signed(it.usd)) for it in cost.changes
    ]
    now = cost.new.total if cost.new else Range()
    rows.append(
        ("<b>total</b>", _span(cost.old.total if cost.old else None), f"<b>{span(now)}</b>", signed(cost.change))
    )
    body = table(("Resource", "Was", "Is", "Change"), rows, numbers=3)
    gaps = len(cost.new.unpriced) if cost.new else 0
    note = f" {plural(gaps, 'part')} without a price {'is' if gaps == 1 else 'are'} not in it." if gaps else ""
    return Section(
        title=f"Cost a month: {span(now)}" + (f" ({_moved(cost.change)})" if cost.old else ""),
        body=f"{body}\n<p>US dollars, list prices, from the least to the most that autoscalers make of it.{note}</p>",
        rank=2,
        what="the cost",
    )


def _moved(usd: Range) -> str:
    return "no change" if usd == Range() else signed(usd)


def _span(usd: Range | None) -> str:
    return "\u2013" if usd is None else span(usd)
