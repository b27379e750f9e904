"""Colours for a terminal."""

from __future__ import annotations

from rich.style import Style


def paint(text: str, style: str) -> str:
    """Return `text` with the escape codes of a rich style."""
    return Style.parse(style).render(text)
