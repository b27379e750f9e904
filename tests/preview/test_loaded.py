"""What a program's process loads is seen, so that a plan is used again only where nothing of it changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preview.runner import preview
from tests.preview.conftest import Program


@pytest.fixture
def seen(project: Callable[..., Path], tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Preview a program; return what it loaded, relative to the project."""

    def run(source: str) -> dict[str, Any]:
        root, file = project(source), tmp_path / "seen.json"
        plan = preview(root, record_files=file, timeout_seconds=60)
        assert not plan.failed, plan.diagnostics
        found = json.loads(file.read_text())
        inside = {
            key: [str(Path(path).relative_to(root)) for path in found[key] if Path(path).is_relative_to(root)]
            for key in ("files", "folders")
        }
        return {**inside, "elsewhere": found["elsewhere"]}

    return run


def test_the_programs_own_modules_are_seen_as_their_sources(seen: Callable[[str], dict[str, Any]]) -> None:
    for _ in range(2):  # the second time from bytecode
        found = seen("import things")
        assert {"__main__.py", "things.py"} <= set(found["files"])
        assert not any(name.endswith(".pyc") for name in found["files"])


def test_a_module_that_is_not_loaded_is_not_seen(seen: Callable[[str], dict[str, Any]]) -> None:
    assert "things.py" not in seen("pass")["files"]


def test_a_data_file_is_seen_also_where_it_is_not_there(seen: Callable[[str], dict[str, Any]]) -> None:
    found = seen("try:\n    open('data.yaml')\nexcept FileNotFoundError:\n    pass\nopen('Pulumi.yaml').close()")
    assert {"data.yaml", "Pulumi.yaml"} <= set(found["files"])


def test_a_path_is_seen_from_where_the_program_was_then(seen: Callable[[str], dict[str, Any]]) -> None:
    found = seen("import os\nopen('Pulumi.yaml').close()\nos.chdir('/')")
    assert "Pulumi.yaml" in found["files"]


def test_a_folder_that_the_program_lists_is_seen_and_one_that_an_import_lists_is_not(
    seen: Callable[[str], dict[str, Any]],
) -> None:
    assert seen("import things")["folders"] == []
    assert seen("import os\nos.listdir('.')")["folders"] == ["."]
    assert seen("from pathlib import Path\nlist(Path('.').glob('*.yaml'))")["folders"] == ["."]


@pytest.mark.parametrize(
    ("source", "event"),
    [
        ("import subprocess\nsubprocess.run(['true'])", "subprocess.Popen"),
        ("import os\nos.system('true')", "os.system"),
        ("import socket\nsocket.socket().connect_ex(('127.0.0.1', 9))", "socket.connect"),
        ("import sqlite3\nsqlite3.connect(':memory:').close()", "sqlite3.connect"),
        ("import os\nos.listdir(os.open('.', os.O_RDONLY))", "os.listdir"),
    ],
)
def test_what_asks_something_else_than_files_is_seen(
    seen: Callable[[str], dict[str, Any]], source: str, event: str
) -> None:
    assert event in seen(source)["elsewhere"]


def test_the_fixtures_of_invokes_are_seen(program: Program, project: Callable[..., Path], tmp_path: Path) -> None:
    (project("") / "preview.fixtures.yaml").write_text("invokes: {}\n")
    file = tmp_path / "seen.json"
    program("pass", record_files=file)
    assert str(tmp_path / "project" / "preview.fixtures.yaml") in json.loads(file.read_text())["files"]
