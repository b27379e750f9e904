"""What an estimate rests on: its lines with their prices, what has none, the assumptions and the sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from preview.cost.model import Estimate, Line, Price, Unpriced
from preview.cost.tables import PRICES_FILE
from preview.cost.text import NOT_COUNTED, span
from preview.report.blocks import MANY, Room, several, table
from preview.report.escape import code, text

_Part = TypeVar("_Part", Line, Unpriced)


def prices(found: Estimate, room: Room) -> str:
    """Return the tables as HTML without a blank line."""
    return "\n".join(_blocks(found, room))


def _blocks(found: Estimate, room: Room) -> Iterator[str]:
    if found.lines:
        rows = [
            (
                who,
                code(it.what) + (f" <i>({it.assumption})</i>" if it.assumption else ""),
                _price(it.price),
                _usd(it, many),
            )
            for it, who, many in _alike(found.lines, room)
        ]
        yield table(("Resource", "Part", "Price", "A month"), rows, numbers=2)
    if found.unpriced:
        yield "<p>Without a price, so not in the sum:</p>"
        gaps = [(who, code(it.what), code(it.why)) for it, who, _ in _alike(found.unpriced, room)]
        yield table(("Resource", "Part", "Why"), gaps)
    yield f"<p>Nowhere in the sum: {NOT_COUNTED}.</p>"
    if found.assumptions:
        yield f"<p>Assumed (<code>{PRICES_FILE}</code> overrides):</p>"
        assumed = [
            (code(item.name), f"{item.value.normalize():f}", text(f"{item.what}, for each {item.per}"))
            for item in found.assumptions
        ]
        yield table(("Name", "Value", "What"), assumed)
    if found.lines:
        sources = sorted({(line.price.source, line.price.date.isoformat()) for line in found.lines})
        items = [f"<li>{code(source)}, of {day}</li>" for source, day in sources]
        yield "\n".join(["<p>Sources of the prices:</p>", "<ul>", *items, "</ul>"])


def _alike(parts: Sequence[_Part], room: Room) -> Iterator[tuple[_Part, str, bool]]:
    """Yield the first of what is the same for several resources, whose it is, and whether it is of many."""
    found = dict[tuple[object, ...], list[_Part]]()
    for part in parts:
        rest = (part.usd, part.price) if isinstance(part, Line) else (part.why,)
        found.setdefault((part.type, part.what, *rest), []).append(part)
    for same in found.values():
        if len(same) >= MANY:
            yield same[0], several([part.name for part in same], same[0].type, room), True
        else:
            yield from ((part, code(part.name), False) for part in same)


def _usd(line: Line, many: bool) -> str:  # noqa: FBT001  a line speaks of many or of one
    return f"{span(line.usd)} each" if many else span(line.usd)


def _price(price: Price) -> str:
    return f"${price.usd.normalize():f} a {price.unit}"
