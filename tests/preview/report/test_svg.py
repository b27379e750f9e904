"""The picture is one file of its own, shows changes in three ways, cuts no name and holds nothing active."""

from __future__ import annotations

import re
from xml.etree import ElementTree  # noqa: ICN001  our own output is read, and the name says what it is

import pytest

from preview.plan import Operation
from preview.report.canvas import NOTE, TITLE, columns, height_of, lines_of, rows
from preview.report.svg import render
from preview.report.topology import Card, Picture, of_plan, of_stack
from tests.preview.report.samples import HARMFUL, changed_report, harmful_report, plan, platform

_SVG = "{http://www.w3.org/2000/svg}"


def _card(name: str = "card", zones: tuple[str, ...] = (), operation: Operation = Operation.SAME) -> Card:
    return Card(urn=name, name=name, kind="key", type="aws:kms:Key", note="", operation=operation, zones=zones)


def _shelf(*cards: Card) -> Picture:
    return Picture(stack="prod", shelves=(("Keys", cards),))


def _tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  our own output is read


def _words(svg: str) -> str:
    return "".join("".join(element.itertext()) for element in _tree(svg).iter(f"{_SVG}text"))


def test_a_picture_stands_alone_and_loads_nothing() -> None:
    svg = render([of_stack(stack) for stack in changed_report().stacks])
    root = _tree(svg)
    assert root.tag == f"{_SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Topology of prod"
    assert not re.search(r"href|url\(|@import|<script|<image|<foreignObject", svg)
    assert "prefers-color-scheme: dark" in svg


@pytest.mark.parametrize(
    ("operation", "sign", "shape"),
    [
        (Operation.CREATE, "+", "circle"),
        (Operation.UPDATE, "~", "polygon"),
        (Operation.REPLACE, "\u00b1", "polygon"),
        (Operation.DELETE, "\u2212", "polygon"),
        (Operation.MAY_CHANGE, "?", "polygon"),
    ],
)
def test_a_change_shows_by_class_by_sign_and_by_a_shape_of_its_own(operation: Operation, sign: str, shape: str) -> None:
    root = _tree(render([_shelf(_card("key", operation=operation))]))
    groups = [it for it in root.iter(f"{_SVG}g") if it.get("class") == f"t-{operation}"]
    (group,) = [it for it in groups if it.find(f"{_SVG}title") is not None]  # the others are in the legend
    assert group.find(f"{_SVG}{shape}") is not None
    assert "".join(text.text or "" for text in group.iter(f"{_SVG}text")).endswith(sign)
    title = group.find(f"{_SVG}title")
    assert title is not None
    assert (title.text or "").startswith("aws:kms:Key key, ")


def test_each_operation_has_a_shape_of_its_own() -> None:
    shapes = set[str]()
    for operation in (Operation.UPDATE, Operation.REPLACE, Operation.DELETE, Operation.MAY_CHANGE):
        polygon = next(_tree(render([_shelf(_card(operation=operation))])).iter(f"{_SVG}polygon"))
        shapes.add(str(len((polygon.get("points") or "").split())) + (polygon.get("points") or "").split()[0])
    assert len(shapes) == 4


def test_what_does_not_change_has_no_badge_and_no_legend() -> None:
    svg = render([_shelf(_card())])
    assert "t-badge" not in svg.split("</style>")[1]
    assert "t-legend" not in svg.split("</style>")[1]


def test_nothing_that_others_wrote_is_markup() -> None:
    report = harmful_report()
    svg = render([of_stack(stack) for stack in report.stacks])
    tags = {element.tag.removeprefix(_SVG) for element in _tree(svg).iter()}
    assert tags <= {"svg", "title", "style", "rect", "g", "text", "path", "circle", "polygon"}
    names = {name for element in _tree(svg).iter() for name in element.attrib}
    assert not any(name.startswith("on") or "href" in name for name in names)


@pytest.mark.parametrize("words", [*HARMFUL, "a" * 300, "\u65e5\u672c\u8a9e" * 40, "short", ""])
@pytest.mark.parametrize("size", [TITLE, NOTE])
def test_no_name_is_cut_and_each_line_fits(words: str, size: float) -> None:
    lines = lines_of(words, 150, size)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", words)
    for line in lines:
        assert len(line) <= 150 / (size * 0.57)


def test_a_longer_name_makes_a_higher_card() -> None:
    assert height_of(_card("x" * 80), 150) > height_of(_card("x"), 150)


def test_cards_of_a_zone_are_below_each_other_and_of_several_zones_across_them() -> None:
    cards = [_card("a", ("a",)), _card("b", ("b",)), _card("both", ("a", "b")), _card("a2", ("a",)), _card("all")]
    places, end = columns(cards, ("a", "b"), 0, 208, 0)
    spots = {card.name: (x, y, width) for card, x, y, width, _ in places}
    assert spots["a"][1] == spots["b"][1] == 0
    assert (spots["a"][0], spots["b"][0]) == (0, 108)
    assert spots["both"][0] == 0
    assert spots["both"][2] == 208
    assert spots["both"][1] > spots["a"][1]
    assert spots["a2"][1] > spots["both"][1]
    assert spots["all"][2] == 208
    assert end > spots["all"][1]


def test_no_two_cards_overlap() -> None:
    svg = render([of_plan(plan("prod", platform(most=9)))])
    boxes = [
        tuple(float(element.get(key) or 0) for key in ("x", "y", "width", "height"))
        for element in _tree(svg).iter(f"{_SVG}rect")
        if element.get("class") == "t-card"
    ]
    assert len(boxes) == 11
    for index, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[index + 1 :]:
            apart = x + width <= other_x or other_x + other_width <= x
            assert apart or y + height <= other_y or other_y + other_height <= y


def test_rows_break_where_they_are_full() -> None:
    places, _ = rows([_card(str(number)) for number in range(5)], 0, 400, 0, 4)
    assert len({y for _, _, y, _, _ in places}) == 2


def test_of_very_many_cards_those_that_change_are_drawn_and_the_others_counted() -> None:
    cards = [*(_card(f"same-{number}") for number in range(200)), _card("gone", operation=Operation.DELETE)]
    svg = render([_shelf(*cards)])
    assert "gone" in _words(svg)
    assert "and 153 more, which the tables have" in _words(svg)


def test_two_runs_draw_the_same() -> None:
    pictures = [of_stack(stack) for stack in changed_report().stacks]
    assert render(pictures) == render([of_stack(stack) for stack in changed_report().stacks])
