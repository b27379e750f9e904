"""The picture of a report or a plan as SVG, alone or inside a page.

It needs no font, script or image from anywhere. Colour is never the only sign: each operation has its own shape, sign
and line, and each card says its own in words to whoever reads with a screen reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from preview.plan import Operation
from preview.report.canvas import GAP, NOTE, PAD, Canvas, columns, rows
from preview.report.escape import text
from preview.report.topology import Card, NetworkBox, Picture
from preview.report.words import DONE

WIDTH: Final = 960
_MARGIN: Final = 16
_HEADING: Final = 24
_SHELF: Final = 118  # the width of a shelf's own name
_ACROSS: Final = 4
_STYLE: Final = Path(__file__).with_name("picture.css")
_MOST: Final = 48  # cards of one kind in one place, beyond which those that do not change are only counted


def render(pictures: Sequence[Picture], *, standalone: bool = True) -> str:
    """Return the SVG of one or more stacks, one below the other.

    Args:
        pictures: the stacks; those with nothing to draw are left out.
        standalone: whether it is a file of its own, with its style and its name space.
    """
    drawn = [picture for picture in pictures if not picture.is_empty]
    canvas = Canvas()
    y = _legend(canvas, drawn, _MARGIN)
    for picture in drawn:
        if len(pictures) > 1 or standalone:
            canvas.words("t-stack", (_MARGIN, y + 16), picture.stack)
            y += _HEADING + 4
        y = _draw(canvas, picture, y) + _MARGIN
    names = ", ".join(picture.stack for picture in drawn) or "nothing"
    title = f"Topology of {names}"
    style = f"<style>{_STYLE.read_text(encoding='utf-8')}</style>" if standalone else ""
    space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    size = f'width="{WIDTH}" height="{y:g}" ' if standalone else ""
    head = f'<svg{space} class="topology" {size}viewBox="0 0 {WIDTH} {y:g}" role="img" aria-label="{text(title)}">'
    back = f'<rect class="t-page" width="{WIDTH}" height="{y:g}"/>' if standalone else ""
    return (
        "\n".join([head, f"<title>{text(title)}</title>", *filter(None, (style, back)), *canvas.pieces, "</svg>"])
        + "\n"
    )


def _legend(canvas: Canvas, pictures: Iterable[Picture], top: float) -> float:
    present = {card.operation for picture in pictures for card in picture.cards()}
    x = float(_MARGIN)
    for operation in (it for it in DONE if it in present):
        canvas.pieces.append(f'<g class="t-{operation}">')
        canvas.badge(operation, (x + 10, top + 10))
        canvas.pieces.append("</g>")
        canvas.words("t-legend", (x + 26, top + 14.5), DONE[operation])
        x += 44 + 7 * len(DONE[operation])
    return top + (_HEADING + GAP if x > _MARGIN else 0)


def _draw(canvas: Canvas, picture: Picture, top: float) -> float:
    y = top
    for network in picture.networks:
        y = _network(canvas, network, y) + GAP
    for label, cards in picture.shelves:
        canvas.words("t-shelf", (_MARGIN, y + 24), label)
        y = _shelf(canvas, cards, _MARGIN + _SHELF, WIDTH - 2 * _MARGIN - _SHELF, y) + GAP / 2
    return y


def _network(canvas: Canvas, network: NetworkBox, top: float) -> float:
    left, width = float(_MARGIN), float(WIDTH - 2 * _MARGIN)
    inner, wide = left + PAD, width - 2 * PAD
    start = len(canvas.pieces)
    y = top + PAD
    if network.card:
        (place,), y = rows([network.card], inner, wide, y, 1)
        canvas.card(*_spot(place))
    else:
        canvas.words("t-kind", (inner, y + NOTE), "a network that is not this stack's own")
        y += _HEADING
    bands, each = y, (wide - 2 * PAD + GAP) / max(len(network.zones), 1)
    if len(network.zones) > 1:
        for index, zone in enumerate(network.zones):
            canvas.words("t-zone", (inner + PAD + index * each, y + NOTE), f"zone {zone}")
        y += _HEADING - 4
    for cluster in network.clusters:
        y = _cluster(canvas, cluster.card, cluster.groups, network.zones, y)
    for cards in (network.ways_out, network.subnets):
        y = _placed(canvas, cards, network.zones, inner + PAD, wide - 2 * PAD, y)
    frame = Canvas()
    frame.box("t-network", (left, top), (width, y - top + PAD / 2))
    for index in range(1, len(network.zones)):
        x = inner + PAD + index * each - GAP / 2
        frame.pieces.append(f'<path class="t-border" d="M{x:g} {bands:g}V{y:g}"/>')
    canvas.pieces[start:start] = frame.pieces
    return y + PAD / 2


def _cluster(canvas: Canvas, card: Card, groups: Sequence[Card], zones: Sequence[str], top: float) -> float:
    left, width = float(_MARGIN + PAD), float(WIDTH - 2 * _MARGIN - 2 * PAD)
    start = len(canvas.pieces)
    (place,), y = rows([card], left + PAD, width - 2 * PAD, top + PAD, 1)
    canvas.card(*_spot(place))
    y = _placed(canvas, groups, zones, left + PAD, width - 2 * PAD, y)
    frame = Canvas()
    frame.box(f"t-cluster t-{card.operation}", (left, top), (width, y - top + PAD / 2))
    canvas.pieces[start:start] = frame.pieces
    return y + PAD / 2 + GAP


def _placed(
    canvas: Canvas, cards: Sequence[Card], zones: Sequence[str], left: float, width: float, top: float
) -> float:
    if not zones:
        return _shelf(canvas, cards, left, width, top)
    shown, more = _shown(cards)
    places, y = columns(shown, zones, left, width, top)
    for place in places:
        canvas.card(*_spot(place))
    return _more(canvas, more, left, y)


def _shelf(canvas: Canvas, cards: Sequence[Card], left: float, width: float, top: float) -> float:
    shown, more = _shown(cards)
    places, y = rows(shown, left, width, top, _ACROSS)
    for place in places:
        canvas.card(*_spot(place))
    return _more(canvas, more, left, y)


def _shown(cards: Sequence[Card]) -> tuple[Sequence[Card], int]:
    """Return the cards to draw and how many more there are; what changes comes first where there are too many."""
    if len(cards) <= _MOST:
        return cards, 0
    order = [*DONE, Operation.SAME]
    first = sorted(cards, key=lambda card: order.index(card.operation) if card.operation in order else len(order))
    return first[:_MOST], len(cards) - _MOST


def _more(canvas: Canvas, more: int, left: float, y: float) -> float:
    if not more:
        return y
    canvas.words("t-note", (left, y + NOTE), f"and {more:,} more, which the tables have")
    return y + _HEADING


def _spot(place: tuple[Card, float, float, float, float]) -> tuple[Card, tuple[float, float], tuple[float, float]]:
    card, x, y, width, height = place
    return card, (x, y), (width, height)
