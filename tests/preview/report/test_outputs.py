"""A preview and a diff write the comment, the page and the picture that they are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from preview.cli import main
from preview.digest import to_json
from preview.runner import preview

PROGRAM = """
import pulumi

class Key(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__("aws:kms/key:Key", name, {"description": "a key", "region": "us-east-1"})

Key("secrets")
"""


def _run(project: Callable[..., Path], *flags: str) -> int:
    return main(["-C", str(project(PROGRAM)), "--as-of", "2026-11-29", *flags])


def test_one_plan_is_written_as_page_comment_and_picture(project: Callable[..., Path], tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.html", "a.md", "a.svg")]
    assert _run(project, "--html", str(files[0]), "--markdown", str(files[1]), "--svg", str(files[2])) == 0
    page, comment, picture = (file.read_text() for file in files)
    assert page.startswith("<!doctype html>")
    assert comment.startswith("\u2705 **1 of 1 stack changes: 1 created; no interruption; +$1.00 a month.**")
    assert "secrets" in picture


def test_a_plan_against_an_earlier_one_shows_the_change(project: Callable[..., Path], tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    before.write_text(json.dumps(to_json(preview(project(PROGRAM)))))
    comment = tmp_path / "comment.md"
    root = project(PROGRAM.replace('Key("secrets")', 'Key("other")'))
    assert main(["-C", str(root), "--against", str(before), "--markdown", str(comment)]) == 0
    assert "1 deleted, 1 created" in comment.read_text().splitlines()[0]


def test_cost_is_printed_below_the_preview(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(project, "--cost", "--color", "never") == 0
    printed = capsys.readouterr().out
    assert "  secrets  customer managed key  $1.00\n  total of what has a price: $1.00\n" in printed
    assert printed.index("Resources:") < printed.index("Cost a month")


def test_a_plan_that_failed_is_not_priced(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(project("raise ValueError('no')")), "--cost"]) == 1
    assert "Cost: not estimated" in capsys.readouterr().out


def test_the_projects_own_prices_count(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    block = "prices: [{region: us-east-1, unit: month, source: ours, date: 2026-11-01, prices: {aws/key: 0.5}}]"
    (project(PROGRAM) / "preview.prices.yaml").write_text(block)
    assert _run(project, "--cost") == 0
    assert "total of what has a price: $0.50" in capsys.readouterr().out


def test_broken_prices_of_ones_own_end_it_with_their_mistake(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (project(PROGRAM) / "preview.prices.yaml").write_text("assumptions: {nat_gib: lots}")
    assert _run(project, "--cost") == 1
    assert "assumptions.nat_gib: 'lots' is no number" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(
    project: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(project, "--html", str(tmp_path / "no" / "such" / "folder.html")) == 1
    assert "folder.html: cannot be written: No such file or directory" in capsys.readouterr().err


def test_cost_and_json_are_not_mixed(project: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run(project, "--cost", "--json")
    assert "leave one out" in capsys.readouterr().err


def test_a_day_that_is_none_is_told_how_to_write_one(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["-C", str(project(PROGRAM)), "--cost", "--as-of", "tomorrow"])
    assert "tomorrow is no day; write it as 2026-12-31" in capsys.readouterr().err
