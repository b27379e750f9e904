"""Every rule between values says what is wrong, alone and beside any other mistake."""

from __future__ import annotations

from typing import Any

import pytest

from components.settings.base import rules_of
from components.settings.json_schema import models_of
from components.settings.judge import entries_are_there_once
from components.settings.rules import RULES
from components.settings.rules_node_groups import GROUP_RULES
from components.settings.stack import StackSettings
from tests.components.settings.cases import Case, cases
from tests.components.settings.configurations import EXISTING, SOUND, Changes, loaded, mistakes

CASES = cases("rule_cases.yaml")
GROUP = ("node_groups", "general")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_broken_rule_is_the_only_mistake_and_says_what_to_write(case: Case) -> None:
    assert mistakes(case.changes) == case.read


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_mistake_of_another_kind_hides_a_broken_rule(case: Case) -> None:
    # An unknown key in every part and in the group, a wrong type, and an unknown part, all in one file.
    others: Changes = {(part, "nonsense"): 1 for part in ("provider", "network", "cluster", "registry", "storage")}
    changes: dict[tuple[str, ...], Any] = {
        **case.changes,
        **others,
        ("protection", "protect"): "yes",
        ("nonsense",): "1",
    }
    if ("node_groups",) not in case.changes:
        changes[*GROUP, "nonsense"] = 1
    assert set(case.read) <= set(mistakes(changes))


def test_every_rule_has_a_case() -> None:
    rules = {*RULES, *GROUP_RULES, entries_are_there_once}
    names = {rule.__name__ for rule in rules}
    names |= {rule.__name__ for model in models_of(StackSettings) for rule in rules_of(model)}
    assert {case.rule for case in CASES} == names


def test_one_group_s_wrong_value_hides_no_other_group_s_mistake() -> None:
    small = {"machine_types": ["m7g.large"], "min_nodes": 1, "max_nodes": 1}
    found = mistakes({("node_groups", "broken"): {**small, "zones": 5}, ("node_groups", "small"): small})
    assert [line.partition(":")[0] for line in found] == ["node_groups.broken.zones", "node_groups.small.max_nodes"]


def test_a_rule_that_needs_a_wrong_value_says_nothing() -> None:
    found = mistakes({(*GROUP, "max_nodes"): "many", (*GROUP, "min_nodes"): 400})
    assert [line.partition(":")[0] for line in found] == ["node_groups.general.max_nodes"]


@pytest.mark.parametrize(
    "changes",
    [
        {(*GROUP, "max_nodes"): 2},
        {(*GROUP, "min_nodes"): 6},
        {(*GROUP, "zones"): ["a"], (*GROUP, "max_nodes"): 1, (*GROUP, "min_nodes"): 1},
        {(*GROUP, "taints"): {"CriticalAddonsOnly": {"effect": "NoSchedule"}}},
        {(*GROUP, "taints"): {"batch": {"effect": "PreferNoSchedule"}}},
        {("node_groups",): {}, ("cluster", "autoscaler"): "auto-mode"},
        {("network", "egress"): "none"},
        {("network", "egress"): "none", ("registry", "pull_through"): {}, ("cluster", "autoscaler"): "none"},
        {("cluster", "api_access"): ["0.0.0.0/0"], ("cluster", "api_open_to_world"): True},
        {("cluster", "api_access"): [], ("layer",): "infrastructure"},
        {("cluster", "reach"): "proxy", ("cluster", "proxy_url"): "http://proxy:3128"},
        {("network",): {"existing": EXISTING}},
        {("network",): {"existing": {**EXISTING, "control_plane_subnet_ids": EXISTING["node_subnet_ids"]}}},
        {("cluster", "ip_family"): "ipv6", ("network", "dual_stack"): True},
        {(*GROUP, "image"): "bottlerocket", (*GROUP, "release_version"): "1.49.0-12345678"},
        {("storage", "block", "iops"): 4000, ("storage", "block", "throughput_mib_per_second"): 1000},
        {("storage", "block", "default"): False, ("storage", "file", "default"): True},
        {("layer",): "in_cluster", ("infrastructure_stack",): "organization/infraplatform/dev"},
    ],
    ids=str,
)
def test_what_is_just_within_the_rules_is_taken(changes: Changes) -> None:
    assert loaded(changes)


def test_the_sound_configuration_is_sound() -> None:
    assert loaded({}).model_dump(mode="json", include={"provider"})["provider"] == SOUND["provider"]
