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
from tests.conformance.digest import refused
from tests.conformance.parity import differences, keys
from tests.conformance.stacks import Stack

pytestmark = pytest.mark.conformance

CASES = [*programs(), *examples()]
CHANGES = [pytest.param(case, change, id=f"{case.name}-{change}") for case in CASES for change in case.changes]

Standing = Callable[[Case], Stack]


def offline(case: Case, config_file: Path, against: Path | None = None) -> dict[str, Any]:
    """The digest of the offline preview, by the command that a user would write."""
    command = [sys.executable, "-m", "preview", "--json", "--show-sames", "--stack", case.stack]
    command += ["--cwd", str(case.project_dir), "--config-file", str(config_file)]
    command += ["--against", str(against)] if against else []
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    digest: dict[str, Any] = json.loads(result.stdout)
    assert (result.returncode == 0) is (refused(digest) == set()), result.stderr
    return digest


def planned(stack: Stack, config_file: Path) -> dict[str, Any]:
    """The digest of the engine's preview of a stack that stands, with these settings."""
    stack.engine.use_config(config_file)
    return stack.engine.preview()


def assert_agree(engine: dict[str, Any], offline: dict[str, Any]) -> None:
    """Fail with every difference, one a line.

    The engine gives up at what it refuses; the offline preview goes on, to name all that is refused.
    """
    if refused(engine):
        assert refused(engine) <= refused(offline)
        return
    found = [f"{urn}: refused by the offline preview alone" for urn in refused(offline)]
    found += differences(engine, offline)
    assert not found, "\n".join([f"{len(found)} differences:", *found])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_creation_is_planned_as_the_engine_plans_it(case: Case, stack: Standing) -> None:
    assert_agree(stack(case).creation, offline(case, case.config_file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_second_preview_changes_nothing(case: Case, stack: Standing) -> None:
    digest = planned(stack(case), case.config_file)
    assert set(digest["changeSummary"]) == {"same"}
    assert_agree(digest, offline(case, case.config_file, stack(case).state))


@pytest.mark.parametrize(("case", "change"), CHANGES)
def test_a_change_is_planned_as_the_engine_plans_it(case: Case, change: str, stack: Standing, tmp_path: Path) -> None:
    config_file = tmp_path / "changed.yaml"
    config_file.write_text(case.changes[change](), encoding="utf-8")
    assert_agree(planned(stack(case), config_file), offline(case, config_file, stack(case).state))


def test_the_json_has_the_keys_that_the_engines_has(stack: Standing) -> None:
    (case,) = (case for case in CASES if case.name == "dev")
    plans = [
        (stack(case).creation, offline(case, case.config_file)),
        (planned(stack(case), case.config_file), offline(case, case.config_file, stack(case).state)),
    ]
    for engines, ours in plans:
        assert keys(ours) == keys(engines)
        assert {key: type(value) for key, value in ours.items()} == {key: type(engines[key]) for key in ours}
