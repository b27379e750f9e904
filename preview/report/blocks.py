"""The one HTML block that all parts of a report are made of: a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


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


def _align(index: int, left: int) -> str:
    return ' align="left"' if index < left else ' align="right"'
