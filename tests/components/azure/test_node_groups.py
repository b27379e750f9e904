"""Node pools on AKS: sizes as totals, counts that are the autoscaler's, new before old, pods before nodes."""

from __future__ import annotations

from typing import Any

import pytest

from components.azure.node_groups import AksNodeGroup
from components.errors import ConfigurationError
from components.terms import Taint, TaintEffect
from preview.plan import Operation
from tests.components.azure.groups import drain, group, pool, with_group
from tests.components.doubles import TAGS
from tests.components.plans import changed, operations
from tests.support import plan


def test_one_pool_spans_the_clusters_zones_or_the_groups_own() -> None:
    assert pool().inputs["availabilityZones"] == ["1", "2"]
    assert pool(zones=("2",)).inputs["availabilityZones"] == ["2"]


def test_the_order_of_zones_moves_nothing() -> None:
    found = operations(changed(with_group(zones=("1", "2")), with_group(zones=("2", "1"))))
    assert found.keys() <= {("AksNodeGroup", "node-group-general")}


def test_limits_are_totals_over_the_zones_and_the_autoscalers() -> None:
    found = pool(min_nodes=3, max_nodes=7).inputs
    assert (found["enableAutoScaling"], found["minCount"], found["maxCount"]) == (True, 3, 7)


def test_a_pool_starts_with_its_minimum_which_no_later_setting_of_it_sets_again() -> None:
    assert pool(min_nodes=3).inputs["count"] == 3
    preview = changed(with_group(min_nodes=2), with_group(min_nodes=4, max_nodes=9))
    assert operations(preview) == {("AgentPool", "general"): Operation.UPDATE}
    (step,) = (step for step in preview.steps if step.operation is Operation.UPDATE)
    assert set(step.changes) == {"minCount", "maxCount"}


def test_without_an_autoscaler_the_settings_have_the_count() -> None:
    cluster = {"autoscaler": "none"}
    found = pool(cluster=cluster, min_nodes=3).inputs
    assert (found["enableAutoScaling"], found["count"]) == (False, 3)
    assert "minCount" not in found
    preview = changed(with_group(cluster=cluster, min_nodes=3), with_group(cluster=cluster, min_nodes=4))
    (step,) = (step for step in preview.steps if step.operation is Operation.UPDATE)
    assert set(step.changes) == {"count"}


@pytest.mark.parametrize(
    ("settings", "mode"),
    [
        ({}, "System"),
        ({"taints": {"CriticalAddonsOnly": {"effect": "NoSchedule"}}}, "System"),
        ({"min_nodes": 0}, "User"),
        ({"capacity": "spot"}, "User"),
        ({"taints": {"gpu": {"effect": "NoSchedule"}}}, "User"),
    ],
    ids=str,
)
def test_a_group_that_system_pods_can_live_in_is_a_system_pool(settings: dict[str, Any], mode: str) -> None:
    assert pool(**settings).inputs["mode"] == mode


def test_nodes_have_the_clusters_version_and_no_public_address() -> None:
    found = pool().inputs
    assert found["orchestratorVersion"] == "1.35"
    assert "enableNodePublicIP" not in found
    assert found["vnetSubnetID"] == "subnet-1"


def test_nodes_come_after_what_they_need() -> None:
    waited_for = {urn.rpartition("::")[2] for urn in pool().dependencies}
    assert {"nodes-right", "subnets"} <= waited_for


def test_an_upgrade_adds_nodes_and_takes_none_away_unless_told_so() -> None:
    upgrade = {"drain_timeout_minutes": 60, "soak_minutes": 10, "undrainable_nodes": "cordon"}
    assert pool(azure={"upgrade": upgrade}).inputs["upgradeSettings"] == {
        "maxSurge": "1",
        "maxUnavailable": "0",
        "drainTimeoutInMinutes": 60,
        "nodeSoakDurationInMinutes": 10,
        "undrainableNodeBehavior": "Cordon",
    }


def test_spot_pools_upgrade_without_machines_that_may_not_come() -> None:
    assert "maxSurge" not in pool(capacity="spot").inputs["upgradeSettings"]


def test_the_contract_says_what_the_nodes_carry() -> None:
    made: list[AksNodeGroup] = []
    settings: dict[str, Any] = {"labels": {"tier": "web"}, "taints": {"gpu": {"effect": "NoSchedule"}}}
    plan(lambda: made.append(group("gpu", capacity="spot", **settings)))
    (found,) = made
    assert (found.name, found.min_nodes, found.max_nodes) == ("gpu", 2, 6)
    assert found.labels == {"tier": "web"}
    spot = Taint(key="kubernetes.azure.com/scalesetpriority", value="spot", effect=TaintEffect.NO_SCHEDULE)
    assert found.taints == (Taint(key="gpu", value="", effect=TaintEffect.NO_SCHEDULE), spot)
    assert sorted(found.group_names) == ["1", "2"]
    assert [it.pulumi_resource_name for it in found.ready] == ["gpu"]


def test_the_pool_is_told_all_taints_in_akss_form() -> None:
    assert pool(capacity="spot", taints={"workload": {"value": "batch", "effect": "NoExecute"}}).inputs[
        "nodeTaints"
    ] == [
        "workload=batch:NoExecute",
        "kubernetes.azure.com/scalesetpriority=spot:NoSchedule",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"labels": {"tier": "web"}},
        {"taints": {"tier": {"effect": "NoSchedule"}}},
        {"azure": {"upgrade": {"max_surge": "33%"}}},
        {"tags": {**TAGS, "team": "other"}},
    ],
    ids=str,
)
def test_what_aks_can_change_changes_the_pool_that_stands(change: dict[str, Any]) -> None:
    found = operations(changed(with_group(), with_group(**change)))
    assert found == {("AgentPool", "general"): Operation.UPDATE}


@pytest.mark.parametrize(
    "change",
    [
        {"machine_types": ("Standard_D8s_v5",)},
        {"capacity": "spot"},
        {"image": "ubuntu"},
        {"disk_gib": 128},
        {"zones": ("1",)},
        {"azure": {"disk": "ephemeral"}},
        {"azure": {"encryption_at_host": False}},
        {"azure": {"secure_boot": False}},
        {"azure": {"vtpm": False}},
        {"azure": {"pods_per_node": 60}},
    ],
    ids=str,
)
def test_what_aks_cannot_change_makes_a_pool_under_another_name_before_the_old_one_goes(change: dict[str, Any]) -> None:
    preview = changed(with_group(), with_group(**change))
    found = operations(preview)
    assert found["AgentPool", "general"] is Operation.REPLACE
    (step,) = (it for it in preview.steps if it.resource.name == "general" and it.operation is Operation.REPLACE)
    assert step.resource.delete_before_replace is False
    assert step.old is not None
    assert step.resource.inputs["agentPoolName"] != step.old.inputs["agentPoolName"]
    assert "agentPoolName" in step.changes


def test_a_new_pool_brings_a_new_drain_and_the_old_drain_goes_before_the_old_pool() -> None:
    preview = changed(with_group(), with_group(disk_gib=128))
    assert operations(preview)["Command", "general-drain"] is Operation.REPLACE
    (step,) = (it for it in preview.steps if it.resource.name == "general-drain")
    assert step.resource.delete_before_replace is False
    assert pool().urn in drain().dependencies


def test_a_drain_knows_its_pool_by_what_no_preview_forgets() -> None:
    environment = drain(azure={"upgrade": {"drain_timeout_minutes": 45}}, cluster={}).inputs["environment"]
    assert environment == {
        "SUBSCRIPTION": "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
        "RESOURCE_GROUP": "platform-1a2b3c4d",
        "CLUSTER": "cluster-1a2b3c",
        "POOL": pool().inputs["agentPoolName"],
        "MINUTES": "45",
        "PROXY": "",
    }
    proxied = {"reach": "proxy", "proxy_url": "http://proxy:3128"}
    assert drain(cluster=proxied).inputs["environment"]["PROXY"] == "http://proxy:3128"


def test_making_a_group_runs_nothing() -> None:
    assert drain().inputs["create"] == ":"


def test_with_the_cluster_pool_and_drain_just_go() -> None:
    assert pool().deleted_with == drain().deleted_with
    assert str(pool().deleted_with).rpartition("::")[2] == "control-plane"


def test_to_want_no_drain_any_more_drains_nothing() -> None:
    preview = changed(with_group(), with_group(azure={"drain": False}))
    assert operations(preview) == {("Command", "general-drain"): Operation.UPDATE}
    assert drain(azure={"drain": False}).inputs["delete"] == ":"
    assert "kubectl drain" in drain().inputs["delete"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cluster": {"mode": "automatic"}}, "AKS makes the nodes of a cluster in AKS Automatic"),
        ({"machine_types": ("Standard_D4s_v5", "Standard_D8s_v5")}, r"machine_types: names 2 machine types"),
        ({"key": "a" * 9}, "room for 8 letters and digits"),
        ({"key": "web-1"}, "without hyphens"),
    ],
    ids=str,
)
def test_what_cannot_be_made_is_refused_by_its_key(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        plan(with_group(**settings))
