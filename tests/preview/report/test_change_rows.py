"""A change of many resources is told once; the others are told by their component."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from preview.plan import Operation, PropertyChange
from preview.report.blocks import Room
from preview.report.change_rows import change_rows
from preview.report.model import Change, PropertyDifference
from tests.preview.report.markup import Markup

ROOM = Room(value=20, names=5)
TAG = PropertyDifference(path="tags.team", change=PropertyChange.ADD, old=None, new='"a"')


def _change(name: str, *properties: PropertyDifference, **fields: Any) -> Change:
    change = Change(
        urn=f"urn:{name}",
        type="aws:kms/key:Key",
        name=name,
        custom=True,
        operation=Operation.UPDATE,
        component=f"urn:pulumi:dev::demo::demo:index:Part::part-of-{name}",
        properties=properties,
    )
    return replace(change, **fields)


def _rows(*changes: Change) -> list[list[str]]:
    return [
        [row] if isinstance(row, str) else [Markup(cell).text for cell in row] for row in change_rows(changes, ROOM)
    ]


def test_the_same_change_of_many_resources_is_one_row_with_all_their_names() -> None:
    heading, (_, names, what) = _rows(*(_change(name, TAG) for name in "abcd"))
    assert heading == ["the same for many"]
    assert names.replace(" ", "") == "4of:,,,aws:kms:Keyabcd"  # text outside code first, then the code
    assert what == ': tags.team"a"'


def test_too_many_names_are_counted_and_none_is_cut() -> None:
    _, (_, names, _) = _rows(*(_change(f"key-{number}", TAG) for number in range(1488)))
    assert names == "1,488 of aws:kms:Key"


def test_many_names_are_folded_where_there_is_room() -> None:
    _, row = change_rows([_change(f"key-{number}", TAG) for number in range(30)], Room(value=20, names=100))
    assert row[1].startswith("<details><summary>30 of <code>aws:kms:Key</code></summary><code>key-0</code>, ")


def test_a_few_alike_stay_with_their_component() -> None:
    rows = _rows(*(_change(name, TAG) for name in "abc"))
    assert [len(row) for row in rows] == [1, 3, 1, 3, 1, 3]


def test_creations_stay_with_their_component() -> None:
    part = "urn:pulumi:dev::demo::demo:index:Part::network"
    rows = _rows(*(_change(name, operation=Operation.CREATE, component=part) for name in "abcd"))
    assert rows[0] == ["in <code>network</code>"]
    assert len(rows) == 5


def test_what_has_no_component_says_so() -> None:
    assert _rows(_change("a", TAG, component=None))[0] == ["in no component"]


def test_a_difference_tells_its_values_and_its_effect() -> None:
    differences = [
        PropertyDifference(path="a", change=PropertyChange.UPDATE_REPLACE, old="1", new="2"),
        PropertyDifference(path="b", change=PropertyChange.DELETE, old="1", new=None, may_replace=True),
        PropertyDifference(path="c", change=PropertyChange.UPDATE, old="[unknown]", new="[unknown]"),
        PropertyDifference(path="d", change=PropertyChange.UPDATE, old="1", new="x" * 21),
    ]
    _, row = change_rows([_change("k", *differences, old_urn="urn:old")], ROOM)
    assert row[2].split("<br>") == [
        "was <code>urn:old</code>",
        "<code>a</code>: <code>1</code> \u2192 <code>2</code> <b>replaces</b>",
        "<code>b</code>: <code>1</code> removed <i>may replace</i>",
        "<code>c</code>: only the update tells",
        "<code>d</code>: <code>1</code> \u2192 [a value of 21 characters]",
    ]


def test_a_replacement_without_a_property_says_why() -> None:
    change = _change("k", operation=Operation.REPLACE, replace_reasons=("provider",))
    _, row = change_rows([change], ROOM)
    assert row[2] == "because of <code>provider</code>"
