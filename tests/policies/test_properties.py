"""Rules read properties; an unknown never passes as an answer."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from policies.properties import UNKNOWN, CannotTell, Properties, each

OF = Properties({"a": {"b": [1, UNKNOWN], "c": UNKNOWN, "on": "true", "off": False}, "none": None})


def test_what_is_there_is_read_and_what_is_not_has_a_default() -> None:
    assert OF.get("a", "b", 0) == 1
    assert OF.get("a", "z", default="d") == "d"
    assert OF.get("none", default=0) == 0
    assert OF.get("none", "below", default=0) == 0


@pytest.mark.parametrize(
    ("path", "asked"),
    [(("a", "c"), "a.c"), (("a", "c", "below"), "a.c.below"), (("a", "b"), "a.b[1]"), (("a", "b", 1), "a.b[1]")],
)
def test_reading_what_is_unknown_says_where(path: tuple[Any, ...], asked: str) -> None:
    with pytest.raises(CannotTell) as told:
        OF.get(*path)
    assert told.value.paths == (asked,)


def test_whether_something_is_there_is_known_even_where_its_value_is_not() -> None:
    assert OF.has("a", "c")
    assert not OF.has("a", "z")
    with pytest.raises(CannotTell):
        OF.has("a", "c", "below")


@pytest.mark.parametrize(("key", "on"), [("on", True), ("off", False), ("z", False)])
def test_flags_are_true_or_the_text_true(key: str, *, on: bool) -> None:
    assert OF.is_true("a", key) is on


def test_a_list_has_its_elements_and_an_unknown_list_has_none_to_count() -> None:
    assert [item.path for item in OF.items("a", "b")] == ["a.b[0]", "a.b[1]"]
    assert OF.items("z") == []
    with pytest.raises(CannotTell):
        OF.items("a", "c")
    with pytest.raises(CannotTell):
        OF.entries("a", "c")
    assert set(OF.entries("a")) == {"b", "c", "on", "off"}


def test_one_unknown_element_does_not_hide_what_is_wrong_with_another() -> None:
    found: list[str] = []

    def is_odd(item: Properties) -> Iterator[str]:
        if item.get() % 2:
            yield f"{item.path} is odd"

    with pytest.raises(CannotTell) as told:
        found.extend(each(Properties([UNKNOWN, 3]).items(), is_odd))
    assert told.value.paths == ("[0]",)
    for message in _collected(each(Properties([UNKNOWN, 3]).items(), is_odd)):
        assert message == "[1] is odd"


def _collected(found: Iterator[str]) -> Iterator[str]:
    try:
        yield from found
    except CannotTell:
        return


def test_rendered_configuration_is_read_as_what_it_says() -> None:
    rendered = Properties({"values": '{"on": {"there": "true"}}', "yaml": "on: true", "later": UNKNOWN})
    assert rendered.parsed("values").is_true("on", "there")
    assert rendered.parsed("absent").get("on") is None
    for key, why in (("yaml", "yaml: no JSON, and this rule reads nothing else"), ("later", "later: not known yet")):
        with pytest.raises(CannotTell) as told:
            rendered.parsed(key)
        assert str(told.value) == why


FILES = "#!/bin/bash\n# --- /no/file 0644\n--- /etc/a.yaml 0644\na: 1\n---\nb: 2\n--- /etc/b 0600\n--- /etc/c\n"


def test_what_goes_to_a_host_is_read_as_its_files() -> None:
    sent = Properties({"stdin": FILES, "number": 1, "later": UNKNOWN, "broken": "--- /etc/a.yaml 0644\na: {\n"})
    files = sent.blocks("stdin")
    assert {path: file.get() for path, file in files.items()} == {
        "/etc/a.yaml": "a: 1\n---\nb: 2\n",
        "/etc/b": "--- /etc/c\n",
    }
    assert [document.raw for document in files["/etc/a.yaml"].documents()] == [{"a": 1}, {"b": 2}]
    assert (sent.blocks("number"), sent.blocks("absent"), sent.documents("absent")) == ({}, {}, [])
    with pytest.raises(CannotTell, match=r"^later: not known yet"):
        sent.blocks("later")
    with pytest.raises(CannotTell, match=r"^broken\./etc/a\.yaml: no YAML, and this rule reads nothing else"):
        sent.blocks("broken")["/etc/a.yaml"].documents()


def test_a_copy_of_the_unknown_is_the_unknown() -> None:
    assert copy.deepcopy(UNKNOWN) is UNKNOWN
