"""The pages on policies say what the rules, the control tables and the objects on them say."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from policies.catalogue import CATALOGUE
from policies.documents import PAGE, page
from policies.frameworks import FRAMEWORKS
from policies.judge import Outcome
from policies.properties import Properties
from policies.report_verdicts import gather
from policies.rule import AnyRule, Circumstances, Environment, Resource

CHECKOV = PAGE.with_name("policies-checkov.md")
KUBERNETES = {id_: rule for id_, rule in CATALOGUE.items() if id_.startswith("kubernetes-")}


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


def _unsafe_objects() -> list[Resource]:
    """The objects at the end of the comparison with checkov."""
    text = CHECKOV.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    return [_object(document) for document in yaml.safe_load_all(text)]


def _object(document: dict[str, Any]) -> Resource:
    version = "core/v1" if document["apiVersion"] == "v1" else document["apiVersion"]
    type_, name = f"kubernetes:{version}:{document['kind']}", document["metadata"]["name"]
    production = Circumstances(environment=Environment.PROD)
    urn = f"urn:pulumi:prod::shop::{type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, inputs=Properties(document), circumstances=production)


def test_every_rule_on_kubernetes_objects_is_compared_with_checkov() -> None:
    text = CHECKOV.read_text(encoding="utf-8")
    assert [id_ for id_ in KUBERNETES if f"`{id_}`" not in text] == []
    checks = {check.rpartition("_")[2] for rule in KUBERNETES.values() for check in rule.checkov}
    compared = set(re.findall(r"\d+", " ".join(re.findall(r"CKV2?_K8S_[\d, ]+", text))))
    assert checks <= compared


def test_every_rule_on_kubernetes_objects_finds_the_unsafe_ones_broken_and_they_are_counted() -> None:
    found = gather(_unsafe_objects(), rules=KUBERNETES)
    broken = {(each.rule.id, finding.urn) for each in found for finding in each.are(Outcome.BROKEN)}
    assert {rule for rule, _ in broken} == set(KUBERNETES)
    assert f"| the unsafe objects | 74 | 33 | 0 | {len(broken)} |" in CHECKOV.read_text(encoding="utf-8")
