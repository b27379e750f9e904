"""Properties cross the wire: unknowns, secrets, and fixes that leave both as they are."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc
from pulumi_policy import proxy

from policies import wire
from policies.properties import UNKNOWN


def struct(values: dict[str, Any]) -> Struct:
    message = Struct()
    message.update(values)
    return message


def secret(value: Any) -> dict[str, Any]:
    return {wire.SIGNATURE: wire.SECRET, "value": value}


def test_the_signatures_are_those_of_the_sdks() -> None:
    unknowns = {value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")}
    assert unknowns == wire.UNKNOWNS
    assert rpc._special_sig_key == wire.SIGNATURE
    assert rpc._special_secret_sig == wire.SECRET
    assert rpc._special_output_value_sig == wire.OUTPUT_VALUE


@pytest.mark.parametrize("unknown", sorted(wire.UNKNOWNS))
def test_every_kind_of_unknown_is_the_unknown(unknown: str) -> None:
    assert wire.plain(struct({"a": [unknown]}), set()) == {"a": [UNKNOWN]}


def test_numbers_that_are_whole_come_as_such() -> None:
    assert wire.plain(struct({"a": 3, "b": 0.5, "c": None, "d": True}), set()) == {
        "a": 3,
        "b": 0.5,
        "c": None,
        "d": True,
    }


def test_secrets_are_unwrapped_and_their_texts_remembered() -> None:
    secrets: set[str] = set()
    sent = struct({"password": secret("hunter2"), "open": "word", "nested": secret({"keys": ["k1", "k2"]})})
    assert wire.plain(sent, secrets) == {"password": "hunter2", "open": "word", "nested": {"keys": ["k1", "k2"]}}
    assert secrets == {"hunter2", "k1", "k2"}


def test_an_output_value_without_a_value_is_unknown() -> None:
    secrets: set[str] = set()
    hidden = {wire.SIGNATURE: wire.OUTPUT_VALUE, "value": "hunter2", "secret": True}
    sent = struct({"a": {wire.SIGNATURE: wire.OUTPUT_VALUE}, "b": hidden})
    assert wire.plain(sent, secrets) == {"a": UNKNOWN, "b": "hunter2"}
    assert secrets == {"hunter2"}


def test_a_fix_changes_its_paths_and_nothing_else() -> None:
    unknown = min(wire.UNKNOWNS)
    before = {"id": unknown, "key": secret("hunter2"), "list": [{"on": False}], "wrapped": secret({"on": False})}
    sent = struct(before)
    changes = [
        (("list", 0, "on"), True),
        (("made", "below"), ["x", {"y": 1}]),
        (("wrapped", "on"), True),
    ]
    after = json_format.MessageToDict(wire.with_changes(sent, changes))
    assert after == {
        "id": unknown,
        "key": secret("hunter2"),
        "list": [{"on": True}],
        "made": {"below": ["x", {"y": 1}]},
        "wrapped": secret({"on": True}),
    }
    assert json_format.MessageToDict(sent) == before
