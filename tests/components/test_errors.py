"""Errors are one message, with every mistake once."""

from __future__ import annotations

import pulumi
import pytest

from components.errors import ConfigurationError, Mistake, PlatformError, UnsafeChangeError

ONE = Mistake("infraplatform:a", "is wrong", "write b")
TWO = Mistake("infraplatform:c", "is missing", "write d")


def test_a_mistake_is_a_line_of_key_problem_and_remedy() -> None:
    assert str(ONE) == "infraplatform:a: is wrong; write b"


def test_the_mistakes_are_listed_in_order_each_once_and_counted() -> None:
    error = ConfigurationError([TWO, ONE, ONE])
    assert error.mistakes == (ONE, TWO)
    lines = str(error).splitlines()
    assert "2 mistakes" in lines[0]
    assert [line.strip(" -") for line in lines[1:3]] == [str(ONE), str(TWO)]
    assert "1 mistake" in str(ConfigurationError([ONE]))
    assert "1 mistakes" not in str(ConfigurationError([ONE]))


@pytest.mark.parametrize("kind", [ConfigurationError, UnsafeChangeError, PlatformError])
def test_pulumi_shows_our_errors_without_a_traceback(kind: type[Exception]) -> None:
    assert issubclass(kind, pulumi.RunError)
