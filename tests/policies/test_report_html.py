"""The HTML report loads nothing, escapes everything and says what the others say."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from policies.report import make_report
from policies.report_html import as_html
from policies.report_plan import parse_plan
from tests.policies.test_report import GKE, plan_text, step

_VOID = {"meta", "col"}


class _Reader(HTMLParser):
    """The page as a browser reads it: its tags, balanced, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _page(text: str, *frameworks: str) -> str:
    return as_html(make_report(parse_plan(text, "the plan"), frameworks, asked=frameworks, as_of=None))


def test_the_page_is_whole_and_says_its_language() -> None:
    page = _page(plan_text({}), "cis-gke", "isms-p")
    read = _Reader(page)
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert read.open == []


def test_the_page_loads_nothing() -> None:
    page = _page(plan_text({}), "cis-gke")
    read = _Reader(page)
    assert {tag for tag, _ in read.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "base"})
    assert [attributes for _, attributes in read.tags if {"src", "href", "srcset"} & set(attributes)] == []
    assert "url(" not in page
    assert "@import" not in page


def test_what_a_plan_says_stays_text() -> None:
    hostile = '<script>alert("x")</script>&amp;'
    inputs = {"databaseEncryption": {"state": hostile}}
    page = _page(json.dumps({"steps": [step(GKE, inputs, name=f'"><b>{hostile}')]}), "cis-gke")
    read = _Reader(page)
    assert not {"script", "b"} & {tag for tag, _ in read.tags}
    assert any(f"databaseEncryption.state is {hostile}" in text for text in read.texts)
    assert any((attributes.get("title") or "").endswith(f'"><b>{hostile}') for _, attributes in read.tags)


def test_light_and_dark_are_both_there() -> None:
    page = _page(plan_text({}), "cis-gke")
    assert "color-scheme: light dark" in page
    colors = re.findall(r"--[\w-]+: (#|light-dark)", page)
    assert colors
    assert "#" not in colors  # every colour has both


def test_the_counts_are_words_and_not_colours_alone() -> None:
    texts = _Reader(_page(plan_text({}), "cis-gke")).texts
    for mark in ("✕ broken", "? cannot tell", "✓ met", "· outside"):
        assert mark in texts


def test_a_broken_control_shows_its_remedy_unfolded() -> None:
    read = _Reader(_page(plan_text({"databaseEncryption": {"state": "DECRYPTED"}}), "cis-gke"))
    assert any("open" in attributes for tag, attributes in read.tags if tag == "details")
    assert "To fix: " in read.texts
    assert any(text.startswith("set databaseEncryption.state to ENCRYPTED") for text in read.texts)


def test_the_page_says_where_the_controls_were_read_and_that_it_is_no_certificate() -> None:
    text = " ".join(_Reader(_page(plan_text({}), "isms-p")).texts)
    assert "not a certificate" in text
    assert "prowler/compliance/aws/kisa_isms_p_2023_aws.json" in text
    assert "Not read: the Korean notice itself" in text
