"""The comparison of two digests: it sees every kind of difference, and none where there is none."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.conformance.parity import differences, keys

VPC = "urn:pulumi:dev::project::aws:ec2/vpc:Vpc::main"
DIGEST: dict[str, Any] = {
    "steps": [
        {
            "op": "create",
            "urn": VPC,
            "newState": {
                "urn": VPC,
                "inputs": {"cidrBlock": "10.0.0.0/16", "tags": {"a": "1"}, "ports": [1, 2], "dns": False},
                "dependencies": ["urn:b", "urn:a"],
                "sourcePosition": "project:///__main__.py#5",
            },
            "detailedDiff": None,
        }
    ],
    "changeSummary": {"create": 1},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The digest with another value at a path of its only step; None removes it."""
    digest = copy.deepcopy(DIGEST)
    *parents, last = path.split(".")
    place = digest["steps"][0]
    for key in parents:
        place = place[key]
    place[last] = value
    if value is None:
        del place[last]
    return digest


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("op", "update"),
        ("newState.inputs.cidrBlock", "10.1.0.0/16"),
        ("newState.inputs.cidrBlock", None),
        ("newState.inputs.tags.a", "2"),
        ("newState.inputs.ports", [2, 1]),
        ("newState.inputs.dns", 0),
        ("newState.inputs.dns", None),
        ("newState.inputs.none", {}),
        ("newState.inputs.more", "x"),
        ("newState.dependencies", ["urn:a"]),
        ("newState.protect", True),
        ("replaceReasons", ["cidrBlock"]),
    ],
)
def test_a_difference_is_found_by_its_path(path: str, value: Any) -> None:
    for pair in ((DIGEST, changed(path, value)), (changed(path, value), DIGEST)):
        (found,) = differences(*pair)
        assert f"Vpc::main: {path}" in found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("newState.dependencies", ["urn:a", "urn:b"]),
        ("newState.sourcePosition", "project:///elsewhere.py#7"),
        ("newState.inputs.ports", [1.0, 2.0]),
        ("detailedDiff", {}),
        ("newState.aliases", []),
    ],
)
def test_what_says_nothing_of_the_plan_is_no_difference(path: str, value: Any) -> None:
    assert differences(DIGEST, changed(path, value)) == []


def test_a_resource_that_only_one_has_is_found() -> None:
    (step, summary) = differences(DIGEST, {"steps": [], "changeSummary": {}})
    assert "the engine says op 'create', the offline preview nothing" in step
    assert "changeSummary: create" in summary


def test_another_setting_is_found_by_its_key() -> None:
    (setting,) = differences({**DIGEST, "config": {"a:b": "1"}}, {**DIGEST, "config": {"a:b": "2"}})
    assert setting.startswith("config: a:b: ")


@pytest.mark.parametrize(("path", "value"), [("detailedDiff", None), ("newState.inputs", None), ("newState.more", "")])
def test_a_key_that_only_one_has_is_found_even_where_it_is_empty(path: str, value: Any) -> None:
    assert keys(DIGEST) != keys(changed(path, value))
