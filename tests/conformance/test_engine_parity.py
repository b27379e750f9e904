"""The offline preview plans what the engine plans: for every stack, its creation and each change of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.cases import REPOSITORY, Case, examples, programs
from tests.conformance.engine import Workspace
from tests.conformance.parity import differences

pytestmark = pytest.mark.conformance

CASES = [*programs(), *examples()]
CHANGES = [pytest.param(case, change, id=f"{case.name}-{change}") for case in CASES for change in case.changes]

Created = Callable[[Case], tuple[Workspace, Path]]


def offline(case: Case, config_file: Path, against: Path | None = None) -> dict[str, Any]:
    """The digest of the offline preview, by the command that a user would write."""
    command = [sys.executable, "-m", "preview", "--json", "--show-sames", "--stack", case.stack]
    command += ["--cwd", str(case.project_dir), "--config-file", str(config_file)]
    command += ["--against", str(against)] if against else []
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


def assert_agree(engine: dict[str, Any], offline: dict[str, Any]) -> None:
    """Fail with every difference, one a line."""
    found = differences(engine, offline)
    assert not found, "\n".join([f"{len(found)} differences:", *found])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_creation_is_planned_as_the_engine_plans_it(case: Case, workspace: Callable[[Case], Workspace]) -> None:
    assert_agree(workspace(case).preview(), offline(case, case.config_file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_second_preview_changes_nothing(case: Case, created: Created) -> None:
    engine, state = created(case)
    engine.use_config(case.config_file)
    digest = engine.preview()
    assert set(digest["changeSummary"]) == {"same"}
    assert_agree(digest, offline(case, case.config_file, state))


@pytest.mark.parametrize(("case", "change"), CHANGES)
def test_a_change_is_planned_as_the_engine_plans_it(case: Case, change: str, created: Created, tmp_path: Path) -> None:
    config_file = tmp_path / "changed.yaml"
    config_file.write_text(case.changes[change](), encoding="utf-8")
    engine, state = created(case)
    engine.use_config(config_file)
    assert_agree(engine.preview(), offline(case, config_file, state))
