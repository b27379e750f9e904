"""`python -m preview diff` on plan files: the guard, acknowledgements, and what it writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from preview.report import planning
from preview.report.acknowledgements import FILE_NAME
from tests.preview.report.cases import REPOSITORY, plan, resource

URN = "urn:pulumi:dev::demo::aws:ecr/repository:Repository::images"


@pytest.fixture
def lost_images(tmp_path: Path) -> tuple[str, str]:
    """A plan file with a repository, and one without."""
    files = tmp_path / "before.json", tmp_path / "after.json"
    planning.write_plan(plan(resource(REPOSITORY, "images")), files[0])
    planning.write_plan(plan(), files[1])
    return str(files[0]), str(files[1])


def test_the_guard_fails_the_command(lost_images: tuple[str, str], diff: Callable[..., tuple[int, str]]) -> None:
    code, printed = diff(*lost_images)
    assert code == 1
    assert f"BLOCKED: {URN}" in printed


@pytest.mark.parametrize(("until", "code"), [("2026-11-29", 0), ("2026-11-28", 1)])
def test_an_acknowledgement_beside_the_head_passes_until_its_end(
    lost_images: tuple[str, str], diff: Callable[..., tuple[int, str]], tmp_path: Path, until: str, code: int
) -> None:
    (tmp_path / FILE_NAME).write_text(f"acknowledgements:\n- {{urn: '{URN}', reason: moved, until: {until}}}\n")
    assert diff(*lost_images)[0] == code


def test_an_acknowledgement_of_no_stack_is_warned_of(
    lost_images: tuple[str, str], diff: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    entry = f"acknowledgements:\n- {{urn: '{URN.replace('dev', 'old')}', reason: moved, until: 2026-12-31}}\n"
    (tmp_path / FILE_NAME).write_text(entry)
    assert "warning: urn:pulumi:old::" in diff(*lost_images)[1]


def test_the_comment_is_written_on_request(
    lost_images: tuple[str, str], diff: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    diff(*lost_images, "--untrusted", "--markdown", str(tmp_path / "comment.md"))
    assert "laimed by this pull request" in (tmp_path / "comment.md").read_text()


def test_a_plan_of_another_version_is_refused(
    lost_images: tuple[str, str], diff: Callable[..., tuple[int, str]]
) -> None:
    Path(lost_images[1]).write_text(json.dumps({"formatVersion": 2, "steps": []}))
    code, printed = diff(*lost_images)
    assert code == 1
    assert "has format version 2" in printed
