"""The tutorials: one for each cloud, all of one form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import ROOT

TUTORIALS = {path.stem: path for path in sorted((ROOT / "docs" / "tutorials").glob("*.md"))}


def headings(tutorial: Path) -> list[str]:
    """The headings below a tutorial's title."""
    lines = tutorial.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("## ")]


@pytest.mark.parametrize("name", TUTORIALS)
def test_every_tutorial_has_the_headings_of_the_first(name: str) -> None:
    wanted = headings(TUTORIALS["aws-eks"])
    assert len(wanted) > 1
    assert headings(TUTORIALS[name]) == wanted
