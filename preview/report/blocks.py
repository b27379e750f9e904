"""What all parts of a report are made of: a table, and many resources told as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from preview.report.escape import code
from preview.urn import display_type

MANY: Final = 4
"""So many resources of which the same is to be told are told as one."""
_FEW: Final = 12  # names that are read at a glance


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much a place may hold; what is longer is told by its length or number, and never cut.

    Attributes:
        value: the characters of a value.
        names: the names in a row.
    """

    value: int
    names: int


def table(header: Sequence[str], rows: Iterable[Sequence[str] | str], numbers: int = 0) -> str:
    """Return a table of HTML cells, without a blank line.

    Args:
        header: the columns' names.
        rows: their cells, the first of which is the row's header; a text alone heads the rows below it.
        numbers: how many of the last columns are aligned as numbers.
    """
    left = len(header) - numbers
    heads = "".join(f'<th scope="col"{_align(index, left)}>{name}</th>' for index, name in enumerate(header))
    lines = ["<table>", f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
    for row in rows:
        if isinstance(row, str):
            lines.append(f'<tr><th scope="colgroup" colspan="{len(header)}" align="left">{row}</th></tr>')
            continue
        first, *rest = row
        cells = "".join(f"<td{_align(index, left)}>{cell}</td>" for index, cell in enumerate(rest, start=1))
        lines.append(f'<tr><th scope="row" align="left">{first}</th>{cells}</tr>')
    return "\n".join([*lines, "</tbody>", "</table>"])


def several(names: Sequence[str], resource_type: str, room: Room) -> str:
    """Return resources of one type as a cell: how many, and their names where there is room for all."""
    what = f"{len(names):,} of {code(display_type(resource_type))}"
    if len(names) > room.names:
        return what
    return folded(what, names) if len(names) > _FEW else f"{what}: {', '.join(map(code, names))}"


def folded(what: str, names: Sequence[str]) -> str:
    """Return names that unfold below what they are."""
    return f"<details><summary>{what}</summary>{', '.join(map(code, names))}</details>"


def _align(index: int, left: int) -> str:
    return ' align="left"' if index < left else ' align="right"'
