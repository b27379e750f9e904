"""The catalogue: ids, words, sources, and types and properties that the SDKs really have."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from components.versions import EKS_RELEASES, KUBEADM_MINORS
from policies import enforcement
from policies.catalogue import CATALOGUE, FRAMEWORKS, serves
from policies.command import main
from policies.properties import UNKNOWN as UNKNOWN_HERE
from policies.rule import AnyRule, Rule
from policies.rules.aws_cluster import STANDARD_SUPPORT_ENDS
from policies.rules.kubeadm_cluster import SUPPORT_ENDS
from policies.terms import Environment
from preview.installed import check_installed
from preview.plan import UNKNOWN, Diagnostic, Operation, Plan, Resource, Step
from tests.policies.cases import Case
from tests.policies.rules.test_rules import CASES

RULES: Final = list(CATALOGUE.values())
_MISSING: Final = re.compile(r"missing|required", re.IGNORECASE)


def _inputs(value: Any) -> Any:
    """Inputs with the preview's unknown in place of the rules'."""
    if isinstance(value, dict):
        return {key: _inputs(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_inputs(item) for item in value]
    return UNKNOWN if value is UNKNOWN_HERE else value


def _findings(case: Case) -> list[Diagnostic]:
    """What the preview's own checks, by the SDK's types, say of a case's inputs."""
    resource = Resource(urn=case.subject({}).urn, type=case.type, custom=True, inputs=_inputs(dict(case.passing)))
    plan = Plan(project="project", stack="dev", steps=(Step(operation=Operation.CREATE, new=resource),))
    return [item for item in check_installed(plan).diagnostics if not _MISSING.search(item.message)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.id))
def test_a_rule_says_what_it_wants_why_how_and_from_where(rule: AnyRule) -> None:
    assert re.fullmatch(r"(aws|azure|gcp|kubeadm|kubernetes)(-[a-z0-9]+)+", rule.id)
    assert rule.title.endswith(".")
    assert rule.problem.endswith(".")
    assert not rule.remedy.endswith("."), "it follows `To fix:` and may be followed by more"
    assert re.search(r"read 20\d\d-\d\d-\d\d", rule.source), "a source has its day"
    assert rule.checks


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_cases_properties_are_those_of_the_sdk(case: Case) -> None:
    assert [item.message for item in _findings(case)] == []


def test_a_misspelt_property_in_a_case_would_be_found() -> None:
    (good, *_) = [case for case in CASES if case.type == "aws:eks/cluster:Cluster"]
    wrong = Case(good.rule, good.type, {**good.passing, "vpcConfg": {}}, (), ())
    assert len(_findings(wrong)) == 1


def test_every_framework_has_a_rule_and_cis_is_all_of_them() -> None:
    for framework in FRAMEWORKS:
        assert any(serves(rule, framework) for rule in RULES)
    by_cis = {rule.id for rule in RULES if serves(rule, "cis")}
    assert by_cis == {
        rule.id for rule in RULES for name in FRAMEWORKS if name.startswith("cis-") and serves(rule, name)
    }


def test_the_written_table_of_levels_is_the_one_that_holds() -> None:
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", enforcement.__doc__ or "", re.MULTILINE)
    (header, *body) = rows
    assert header == ("severity", *(environment.value for environment in Environment))
    assert body == [
        (severity.value, *(levels[environment].value for environment in Environment))
        for severity, levels in enforcement.LEVELS.items()
    ]


def test_the_pack_and_the_platform_know_the_same_end_of_support() -> None:
    assert {minor: release.standard_support_ends for minor, release in EKS_RELEASES.items()} == STANDARD_SUPPORT_ENDS


def test_the_pack_knows_when_each_minor_on_own_servers_had_its_last_patch() -> None:
    assert set(KUBEADM_MINORS) <= set(SUPPORT_ENDS)
    assert sorted(SUPPORT_ENDS.values()) == list(SUPPORT_ENDS.values())


def test_the_command_prints_every_rule_with_its_controls(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue"]) == 0
    printed = capsys.readouterr().out
    for rule in RULES:
        assert f"{rule.id} " in printed
        assert ", ".join(rule.controls) in printed
    assert printed.splitlines()[-1] == f"{len(RULES)} rules"
    fixable = [rule.id for rule in RULES if isinstance(rule, Rule) and rule.fix]
    assert all(re.search(rf"^{id_} +\w+ +fix ", printed, re.MULTILINE) for id_ in fixable)


def test_a_wrong_command_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog"]) == 2
    assert "usage: python -m policies" in capsys.readouterr().err
