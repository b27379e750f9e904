"""The page is one file without scripts, has what a keyboard and a screen reader need, and holds nothing active."""

from __future__ import annotations

import re
from functools import cache

import pytest

from preview.report.page import render
from tests.preview.report.markup import Markup
from tests.preview.report.samples import HARMFUL, changed_report, costs, harmful_report


@cache
def _page() -> str:
    return render(changed_report(), costs(changed_report()))


@cache
def _harmful() -> Markup:
    report = harmful_report()
    return Markup(render(report, costs(report)))


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    found = Markup(_page())
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(found.elements)
    assert not re.search(r"https?://(?!www\.w3\.org)", re.sub(r"<code>.*?</code>", "", _page()))
    assert (
        "meta",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    ) in (found.attributes)


def test_elements_nest_and_identifiers_are_unique() -> None:
    for found in (Markup(_page()), _harmful()):
        assert found.faults == []
        identifiers = [value for _, name, value in found.attributes if name == "id"]
        assert len(identifiers) == len(set(identifiers))
        targets = {value.removeprefix("#") for _, name, value in found.attributes if name == "href"}
        assert targets <= set(identifiers)


@pytest.mark.parametrize("words", HARMFUL)
def test_nothing_that_a_pull_request_wrote_is_active(words: str) -> None:
    found = _harmful()
    assert "script" not in found.elements
    assert "img" not in found.elements
    assert found.comments == []
    assert not [name for _, name, _ in found.attributes if name.startswith("on") or name in ("src", "style")]
    assert all(value.startswith("#") for _, name, value in found.attributes if name == "href")
    shown = re.search(r"[a-z]+|]]>", words)
    assert shown
    assert shown.group() in found.text


def test_a_keyboard_and_a_screen_reader_get_all() -> None:
    found = Markup(_page())
    assert ("html", "lang", "en") in found.attributes
    assert ("a", "href", "#stacks") in found.attributes  # the skip link
    assert found.elements.count("details") == found.elements.count("summary") > 3
    scopes = [value for tag, name, value in found.attributes if (tag, name) == ("th", "scope")]
    assert len(scopes) == found.elements.count("th")
    regions = [value for _, name, value in found.attributes if (name, value) == ("role", "region")]
    focused = [value for _, name, value in found.attributes if (name, value) == ("tabindex", "0")]
    assert len(regions) == len(focused)
    assert ":focus-visible" in _page()


def test_the_page_says_what_the_comment_says() -> None:
    text = Markup(_page()).text
    for part in ("1 loss not acknowledged", "Topology of prod", "Blast radius", "private-api", "$119.14", "m7g.xlarge"):
        assert part in text


def test_two_runs_give_the_same_page() -> None:
    report = changed_report()
    assert render(report, costs(report)) == _page()
