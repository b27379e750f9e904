from __future__ import annotations

from typing import Any

import pytest

from preview.changes import changes, unknown_paths, without_autoname
from preview.paths import format_path
from preview.plan import MASKED, UNKNOWN, Secret


def described(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    return {format_path(path): change.value for path, change in changes(old, new).items()}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 1.0}, {}),
        ({"a": 1}, {"a": True}, {"a": "update"}),
        ({"a": None}, {}, {}),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, {"a.b": "update", "a.c": "add"}),
        ({"a": [1, 2, 3]}, {"a": [1, 5]}, {"a[1]": "update", "a[2]": "delete"}),
        ({"a": [1]}, {"a": [1, {"b": 2}]}, {"a[1]": "add"}),
        ({"a": {"b": 1}}, {}, {"a": "delete"}),
        ({"a": [1]}, {"a": "1"}, {"a": "update"}),
    ],
)
def test_differences_are_found_at_the_deepest_shared_place(
    old: dict[str, Any], new: dict[str, Any], expected: dict[str, str]
) -> None:
    assert described(old, new) == expected


def test_an_unknown_value_differs_from_a_known_one_and_equals_an_unknown_one() -> None:
    assert described({"a": "x", "b": UNKNOWN}, {"a": UNKNOWN, "b": UNKNOWN}) == {"a": "update"}


def test_secrets_are_compared_by_what_they_hold() -> None:
    old = {"a": Secret("x"), "b": Secret("x"), "c": "x"}
    assert described(old, {"a": Secret("x"), "b": Secret("y"), "c": Secret("x")}) == {"b": "update"}


def test_a_masked_secret_equals_every_value_but_not_a_missing_one() -> None:
    old = {"a": Secret(MASKED), "b": Secret(MASKED)}
    assert described(old, {"a": Secret("new"), "c": Secret(MASKED)}) == {"b": "delete", "c": "add"}


def test_what_the_bridge_filled_in_by_itself_is_no_change_until_the_program_sets_it() -> None:
    old = {
        "name": "cluster-1a2b3c",
        "retain": True,
        "__defaults": ["name", "retain"],
        "nested": {"x": 1, "__defaults": ["x"]},
    }
    assert described(old, {"nested": {}}) == {}
    assert described(old, {"name": "mine", "nested": {}}) == {"name": "update"}


def test_the_name_that_the_kubernetes_provider_made_is_no_change_until_the_program_sets_one() -> None:
    old = {"metadata": {"name": "app-1a2b3c", "labels": {"a": "b"}, "annotations": {"pulumi.com/autonamed": "true"}}}
    unnamed = {"metadata": {"labels": {"a": "b"}}}
    named = {"metadata": {"name": "app", "labels": {"a": "b"}}}
    assert described(dict(without_autoname(old, unnamed)), unnamed) == {}
    assert "metadata.name" in described(dict(without_autoname(old, named)), named)


def test_unknown_paths_are_found_inside_lists_and_secrets() -> None:
    inputs = {"a": [1, UNKNOWN], "b": Secret({"c": UNKNOWN}), "d": "known"}
    assert [format_path(path) for path in unknown_paths(inputs)] == ["a[1]", "b.c"]
