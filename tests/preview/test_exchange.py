"""What a child answers is read without running anything of it."""

from __future__ import annotations

import io
import os
import pickle
import tempfile

import pytest

from preview import exchange
from preview.exchange import Answer
from preview.plan import UNKNOWN, Plan, Secret


def test_a_plan_crosses_the_process_border_whole() -> None:
    answer = Answer(plan=Plan(project="demo", stack="dev", outputs={"a": Secret([1]), "b": UNKNOWN}), failure="x")
    with tempfile.TemporaryFile() as file:
        exchange.write(file, answer)
        read = exchange.read(file)
    assert read == answer
    assert isinstance(read, Answer)
    assert read.plan is not None
    assert read.plan.outputs["b"] is UNKNOWN


def test_nothing_written_is_no_answer() -> None:
    assert exchange.read(io.BytesIO()) is None


class Malicious:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch /tmp/never",)


@pytest.mark.parametrize("payload", [Malicious(), exchange.write, ["no message"]])
def test_an_answer_that_names_anything_but_a_plan_is_refused(payload: object) -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"is no part of an answer|is no message"):
        exchange.read(io.BytesIO(pickle.dumps(payload)))
