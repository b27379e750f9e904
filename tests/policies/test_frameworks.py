"""The control tables are whole, and rules and tables know each other."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from policies import frameworks
from policies.catalogue import CATALOGUE
from policies.frameworks import FRAMEWORKS, OUTSIDE, ShownBy, framework, named
from policies.rule import Rule

FOLDER = Path(frameworks.__file__).parent

COUNTS = {
    "cis-aks": 51,
    "cis-eks": 50,
    "cis-gke": 57,
    "cis-kubernetes": 131,
    "hipaa": 66,
    "iso-27001": 93,
    "isms-p": 101,
    "nsa-cisa": 27,
    "pci-dss": 250,
    "soc-2": 61,
}
"""How many controls each has, as counted in its sources."""


def _named_by_rules() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for rule in CATALOGUE.values():
        for control in rule.controls:
            id_, _, number = control.partition(":")
            found.setdefault((id_, number), []).append(rule.id)
    return found


def test_every_framework_of_the_issue_is_there() -> None:
    assert set(FRAMEWORKS) == set(COUNTS)


@pytest.mark.parametrize("id_", FRAMEWORKS)
def test_a_framework_has_every_control_of_its_sources(id_: str) -> None:
    assert len(framework(id_).controls) == COUNTS[id_]


@pytest.mark.parametrize("id_", FRAMEWORKS)
def test_a_framework_says_where_its_ids_were_read_and_what_was_not(id_: str) -> None:
    found = framework(id_)
    assert found.title
    assert found.version
    assert all(re.search(r"at commit [0-9a-f]{8}", source) for source in found.sources)
    assert found.sources
    assert found.read == dt.date(2026, 11, 29)
    assert found.not_read


@pytest.mark.parametrize("id_", FRAMEWORKS)
def test_a_title_is_short_and_no_control_stands_twice(id_: str) -> None:
    assert [c.id for c in framework(id_).controls.values() if not c.title or len(c.title) > 80] == []
    written = re.findall(r'^    "([^"]+)":', (FOLDER / f"{id_}.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert written == list(framework(id_).controls)  # YAML keeps the last of two keys and says nothing


def test_every_reason_to_be_outside_is_explained_and_used() -> None:
    assert set(OUTSIDE) == set(ShownBy) - {ShownBy.CODE}
    used = {control.shown_by for id_ in FRAMEWORKS for control in framework(id_).controls.values()}
    assert used == set(ShownBy)


def test_every_control_that_a_rule_names_exists_and_can_be_shown_by_code() -> None:
    wrong = [
        f"{', '.join(rules)}: {id_}:{number}"
        for (id_, number), rules in _named_by_rules().items()
        if id_ not in FRAMEWORKS
        or number not in framework(id_).controls
        or framework(id_).controls[number].shown_by is not ShownBy.CODE
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "rule", [rule for rule in CATALOGUE.values() if isinstance(rule, Rule)], ids=lambda rule: rule.id
)
def test_what_some_checks_show_by_themselves_are_checks_and_controls_of_the_rule(rule: Rule) -> None:
    assert set(rule.shows) <= set(rule.controls)
    assert all(set(checks) <= set(rule.checks) for checks in rule.shows.values())


@pytest.mark.parametrize("id_", FRAMEWORKS)
def test_every_framework_is_served_by_rules(id_: str) -> None:
    assert [number for framework_id, number in _named_by_rules() if framework_id == id_]


def test_the_cluster_that_a_framework_is_about_is_judged_by_its_rules() -> None:
    types = {id_: framework(id_).cluster for id_ in FRAMEWORKS if framework(id_).cluster}
    assert set(types) == {"cis-aks", "cis-eks", "cis-gke"}
    for id_, type_ in types.items():
        assert any(
            type_ in CATALOGUE[rule].types
            for (of, _), rules in _named_by_rules().items()
            if of == id_
            for rule in rules
        )


def test_a_family_stands_for_all_of_its_frameworks() -> None:
    assert named("cis") == ("cis-aks", "cis-eks", "cis-gke", "cis-kubernetes")
    assert named("isms-p") == ("isms-p",)


def test_an_unknown_name_is_answered_with_the_names_that_there_are() -> None:
    with pytest.raises(KeyError, match=r"no framework 'cis-oke'.*isms-p"):
        named("cis-oke")


def test_files_are_plain_yaml() -> None:
    for id_ in FRAMEWORKS:
        assert set(yaml.safe_load((FOLDER / f"{id_}.yaml").read_text(encoding="utf-8"))) - {"cluster"} == {
            "title",
            "version",
            "sources",
            "read",
            "not_read",
            "sections",
        }
