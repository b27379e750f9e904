"""`ignore_changes` puts the recorded value back, as the engine does."""

from __future__ import annotations

from typing import Any

import pytest

from preview.ignored import keep_recorded
from preview.plan import Secret


@pytest.mark.parametrize(
    ("pattern", "old", "new", "wanted"),
    [
        ("a", {"a": 1}, {"a": 2, "b": 3}, {"a": 1, "b": 3}),
        ("a", {}, {"a": 2}, {}),
        ("a", {"a": 1}, {}, {"a": 1}),
        ("a.b", {"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, {"a": {"b": 1, "c": 3}}),
        ('a["x.y"]', {"a": {"x.y": 1}}, {"a": {"x.y": 2}}, {"a": {"x.y": 1}}),
        ("a[0].b", {"a": [{"b": 1}]}, {"a": [{"b": 2}]}, {"a": [{"b": 1}]}),
        ("a[*].b", {"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 3}, {"b": 4}]}, {"a": [{"b": 1}, {"b": 2}]}),
        ("a.*", {"a": {"x": 1}}, {"a": {"x": 2, "y": 3}}, {"a": {"x": 1}}),
    ],
)
def test_the_recorded_value_stands(pattern: str, old: Any, new: Any, wanted: Any) -> None:
    assert keep_recorded(new, old, [pattern]) == (wanted, [])


@pytest.mark.parametrize("pattern", ["a[0].b", "a[*].b"])
def test_a_path_through_what_was_added_or_removed_is_said_to_be_lost(pattern: str) -> None:
    new = {"a": [{"b": 2}]}
    assert keep_recorded(new, {"a": []}, [pattern]) == (new, [pattern])


def test_secrets_are_looked_into_and_the_programs_own_values_left_alone() -> None:
    new = {"a": Secret({"b": 2})}
    kept, _ = keep_recorded(new, {"a": Secret({"b": 1})}, ["a.b"])
    assert kept == {"a": Secret({"b": 1})}
    assert new == {"a": Secret({"b": 2})}
