"""What a child answers is read without running anything of it."""

from __future__ import annotations

import io
import os
import pickle
import tempfile
from pathlib import Path

import pytest

from preview import exchange
from preview.exchange import Answer
from preview.plan import UNKNOWN, Diagnostic, Plan, Secret, Severity


def test_a_plan_crosses_the_process_border_whole() -> None:
    answer = Answer(plan=Plan(project="demo", stack="dev", outputs={"a": Secret([1]), "b": UNKNOWN}), failure="x")
    with tempfile.TemporaryFile() as file:
        exchange.write(file, answer)
        read = exchange.read(file)
    assert read == answer
    assert isinstance(read, Answer)
    assert read.plan is not None
    assert read.plan.outputs["b"] is UNKNOWN


def _as_python_3_11_3_did(member: Severity, _protocol: int) -> tuple[object, tuple[object, str]]:
    return getattr, (type(member), member.name)


def test_members_of_enumerations_cross_it_whatever_pythons_own_way_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Severity, "__reduce_ex__", _as_python_3_11_3_did)
    answer = Answer(
        plan=Plan(project="demo", stack="dev", diagnostics=(Diagnostic(severity=Severity.INFO, message=""),))
    )
    with tempfile.TemporaryFile() as file:
        exchange.write(file, answer)
        assert exchange.read(file) == answer


def test_nothing_written_is_no_answer() -> None:
    assert exchange.read(io.BytesIO()) is None


class Malicious:
    """What an answer of a hostile program could be: it runs when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.file}",)


def test_an_answer_that_names_anything_but_a_plan_runs_nothing(tmp_path: Path) -> None:
    with pytest.raises(pickle.UnpicklingError, match="is no part of an answer"):
        exchange.read(io.BytesIO(pickle.dumps(Malicious(tmp_path / "ran"))))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="a list is no message"):
        exchange.read(io.BytesIO(pickle.dumps(["no message"])))
