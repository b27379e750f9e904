"""What only the update tells gets a value of its shape, and all else stays."""

from __future__ import annotations

from preview.plan import UNKNOWN, Secret
from tests.conformance.carry_out import carried_out


def test_an_unknown_value_is_made_up_at_any_depth() -> None:
    planned = {"name": "a", "config": {"id": UNKNOWN}, "items": [{"key": UNKNOWN}], "token": Secret(UNKNOWN)}
    made = {"name": "x", "config": {"id": "made"}, "items": [{"key": "k"}], "token": "t"}
    assert carried_out(planned, None, made) == {
        "name": "a",
        "config": {"id": "made"},
        "items": [{"key": "k"}],
        "token": Secret("t"),
    }


def test_a_number_that_is_computed_again_is_the_next_one() -> None:
    assert carried_out(
        {"version": UNKNOWN, "on": UNKNOWN}, {"version": 3, "on": True}, {"version": 1, "on": False}
    ) == {
        "version": 4,
        "on": False,
    }


def test_a_key_that_nothing_is_made_up_for_stays_out() -> None:
    assert carried_out({"a": UNKNOWN, "b": None}, None, {}) == {"b": None}
