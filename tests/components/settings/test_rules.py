"""Every rule between values says what is wrong, alone and beside any other mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest

from components.settings.base import Settings, rules_of
from components.settings.judge import entries_are_there_once
from components.settings.node_groups import NodeGroupSettings
from components.settings.rules import RULES
from components.settings.rules_aws import AWS_RULES
from components.settings.rules_azure import AZURE_RULES
from components.settings.rules_gcp import GCP_RULES
from components.settings.rules_node_groups import CLOUD_KEYS, GROUP_RULES, WITHOUT_GROUPS
from components.settings.rules_node_groups_aws import AWS_GROUP_RULES
from components.settings.rules_node_groups_azure import AZURE_GROUP_RULES
from components.settings.rules_node_groups_gcp import GCP_GROUP_RULES
from components.settings.rules_servers import SERVERS_RULES
from components.settings.stack import CLUSTER_KINDS, KINDS, StackSettings
from components.settings.unions import kind_of, models_within
from tests.components.settings.cases import Case, cases
from tests.components.settings.configurations import (
    EXISTING,
    SOUND,
    SOUND_AZURE,
    SOUND_GCP,
    SOUND_SERVERS,
    Changes,
    loaded,
    mistakes,
)

CASES: Final = {
    "aws": cases("rule_cases.yaml"),
    "azure": cases("rule_cases_azure.yaml"),
    "gcp": cases("rule_cases_gcp.yaml"),
    "servers": cases("rule_cases_servers.yaml"),
}
SOUND_ON: Final = {"aws": SOUND, "azure": SOUND_AZURE, "gcp": SOUND_GCP, "servers": SOUND_SERVERS}
RULES_ON: Final[Mapping[str, tuple[Callable[..., Any], ...]]] = {
    "aws": (*AWS_RULES, *AWS_GROUP_RULES),
    "azure": (*AZURE_RULES, *AZURE_GROUP_RULES),
    "gcp": (*GCP_RULES, *GCP_GROUP_RULES),
    "servers": SERVERS_RULES,
}
EACH_CASE = pytest.mark.parametrize(
    ("provider", "case"),
    [pytest.param(provider, case, id=f"{provider}-{case}") for provider, of in CASES.items() for case in of],
)
GROUP = ("node_groups", "general")


@EACH_CASE
def test_a_broken_rule_is_the_only_mistake_and_says_what_to_write(provider: str, case: Case) -> None:
    assert mistakes(case.changes, sound=SOUND_ON[provider]) == case.read


@EACH_CASE
def test_no_mistake_of_another_kind_hides_a_broken_rule(provider: str, case: Case) -> None:
    # An unknown key in every part and in the group, a wrong type, and an unknown part, all in one file.
    others: Changes = {(part, "nonsense"): 1 for part in ("provider", "network", "cluster", "registry", "storage")}
    changes: dict[tuple[str, ...], Any] = {
        **case.changes,
        **others,
        ("protection", "protect"): "yes",
        ("nonsense",): "1",
    }
    if ("node_groups",) not in case.changes and provider not in WITHOUT_GROUPS:
        changes[*GROUP, "nonsense"] = 1
    assert set(case.read) <= set(mistakes(changes, sound=SOUND_ON[provider]))


def models_on(provider: str, model: type[Settings] = StackSettings) -> Iterator[type[Settings]]:
    """The models of a stack on one provider."""
    yield model
    kinds = {provider, *(kind for kinds in KINDS[provider].values() for kind in kinds), *CLUSTER_KINDS[provider]}
    for name, field in model.model_fields.items():
        below = models_within(field.annotation)
        if name not in CLOUD_KEYS or name == provider:
            for found in below:
                yield from models_on(provider, found) if len(below) == 1 or kind_of(found) in kinds else ()


@pytest.mark.parametrize("provider", CASES)
def test_every_rule_has_a_case_on_each_provider_that_it_holds_on(provider: str) -> None:
    group_rules = () if provider in WITHOUT_GROUPS else GROUP_RULES
    rules = {*RULES, *group_rules, *RULES_ON[provider], entries_are_there_once}
    names = {rule.__name__ for rule in rules}
    models = [
        model for model in models_on(provider) if provider not in WITHOUT_GROUPS or model is not NodeGroupSettings
    ]
    names |= {rule.__name__ for model in models for rule in rules_of(model)}
    assert {case.rule for case in CASES[provider]} == names


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
        {(*GROUP, "image"): "bottlerocket", (*GROUP, "aws", "release_version"): "1.49.0-12345678"},
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


GENERAL_GCP: Final = SOUND_GCP["node_groups"]["general"]


@pytest.mark.parametrize(
    "changes",
    [
        {(*GROUP, "max_nodes"): 126},
        {(*GROUP, "max_nodes"): 254, ("cluster", "max_pods_per_node"): 64},
        {(*GROUP, "max_nodes"): 254, (*GROUP, "gcp"): {"pods_per_node": 64}},
        {(*GROUP, "max_nodes"): 254, ("network", "pod_cidr"): "10.128.0.0/16"},
        {(*GROUP, "min_nodes"): 1, (*GROUP, "max_nodes"): 1},
        {(*GROUP, "zones"): ["a"]},
        {("node_groups", "a" * 32): GENERAL_GCP},
        {("node_groups",): {}, ("cluster", "mode"): "autopilot"},
        {
            ("node_groups",): {},
            ("cluster", "autoscaler"): "node-auto-provisioning",
            ("cluster", "node_auto_provisioning"): {"max_cpu_cores": 8, "max_memory_gib": 32},
        },
        {("cluster", "version"): "1.34", ("cluster", "release_channel"): "extended"},
        {("cluster", "dns_endpoint"): False, ("cluster", "reach"): "inside-network"},
        {("cluster", "dns_endpoint"): False, ("cluster", "api_access"): ["203.0.113.0/24"]},
        {("cluster", "maintenance"): {"days": ["sat", "sun"], "hours": 6}},
        {("network", "egress"): "none"},
        {("node_groups", "gpu"): {**GENERAL_GCP, "machine_types": ["g2-standard-4"], "gcp": {"gpu_driver": "latest"}}},
        {
            ("storage", "block", "disk_type"): "hyperdisk-balanced",
            ("storage", "block", "iops"): 6000,
            (*GROUP, "machine_types"): ["n4-standard-4"],
            ("node_groups", "old"): {**GENERAL_GCP, "taints": {"old": {"effect": "NoSchedule"}}},
        },
        {("tags",): {"cost-center": "4711", "team": ""}},
        {("registry",): {"kind": "artifact-registry"}, ("storage",): {"kind": "gcp"}, ("network", "kind"): "gcp"},
    ],
    ids=str,
)
def test_what_is_just_within_the_rules_is_taken_on_google_cloud(changes: Changes) -> None:
    assert loaded(changes, SOUND_GCP)
