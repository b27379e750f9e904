"""The rows of the table of changes: first what is the same for many resources, then the others by their component."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from preview.plan import Operation
from preview.report.blocks import MANY, Room, several
from preview.report.escape import code, text
from preview.report.model import Change, PropertyDifference
from preview.report.words import SIGNS
from preview.urn import display_type, name_of

_UNKNOWN: Final = "[unknown]"


def change_rows(changes: Sequence[Change], room: Room) -> Iterator[Sequence[str] | str]:
    """Yield the rows; a text heads those below it."""
    details = {change.urn: "<br>".join(_details(change, room)) for change in changes}
    alike = dict[tuple[str, ...], list[Change]]()
    for change in changes:
        alike.setdefault((change.operation, change.type, details[change.urn]), []).append(change)
    many = [same for (_, _, detail), same in alike.items() if detail and len(same) >= MANY]
    if many:
        yield "the same for many"
    for same in many:
        yield (
            _operation(same[0].operation),
            several([change.name for change in same], same[0].type, room),
            details[same[0].urn],
        )
    shown = {change.urn for same in many for change in same}
    rest = sorted((change for change in changes if change.urn not in shown), key=_component)
    for component, items in groupby(rest, key=_component):
        yield f"in {code(name_of(component))}" if component else "in no component"
        for it in items:
            yield _operation(it.operation), f"{code(it.name)}<br>{code(display_type(it.type))}", details[it.urn]


def _component(change: Change) -> str:
    return change.component or ""


def _operation(operation: Operation) -> str:
    return f'<span class="op {operation}">{SIGNS[operation]}</span> {operation.replace("-", " ")}'


def _details(change: Change, room: Room) -> Iterator[str]:
    if change.order:
        yield f"<i>{text(change.order)}</i>"
    if change.old_urn:
        yield f"was {code(change.old_urn)}"
    for difference in change.properties:
        yield _difference(difference, room)
    if not change.properties and change.replace_reasons:
        yield f"because of {', '.join(map(code, change.replace_reasons))}"


def _difference(it: PropertyDifference, room: Room) -> str:
    effect = " <b>replaces</b>" if it.replaces else " <i>may replace</i>" if it.may_replace else ""
    if it.old == it.new == _UNKNOWN:
        return f"{code(it.path)}: only the update tells{effect}"
    return f"{code(it.path)}: {_values(it.old, it.new, room)}{effect}"


def _values(old: str | None, new: str | None, room: Room) -> str:
    if old is None or new is None:
        return _value(new, room) if old is None else f"{_value(old, room)} removed"
    return f"{_value(old, room)} \u2192 {_value(new, room)}"


def _value(value: str | None, room: Room) -> str:
    if value is None:
        return "nothing"
    return code(value) if len(value) <= room.value else f"[a value of {len(value):,} characters]"
