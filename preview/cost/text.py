"""Money as people read it, and an estimate as the text of `python -m preview --cost`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from preview.cost.differences import StackCost
from preview.cost.model import Estimate, Range
from preview.cost.tables import PRICES_FILE
from preview.look import Paint, plain

NOT_COUNTED: Final = (
    "traffic to the internet and between zones, requests, snapshots, taxes, "
    "discounts, free allowances and support plans"
)


def money(usd: Decimal) -> str:
    """Return an amount: `$1,234.50`."""
    return f"-${-usd:,.2f}" if usd < 0 else f"${usd:,.2f}"


def span(usd: Range) -> str:
    """Return a range, or one amount where nothing scales."""
    return money(usd.low) if usd.low == usd.high else f"{money(usd.low)} to {money(usd.high)}"


def signed(usd: Range) -> str:
    """Return a change with its sign, from the least to the most: `+$36.50`, `-$5.00 to +$10.00`."""
    ends = [f"{'+' if end > 0 else ''}{money(end)}" for end in (usd.low, usd.high)]
    return ends[0] if usd.low == usd.high else " to ".join(ends)


def render(cost: StackCost, *, paint: Paint = plain) -> str:
    """Return the section of a preview's text."""
    found = cost.new or Estimate()
    lines = [paint("Cost a month (USD, list prices):", "bold blue")]
    lines += _table(
        [
            (line.name, line.what + (f" ({line.assumption})" if line.assumption else ""), span(line.usd))
            for line in found.lines
        ]
    )
    lines.append(f"  total of what has a price: {span(found.total)}")
    if cost.old is not None:
        lines.append(f"  change: {signed(cost.change)}")
        lines += _table([(change.name, change.type, signed(change.usd)) for change in cost.changes])
    lines += _unpriced(found, paint)
    if found.assumptions:
        lines += ["", paint(f"Assumed ({PRICES_FILE} overrides):", "bold blue")]
        lines += [f"  {item.name}: {item.value} {item.what}, for each {item.per}" for item in found.assumptions]
    return "\n".join(lines) + "\n"


def _unpriced(found: Estimate, paint: Paint) -> Iterator[str]:
    yield ""
    yield paint(f"Not in the sum ({len(found.unpriced)} without a price):", "bold blue")
    yield from _table([(item.name, item.what, item.why) for item in found.unpriced])
    yield f"  anywhere: {NOT_COUNTED}"


def _table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    for first, second, third in rows:
        yield f"  {first.ljust(widths[0])}  {second.ljust(widths[1])}  {third}"
