"""Fixtures are found by the function and its arguments, and a broken file is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from preview.errors import PreviewError
from preview.invokes import FIXTURES_FILE, Fixtures


def fixtures(directory: Path, text: str) -> Fixtures:
    (directory / FIXTURES_FILE).write_text(text)
    return Fixtures.load(directory)


def test_the_first_entry_whose_arguments_fit_answers(tmp_path: Path) -> None:
    found = fixtures(
        tmp_path, "invokes: {f: [{args: {a: 1, b: 2}, result: {is: both}}, {args: {a: 1}, result: {is: one}}]}"
    )
    assert found.invoke("f", {"a": 1, "b": 2, "c": 3}) == {"is": "both"}
    assert found.invoke("f", {"a": 1}) == {"is": "one"}
    assert found.invoke("f", {"a": 2}) is None
    assert found.invoke("g", {}) is None


def test_no_file_answers_nothing(tmp_path: Path) -> None:
    found = Fixtures.load(tmp_path)
    assert found.invoke("f", {}) is None
    assert found.stack_outputs("s") is None


def test_every_mistake_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PreviewError) as caught:
        fixtures(tmp_path, "invoke: {}\ninvokes: {f: {}, g: [{args: 1, result: {}}]}\nstack_references: {s: {}}\n")
    assert [line.split(": ", 1)[1] for line in str(caught.value).splitlines()] == [
        "invoke: is unknown; write invokes or stack_references",
        "invokes: f: write a list of `- args: {...}` and `result: {...}`",
        "invokes: g: write a list of `- args: {...}` and `result: {...}`",
        "stack_references: s: write `outputs: {...}` below it",
    ]
