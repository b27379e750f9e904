"""The command, on a real git repository with a small program in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from preview.cli import main
from tests.preview.report.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "repository")


@pytest.fixture
def diff(repository: Repository, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the command; return its exit code and all that it printed."""

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["diff", *arguments, "-C", str(repository.root), "--as-of", "2026-11-29"])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run
