"""A report cut into sections of HTML, which the comment and the page both put together.

A section is whole: where there is no room for it, it is left out by name and never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from preview.cost.differences import StackCost
from preview.cost.model import Estimate, Range
from preview.cost.text import signed, span
from preview.plan import Diagnostic, Operation
from preview.report.blocks import table
from preview.report.escape import code, prose, text
from preview.report.model import BlastEntry, Change, GuardFinding, PropertyDifference, StackReport, Standing
from preview.report.prices import prices
from preview.report.words import SIGNS, changed, counts, plural
from preview.urn import display_type, name_of

_UNKNOWN: Final = "[unknown]"
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


def of_stack(stack: StackReport, cost: StackCost | None, longest_value: int) -> list[Section]:
    """Return a stack's sections in the order of reading.

    Args:
        stack: what happens to it.
        cost: what it costs, None where it has no plan.
        longest_value: longer values are told by their length.
    """
    sections = [_errors(stack.errors, "errors", 0), _errors(stack.base_errors, "errors at the base", 2)]
    sections += [guard(stack.findings), _blast_radius(stack.blast_radius), _missing_aliases(stack)]
    sections += [_changes(changed(stack), longest_value), _policies(stack)]
    if cost and (cost.new or cost.old):
        sections += [_cost(cost), _prices(cost.new) if cost.new else None]
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
    rows = [
        (
            f"{entry.rank}",
            f"{SIGNS[entry.change.operation]} {entry.part} {code(entry.change.name)}<br><b>{entry.impact}</b>",
            prose(entry.what),
        )
        for entry in entries
    ]
    worst = max((entry.impact for entry in entries), key=lambda impact: list(type(impact)).index(impact))
    return Section(
        title=f"Blast radius: {plural(len(entries), 'part')}, {worst}",
        body=table(("Step", "What", "How"), rows),
        rank=1,
        what="the blast radius",
        unfolded=True,
    )


def _missing_aliases(stack: StackReport) -> Section | None:
    if not stack.missing_aliases:
        return None
    rows = [(code(display_type(it.type)), code(it.deleted), code(it.created)) for it in stack.missing_aliases]
    title = f"{plural(len(rows), 'alias', 'aliases')} probably missing"
    body = "<p>Each pair looks like one resource under a new name. An alias keeps it.</p>\n"
    return Section(title=title, body=body + table(("Type", "Deleted", "Created"), rows), rank=1, what="missing aliases")


def _changes(changes: Sequence[Change], longest_value: int) -> Section | None:
    if not changes:
        return None
    rows = list[Sequence[str] | str]()
    for component, items in groupby(sorted(changes, key=_component), key=_component):
        rows.append(f"in {code(name_of(component))}" if component else "in no component")
        rows += [
            (
                _operation(change.operation),
                f"{code(change.name)}<br>{code(display_type(change.type))}",
                "<br>".join(_details(change, longest_value)),
            )
            for change in items
        ]
    body = table(("Change", "Resource", "What"), rows)
    return Section(title=f"Changes: {counts(changes)}", body=body, rank=4, what="the changes")


def _component(change: Change) -> str:
    return change.component or ""


def _operation(operation: Operation) -> str:
    return f'<span class="op {operation}">{SIGNS[operation]}</span> {operation.replace("-", " ")}'


def _details(change: Change, longest_value: int) -> Iterator[str]:
    if change.order:
        yield f"<i>{text(change.order)}</i>"
    if change.old_urn:
        yield f"was {code(change.old_urn)}"
    for difference in change.properties:
        yield _difference(difference, longest_value)
    if not change.properties and change.replace_reasons:
        yield f"because of {', '.join(map(code, change.replace_reasons))}"


def _prices(found: Estimate) -> Section:
    return Section(title="Prices, gaps and assumptions", body=prices(found), rank=5, what="the prices")


def _difference(it: PropertyDifference, longest_value: int) -> str:
    if it.old == it.new == _UNKNOWN:
        return f"{code(it.path)}: only the update tells"
    old, new = (_value(value, longest_value) for value in (it.old, it.new))
    arrow = (
        f"{old} \u2192 {new}"
        if it.old is not None and it.new is not None
        else new
        if it.old is None
        else f"{old} removed"
    )
    effect = " <b>replaces</b>" if it.replaces else " <i>may replace</i>" if it.may_replace else ""
    return f"{code(it.path)}: {arrow}{effect}"


def _value(value: str | None, longest: int) -> str:
    if value is None:
        return "nothing"
    return code(value) if len(value) <= longest else f"[a value of {len(value):,} characters]"


def _policies(stack: StackReport) -> Section | None:
    if not stack.policies:
        return None
    rows = [
        (f"{code(it.policy)}<br>{code(it.level)}", code(it.urn) if it.urn else "the stack", code(it.message))
        for it in sorted(stack.policies, key=lambda it: (it.level, it.policy, it.urn or ""))
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
        title=f"Cost a month: {span(now)}" + (f" ({signed(cost.change)})" if cost.old else ""),
        body=f"{body}\n<p>US dollars, list prices, from the least to the most that autoscalers make of it.{note}</p>",
        rank=2,
        what="the cost",
    )


def _span(usd: Range | None) -> str:
    return "\u2013" if usd is None else span(usd)
