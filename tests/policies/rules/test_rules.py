"""Each rule passes what is right, finds what is wrong, and says where it cannot tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from policies.catalogue import CATALOGUE
from policies.judge import Outcome
from policies.properties import UNKNOWN, Properties
from policies.rule import Resource, Rule, StackRule
from policies.rules.kubernetes_pods import CHART
from tests.policies.cases import Case, StackCase, findings, outcomes, resource, with_input
from tests.policies.rules import (
    aws_cases,
    aws_cluster_cases,
    azure_cases,
    azure_node_cases,
    gcp_cases,
    gcp_node_cases,
    kubeadm_cases,
    kubeadm_runtime_cases,
    kubeadm_stack_cases,
    kubernetes_cases,
)

CASES: Final[tuple[Case, ...]] = (
    *aws_cluster_cases.CASES,
    *aws_cases.CASES,
    *azure_cases.CASES,
    *azure_node_cases.CASES,
    *gcp_cases.CASES,
    *gcp_node_cases.CASES,
    *kubeadm_cases.CASES,
    *kubeadm_runtime_cases.RUNTIME_CASES,
    *kubernetes_cases.CASES,
)
STACK_CASES: Final[tuple[StackCase, ...]] = (
    *aws_cases.STACK_CASES,
    *azure_cases.STACK_CASES,
    *gcp_node_cases.STACK_CASES,
    *kubeadm_stack_cases.STACK_CASES,
    *kubernetes_cases.STACK_CASES,
)


def _named(value: object) -> str | None:
    """A case by its name; resources by their number, since a part of them is written with its address in memory."""
    return str(value) if isinstance(value, StackCase) else None


FIXABLE: Final = tuple(rule for rule in CATALOGUE.values() if isinstance(rule, Rule) and rule.fix)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_passes_what_is_right(case: Case) -> None:
    assert [finding.message for finding in findings(case.rule, case.subject({}))] == []


@pytest.mark.parametrize(("case", "changes"), [(case, broken) for case in CASES for broken in case.broken], ids=str)
def test_a_rule_finds_what_is_wrong(case: Case, changes: dict[str, Any]) -> None:
    assert outcomes(case.rule, case.subject(changes)) == {Outcome.BROKEN}


@pytest.mark.parametrize(("case", "path"), [(case, path) for case in CASES for path in case.unknown], ids=str)
def test_a_rule_says_where_it_cannot_tell(case: Case, path: str) -> None:
    assert outcomes(case.rule, case.subject({path: UNKNOWN})) == {Outcome.CANNOT_TELL}


@pytest.mark.parametrize("case", STACK_CASES, ids=str)
def test_a_stack_rule_passes_what_is_right(case: StackCase) -> None:
    assert [finding.message for finding in findings(case.rule, case.subject, *case.passing)] == []


@pytest.mark.parametrize(
    ("case", "among"), [(case, some) for case in STACK_CASES for some in case.all_broken], ids=_named
)
def test_a_stack_rule_finds_what_is_wrong(case: StackCase, among: tuple[Resource, tuple[Resource, ...]]) -> None:
    subject, others = among
    assert outcomes(case.rule, subject, *others) == {Outcome.BROKEN}


@pytest.mark.parametrize(
    ("case", "among"), [(case, some) for case in STACK_CASES for some in case.all_unknown], ids=_named
)
def test_a_stack_rule_says_where_it_cannot_tell(case: StackCase, among: tuple[Resource, tuple[Resource, ...]]) -> None:
    subject, others = among
    assert outcomes(case.rule, subject, *others) == {Outcome.CANNOT_TELL}


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: str(rule.id))
def test_every_rule_has_its_three_cases_on_each_of_its_types(rule: Rule | StackRule) -> None:
    cases = [(case.rule, case.type) for case in CASES if case.broken and case.unknown]
    cases += [(case.rule, case.subject.type) for case in STACK_CASES if case.all_broken and case.all_unknown]
    assert {type_ for id_, type_ in cases if id_ == rule.id} == set(rule.types) - {CHART}  # which can only be unknown


@pytest.mark.parametrize("rule", ["kubernetes-privileged", "kubernetes-security-context"])
def test_a_chart_is_never_taken_for_safe(rule: str) -> None:
    (finding,) = findings(rule, resource(CHART, {"chart": "oci://registry.example/charts/shop", "values": {}}))
    assert finding.outcome is Outcome.CANNOT_TELL
    assert "chart is rendered by Helm during the update" in finding.message


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: str(rule.id))
def test_a_fix_makes_the_rule_pass_and_leaves_what_is_right(rule: Rule) -> None:
    assert rule.fix is not None
    fixed = 0
    for case in (case for case in CASES if case.rule == rule.id):
        assert list(rule.fix(case.subject({}))) == []
        for changes in case.broken:
            subject = case.subject(changes)
            inputs = subject.inputs.raw
            for path, value in rule.fix(subject):
                inputs = with_input(inputs, path, value)
            if inputs is not subject.inputs.raw:  # a rule may know no safe fix of one of its faults
                assert outcomes(case.rule, replace(subject, inputs=Properties(inputs))) == set()
                fixed += 1
    assert fixed
