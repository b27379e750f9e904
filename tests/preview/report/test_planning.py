"""Plan files: whoever wrote one, it is read or refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from preview import digest
from preview.errors import PreviewError
from preview.plan import Secret
from preview.report import planning
from preview.report.planning import read_plan, write_plan
from tests.preview.report.cases import REPOSITORY, plan, resource

PLAN = plan(resource(REPOSITORY, "images", {"name": "a", "token": Secret("hunter2")}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dev.json"


def _document(**fields: Any) -> dict[str, Any]:
    return {**digest.to_json(PLAN), **fields}


def _refused(file: Path, document: Any) -> str:
    file.write_text(json.dumps(document))
    with pytest.raises(PreviewError) as raised:
        read_plan(file)
    return str(raised.value)


def test_what_is_written_is_read_again(file: Path) -> None:
    write_plan(PLAN, file)
    found = read_plan(file)
    assert [step.urn for step in found.steps] == [step.urn for step in PLAN.steps]
    assert (found.stack, found.failed) == ("dev", False)


def test_a_plan_file_holds_no_secret_and_no_time(file: Path) -> None:
    write_plan(PLAN, file)
    assert "hunter2" not in file.read_text()
    first = file.read_bytes()
    write_plan(PLAN, file)
    assert file.read_bytes() == first


def test_a_plan_of_the_cli_is_read_too(file: Path) -> None:
    file.write_text(json.dumps(digest.to_json(PLAN)))
    assert len(read_plan(file).steps) == 2


def test_an_empty_plan_is_a_plan(file: Path) -> None:
    write_plan(plan(), file)
    assert not read_plan(file).failed


def test_a_failed_plan_stays_failed(file: Path) -> None:
    file.write_text(json.dumps({"diagnostics": [{"message": "error: no", "severity": "error"}]}))
    assert read_plan(file).failed


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_plan_of_another_format_version_is_refused(file: Path, version: object) -> None:
    assert f"has format version {version!r}; this preview reads 1" in _refused(file, _document(formatVersion=version))


def test_a_plan_that_is_too_large_is_refused_before_it_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with file.open("wb") as opened:
        opened.truncate(50 * 2**20)
    monkeypatch.setattr(planning.json, "loads", _read)
    with pytest.raises(PreviewError, match="is 50 MiB; plans of at most 32 MiB are read"):
        read_plan(file)


def _read(_: object) -> None:
    pytest.fail("it was read")


def _with(**fields: Any) -> dict[str, Any]:
    """A plan whose one resource has these fields."""
    document = _document()
    document["steps"][1]["newState"].update(fields)
    return document


@pytest.mark.parametrize(
    "document",
    [
        [],
        "text",
        {},
        {"deployment": {}},
        {"steps": [{}]},
        {"steps": ["text"]},
        {"steps": [{"op": "frobnicate", "urn": "x"}]},
        {"steps": [{"op": "create", "urn": "x"}]},
        _with(urn="no URN"),
        _with(urn=7),
        _with(type=["a"]),
        _with(inputs="text"),
        _with(dependencies=[{}]),
        _with(dependencies=7),
        _with(propertyDependencies={"a": [1]}),
        _with(provider="text"),
        _with(parent=3),
        _with(protect="yes"),
        _with(ignoreChanges=[4]),
        _with(possibleAliases=[None]),
        {"steps": [], "diagnostics": [{"message": "m", "urn": 7}]},
    ],
)
def test_what_is_no_plan_is_refused(file: Path, document: object) -> None:
    assert "dev.json" in _refused(file, document)


def test_a_plan_in_which_a_resource_is_its_own_ancestor_is_refused(file: Path) -> None:
    document = _document()
    stack, other = (step["newState"] for step in document["steps"])
    stack["parent"] = other["urn"]
    assert "is its own parent's parent" in _refused(file, document)


def test_a_file_that_is_no_json_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff{")
    with pytest.raises(PreviewError, match=r"dev\.json: is not a plan"):
        read_plan(file)


def test_a_plan_that_is_nested_too_deeply_is_refused(file: Path) -> None:
    file.write_text('{"steps":' + "[" * 100_000 + "]" * 100_000 + "}")
    with pytest.raises(PreviewError, match=r"dev\.json: is not a plan"):
        read_plan(file)
