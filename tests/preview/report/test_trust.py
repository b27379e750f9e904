"""A head that is not trusted is planned by the base's planner, out of its own reach, and its plan is called claimed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from preview.errors import PreviewError
from preview.report import run
from preview.report.checkouts import Checkout
from preview.report.files import Manifest, Tree
from preview.report.model import Report
from preview.report.run import Options, compare
from preview.report.text import render
from tests.preview.report.repository import PROGRAM, Repository

LIES = """
import preview.monitor, preview.planner, preview.assemble

def nothing(*arguments, **named):
    raise SystemExit(0)

preview.monitor.Monitor.RegisterResource = nothing
preview.planner.Planner.register = nothing
preview.assemble.assemble = nothing
"""


def _checkout(root: Path) -> Checkout:
    return Checkout(label=root.name, root=root, project=root)


@pytest.fixture
def reported(tmp_path: Path) -> Callable[..., Report]:
    """Compare two small projects, the head not trusted."""

    def of(head_program: str) -> Report:
        base = Repository.create(tmp_path / "base")
        head = Repository.create(tmp_path / "head", **{"__main__.py": head_program})
        options = Options(as_of=date(2026, 11, 29), timeout_seconds=60, stacks=("dev",), untrusted=True)
        return compare(_checkout(base.root), _checkout(head.root), options)

    return of


def test_the_report_says_that_the_plan_is_claimed(reported: Callable[..., Report]) -> None:
    report = reported(PROGRAM)
    assert report.claimed
    assert "Claimed by this pull request" in render(report)


def test_a_program_that_tampers_with_the_planner_in_its_process_changes_nothing(
    reported: Callable[..., Report],
) -> None:
    (stack,) = reported(LIES + PROGRAM + "Thing('second')\n").stacks
    found = {change.name: change.operation.value for change in stack.changes}
    assert (found["first"], found["second"]) == ("same", "create")


def test_the_bases_own_planner_plans_both_sides(tmp_path: Path) -> None:
    base = Repository.create(tmp_path / "base", **{"preview/__main__.py": ""})
    head = Repository.create(tmp_path / "head", **{"preview/__main__.py": "raise SystemExit('mine')"})
    options = Options(as_of=date(2026, 11, 29), timeout_seconds=60, untrusted=True)
    sides = (_checkout(base.root), _checkout(head.root), options)
    for_base, for_head = (run._planner(*sides, is_head=is_head) for is_head in (False, True))
    assert (for_base.package_root, for_base.monitor) == (base.root, "child")
    assert (for_head.package_root, for_head.monitor) == (base.root, "parent")


def test_the_heads_own_planner_refuses_to_plan_it(tmp_path: Path) -> None:
    base = Repository.create(tmp_path / "base")
    options = Options(as_of=date(2026, 11, 29), timeout_seconds=60, untrusted=True)
    with pytest.raises(PreviewError, match="this planner is the head's own"):
        compare(_checkout(base.root), _checkout(run.PACKAGE_ROOT), options)


def test_what_a_head_that_is_not_trusted_says_of_its_files_is_not_asked(
    reported: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()
    original = run.Manifest.of

    def recorded(seen: Mapping[str, Any], tree: Tree) -> Manifest:
        asked.append(tree.root.name)
        return original(seen, tree)

    monkeypatch.setattr(run.Manifest, "of", recorded)
    reported(PROGRAM)
    assert set(asked) == {"base"}
