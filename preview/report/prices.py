"""What an estimate rests on: its lines with their prices, what has none, the assumptions and the sources."""

from __future__ import annotations

from collections.abc import Iterator

from preview.cost.model import Estimate, Price
from preview.cost.tables import PRICES_FILE
from preview.cost.text import NOT_COUNTED, span
from preview.report.blocks import table
from preview.report.escape import code, text


def prices(found: Estimate) -> str:
    """Return the tables as HTML without a blank line."""
    return "\n".join(_blocks(found))


def _blocks(found: Estimate) -> Iterator[str]:
    if found.lines:
        rows = [
            (
                code(line.name),
                code(line.what) + (f" <i>({line.assumption})</i>" if line.assumption else ""),
                _price(line.price),
                span(line.usd),
            )
            for line in found.lines
        ]
        yield table(("Resource", "Part", "Price", "A month"), rows, numbers=2)
    if found.unpriced:
        yield "<p>Without a price, so not in the sum:</p>"
        gaps = [(code(item.name), code(item.what), code(item.why)) for item in found.unpriced]
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


def _price(price: Price) -> str:
    return f"${price.usd.normalize():f} a {price.unit}"
