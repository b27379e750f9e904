"""The comment has its verdict first, is the same on every run, stays below the limit, and carries nothing active."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from markdown_it import MarkdownIt

from preview.report.markdown import LIMIT, MARKER, render
from preview.report.model import Report, StackStatus
from preview.report.words import CLAIMED
from tests.preview.report.markup import Markup
from tests.preview.report.samples import HARMFUL, changed_report, costs, harmful_report

_ALLOWED = {
    *("p", "strong", "b", "i", "br", "h3", "ul", "li", "code", "span"),
    *("details", "summary", "table", "thead", "tbody", "tr", "th", "td"),
}


def _comment(report: Report, limit: int = LIMIT) -> str:
    return render(report, costs(report), limit)


def _as_html(comment: str) -> str:
    """Return what a Markdown reader with tables, strikethrough and links in plain text makes of a comment."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(comment)


def test_the_verdict_comes_first_and_a_workflow_finds_its_comment_again() -> None:
    lines = _comment(changed_report()).splitlines()
    assert lines[0].startswith("\u274c **1 loss not acknowledged; 1 mandatory policy broken; 1 of 2 stacks changes: ")
    assert lines[2] == MARKER


def test_what_a_pull_request_claims_is_called_claimed() -> None:
    assert CLAIMED in _comment(changed_report(claimed=True))
    assert CLAIMED not in _comment(changed_report())


def test_two_runs_give_the_same_comment() -> None:
    one, other = changed_report(), changed_report()
    shuffled = replace(other, stacks=tuple(replace(it, changes=it.changes[::-1]) for it in other.stacks))
    assert _comment(one) == _comment(other) == _comment(shuffled)
    assert not re.search(r"\d\d:\d\d:\d\d|duration|second", _comment(one))


def test_a_change_shows_its_properties_its_effect_and_its_cost() -> None:
    text = Markup(_as_html(_comment(changed_report()))).text
    for part in ("instanceTypes", '"m7g.large"', '"m7g.xlarge"', "replaces", "Blast radius", "private-api", "$119.14"):
        assert part in text


def test_details_are_folded_and_what_blocks_is_open() -> None:
    comment = _comment(changed_report())
    assert "<details open><summary>Guard: 1 not acknowledged</summary>" in comment
    assert "<details><summary>Changes: 1 deleted, 2 replaced, 1 created</summary>" in comment


def test_a_value_is_told_by_its_length_where_it_is_long_and_never_cut() -> None:
    report = changed_report()
    (dev, prod) = report.stacks
    change = next(it for it in prod.changes if it.properties)
    long = replace(change, properties=(replace(change.properties[0], new='"' + "x" * 5000 + '"'),))
    changes = tuple(long if it is change else it for it in prod.changes)
    comment = _comment(replace(report, stacks=(dev, replace(prod, changes=changes))))
    assert "[a value of 5,002 characters]" in comment
    assert "xxx" not in comment


@cache
def _harmful() -> Markup:
    return Markup(_as_html(_comment(harmful_report(), limit=10_000_000)))


@pytest.mark.parametrize("words", HARMFUL)
def test_nothing_that_a_pull_request_wrote_is_active(words: str) -> None:
    found = _harmful()
    assert set(found.elements) <= _ALLOWED
    assert found.faults == []
    assert [name for _, name, _ in found.attributes if name in ("href", "src", "style") or name.startswith("on")] == []
    assert [comment.strip() for comment in found.comments] == [MARKER[4:-3].strip()]
    for sign in ("@octocat", "@org", "#1", "repo#2", "GH-1", "://", "www.", "mail@"):  # what a forge links by itself
        assert sign not in "\0".join(found.plain), f"{sign} stands outside code"
    shown = re.search(r"[a-z]+|]]>", words)
    assert shown
    assert shown.group() in found.text


def test_a_comment_below_the_limit_has_everything() -> None:
    assert "Left out" not in _comment(changed_report())


@pytest.mark.parametrize("limit", [LIMIT, 20_000, 3_000])
def test_a_long_report_loses_whole_sections_by_name_and_stays_below_the_limit(limit: int) -> None:
    report = harmful_report()
    comment = _comment(report, limit)
    assert len(comment.encode()) <= limit
    assert "<b>Left out, to stay within what a comment may hold:</b>" in comment
    assert "the changes" in comment.splitlines()[-1]
    assert comment.splitlines()[0] == _comment(report, 10_000_000).splitlines()[0]
    assert Markup(_as_html(comment)).faults == []


def test_a_report_of_any_size_stays_below_the_limit() -> None:
    stack = changed_report().stacks[0]
    made = replace(stack, status=StackStatus.COMPARED)
    stacks = tuple(replace(made, stack=f"{stack.stack}-{number}") for number in range(1500))
    comment = _comment(replace(changed_report(), stacks=stacks))
    assert len(comment.encode()) <= LIMIT
    assert "the heading (" in comment


def test_no_html_block_has_a_blank_line_that_would_let_markdown_in_again() -> None:
    for block in _comment(harmful_report(), limit=10_000_000).split("<details")[1:]:
        assert "\n\n" not in block.split("</details>")[0]
