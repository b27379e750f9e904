"""Values survive the way to the program and back, and never lose that they are secret or unknown."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from preview.plan import MASKED, UNKNOWN, Secret
from preview.wire import (
    ASSET,
    OUTPUT_VALUE,
    RESOURCE,
    SECRET,
    SIGNATURE,
    UNKNOWN_TEXT,
    contains_unknown,
    from_json,
    from_struct,
    mask,
    to_output_values,
    to_struct,
)

plain = st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text().filter(lambda text: text != MASKED)
values: st.SearchStrategy[Any] = st.recursive(
    plain | st.just(UNKNOWN),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(min_size=1), inner, max_size=3)
        | inner.filter(lambda value: not isinstance(value, Secret)).map(Secret)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), values, max_size=3))
def test_what_is_sent_to_the_program_comes_back_as_it_was(properties: dict[str, Any]) -> None:
    assert from_struct(to_struct(properties)) == properties


@given(st.dictionaries(st.text(min_size=1), values, max_size=3))
def test_output_values_come_back_as_what_they_stand_for(properties: dict[str, Any]) -> None:
    found = set[str]()
    assert from_struct(to_output_values(properties, {key: ["urn"] for key in properties}), found) == properties
    assert found == ({"urn"} if properties else set())


@given(values)
def test_what_is_masked_holds_no_secret_and_no_python_object(value: Any) -> None:
    assert not any(isinstance(item, Secret) or item is UNKNOWN for item in _items(mask(value)))


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [item for inner in value.values() for item in _items(inner)]
    return [item for inner in value for item in _items(inner)] if isinstance(value, list) else [value]


def test_numbers_are_whole_where_they_are_whole() -> None:
    struct = Struct()
    struct.update({"whole": 12, "half": 1.5})
    assert from_struct(struct) == {"whole": 12, "half": 1.5}
    assert isinstance(from_struct(struct)["whole"], int)


def test_a_placeholder_within_a_text_makes_it_unknown() -> None:
    assert from_json(f"postgres://user:{UNKNOWN_TEXT}@host") is UNKNOWN


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        ({SIGNATURE: SECRET, "value": "x"}, Secret("x")),
        ({SIGNATURE: SECRET, "plaintext": '{"a": [1]}'}, Secret({"a": [1]})),
        ({SIGNATURE: SECRET, "ciphertext": "v1:x"}, Secret(MASKED)),
        ({SIGNATURE: OUTPUT_VALUE}, UNKNOWN),
        ({SIGNATURE: OUTPUT_VALUE, "secret": True}, Secret(UNKNOWN)),
        ({SIGNATURE: RESOURCE, "urn": "u", "id": ""}, {SIGNATURE: RESOURCE, "urn": "u", "id": UNKNOWN}),
        ({SIGNATURE: RESOURCE, "urn": "u"}, {SIGNATURE: RESOURCE, "urn": "u"}),
    ],
)
def test_special_objects_are_read_as_the_engine_writes_them(wire: Any, value: Any) -> None:
    assert from_json(wire) == value


def test_a_masked_value_is_unknown_to_the_program() -> None:
    assert from_struct(to_struct({"token": Secret(MASKED)})) == {"token": Secret(UNKNOWN)}


def test_an_asset_has_its_contents_hash(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"hello")
    wanted = hashlib.sha256(b"hello").hexdigest()
    assert from_json({SIGNATURE: ASSET, "path": str(file)})["hash"] == wanted
    assert from_json({SIGNATURE: ASSET, "text": "hello"})["hash"] == wanted


def test_unknown_is_one_object_in_every_process() -> None:
    assert pickle.loads(pickle.dumps(UNKNOWN)) is UNKNOWN  # noqa: S301  our own bytes


@pytest.mark.parametrize("value", [UNKNOWN, Secret([{"a": UNKNOWN}]), {"a": [UNKNOWN]}])
def test_unknowns_are_found_at_any_depth(value: Any) -> None:
    assert contains_unknown(value)
    assert not contains_unknown({"a": [1, Secret("x")]})
