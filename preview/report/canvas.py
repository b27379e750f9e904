"""Where things go in a picture: text in lines that fit, cards in columns and rows, and the SVG of both.

Text is never cut: what is too long for its card goes on in the next line, and the card grows. Widths are estimated from
above, since nothing here can measure a font.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from unicodedata import east_asian_width

from preview.plan import Operation
from preview.report.escape import text
from preview.report.topology import Card
from preview.report.words import DONE, SIGNS

PAD: Final = 10
GAP: Final = 8
TITLE: Final = 13.0
NOTE: Final = 11.0
_LINE: Final = 1.3  # of the font's size
_BADGE: Final = 20
_WIDTHS: Final = {TITLE: 0.63, NOTE: 0.58}  # of the font's size, for a letter of a system's sans serif font


@dataclass
class Canvas:
    """The pieces of SVG drawn so far, those behind first."""

    pieces: list[str] = field(default_factory=list[str])

    def box(self, kind: str, at: tuple[float, float], size: tuple[float, float], extra: str = "") -> None:
        """Draw a rectangle of a class."""
        (x, y), (width, height) = at, size
        self.pieces.append(
            f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="7"{extra}/>'
        )

    def words(self, kind: str, at: tuple[float, float], words: str) -> None:
        """Write one line."""
        self.pieces.append(f'<text class="{kind}" x="{at[0]:g}" y="{at[1]:g}">{text(words)}</text>')

    def card(self, card: Card, at: tuple[float, float], size: tuple[float, float]) -> None:
        """Draw a card: its frame and its badge say what happens to it, by colour, by line and by shape."""
        (x, y), (width, _) = at, size
        does = f", {DONE[card.operation]}" if card.operation in DONE else ""
        self.pieces.append(f'<g class="t-{card.operation}"><title>{text(f"{card.type} {card.name}{does}")}</title>')
        self.box("t-card", at, size)
        y += PAD + NOTE
        self.words("t-kind", (x + PAD, y), card.kind)
        for line in lines_of(card.name, width - 2 * PAD, TITLE):
            y += TITLE * _LINE
            self.words("t-name", (x + PAD, y), line)
        for line in lines_of(card.note, width - 2 * PAD, NOTE):
            y += NOTE * _LINE
            self.words("t-note", (x + PAD, y), line)
        self.badge(card.operation, (x + width - PAD - _BADGE / 2, at[1] + PAD + _BADGE / 2 - 3))
        self.pieces.append("</g>")

    def badge(self, operation: Operation, middle: tuple[float, float]) -> None:
        """Draw an operation's sign in its own shape; nothing for what does not change."""
        if operation not in _SHAPES:
            return
        x, y = middle
        points = " ".join(f"{x + _BADGE / 2 * dx:g},{y + _BADGE / 2 * dy:g}" for dx, dy in _SHAPES[operation])
        circle = f'<circle class="t-badge" cx="{x:g}" cy="{y:g}" r="{_BADGE / 2 - 1:g}"/>'
        self.pieces.append(f'<polygon class="t-badge" points="{points}"/>' if points else circle)
        self.pieces.append(f'<text class="t-sign" x="{x:g}" y="{y + 4.5:g}">{SIGNS[operation]}</text>')


_SHAPES: Final[dict[Operation, tuple[tuple[float, float], ...]]] = {
    Operation.CREATE: (),  # a circle
    Operation.IMPORT: (),
    Operation.UPDATE: ((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)),  # a diamond
    Operation.REPLACE: ((-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1), (-1.1, 0)),  # a hexagon
    Operation.DELETE: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),  # a square
    Operation.MAY_CHANGE: ((0, -1.1), (1.15, 0.85), (-1.15, 0.85)),  # a triangle
}


def height_of(card: Card, width: float) -> float:
    """Return how high a card of this width is."""
    names = len(lines_of(card.name, width - 2 * PAD, TITLE))
    notes = len(lines_of(card.note, width - 2 * PAD, NOTE))
    return 2 * PAD + NOTE + names * TITLE * _LINE + notes * NOTE * _LINE


@lru_cache(maxsize=4096)
def lines_of(words: str, width: float, size: float) -> tuple[str, ...]:
    """Return the words in lines that fit, broken where they have a joint, else anywhere; nothing for no words."""
    if _width(words, size) <= width:
        return (words.rstrip(),) if words.strip() else ()
    lines, line, room = list[str](), "", 0.0
    for piece in _pieces(words):
        needed = _width(piece, size)
        if line and room + needed > width:
            lines.append(line.rstrip())
            line, room = "", 0.0
        for letter in piece:
            if line and room + _width(letter, size) > width:
                lines.append(line)
                line, room = "", 0.0
            line += letter
            room += _width(letter, size)
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _pieces(words: str) -> Iterator[str]:
    piece = ""
    for letter in words:
        piece += letter
        if letter in " -_/.:":
            yield piece
            piece = ""
    yield piece


def _width(words: str, size: float) -> float:
    if words.isascii():
        return size * _WIDTHS[size] * len(words)
    wide = sum(1 for letter in words if ord(letter) > 0x2E80 and east_asian_width(letter) in "WF")
    return size * (_WIDTHS[size] * (len(words) - wide) + 1.05 * wide)


def columns(
    cards: Iterable[Card], names: Sequence[str], left: float, width: float, top: float
) -> tuple[list[tuple[Card, float, float, float, float]], float]:
    """Place cards in the columns of their zones, each as high as it can be; return the places and the lower end.

    A card of several zones reaches over their columns, and one of none over all.
    """
    each = (width + GAP) / max(len(names), 1)
    ends = [top] * max(len(names), 1)
    placed = list[tuple[Card, float, float, float, float]]()
    for card in cards:
        spots = [names.index(zone) for zone in card.zones if zone in names] or list(range(len(ends)))
        first, last = min(spots), max(spots)
        x, wide = left + first * each, (last - first + 1) * each - GAP
        y, high = max(ends[first : last + 1]), height_of(card, wide)
        placed.append((card, x, y, wide, high))
        ends[first : last + 1] = [y + high + GAP] * (last - first + 1)
    return placed, max(ends)


def rows(
    cards: Iterable[Card], left: float, width: float, top: float, across: int
) -> tuple[list[tuple[Card, float, float, float, float]], float]:
    """Place cards side by side, `across` in a row; return the places and the lower end."""
    each = (width + GAP) / across
    placed, line, y = list[tuple[Card, float, float, float, float]](), list[Card](), top
    for card in [*cards, None]:
        if card is not None:
            line.append(card)
        if line and (card is None or len(line) == across):
            high = max(height_of(it, each - GAP) for it in line)
            placed += [(it, left + at * each, y, each - GAP, high) for at, it in enumerate(line)]
            y += high + GAP
            line = list[Card]()
    return placed, y
