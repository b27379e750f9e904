"""`docs/policies.md` is what the rules and the control tables say."""

from __future__ import annotations

import re

import pytest

from policies.catalogue import CATALOGUE
from policies.documents import PAGE, page
from policies.frameworks import FRAMEWORKS
from policies.rule import AnyRule


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make generate`"


def test_every_rule_is_on_the_page_once() -> None:
    assert sorted(re.findall(r"^### (\S+)$", page(), re.MULTILINE)) == sorted(CATALOGUE)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: str(rule.id))
def test_a_rule_says_all_that_people_must_know(rule: AnyRule) -> None:
    section = page().partition(f"### {rule.id}\n")[2].partition("\n### ")[0]
    assert rule.title in section
    assert f"*{rule.severity.capitalize()}*" in section
    for number in (control.partition(":")[2] for control in rule.controls):
        assert re.search(rf"(?<![\w.]){re.escape(number)}(?![\w.])", section)
    assert all(f"`{type_}`" in section for type_ in rule.types)


def test_every_framework_has_its_share() -> None:
    for id_ in FRAMEWORKS:
        assert re.search(rf"^\| `{id_}`: .* \| \d+ \| \d+ \(\d+%\) \| \d+ \| ", page(), re.MULTILINE)
