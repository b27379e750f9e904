"""Node pools: sizes as totals, counts that are the autoscaler's, upgrades, new before old."""

from __future__ import annotations

from typing import Any

import pytest

from components.errors import ConfigurationError
from components.gcp.node_groups import GkeNodeGroup, initial_nodes_per_zone
from components.settings import NodeGroupSettings
from components.terms import Taint, TaintEffect
from preview.plan import Operation
from tests.components.gcp.groups import KEY, NODES, group, machine, pool, with_group
from tests.components.plans import changed, operations
from tests.support import plan


def test_one_pool_spans_the_clusters_zones_or_the_groups_own() -> None:
    assert pool().inputs["nodeLocations"] == ["europe-west3-a", "europe-west3-b"]
    assert pool(zones=("c", "a")).inputs["nodeLocations"] == ["europe-west3-a", "europe-west3-c"]


def test_the_order_of_zones_moves_nothing() -> None:
    assert operations(changed(with_group(zones=("a", "b")), with_group(zones=("b", "a")))).keys() <= {
        ("GkeNodeGroup", "node-group-general")
    }


def test_limits_are_totals_over_the_zones() -> None:
    assert pool(min_nodes=3, max_nodes=7).inputs["autoscaling"] == {
        "totalMinNodeCount": 3,
        "totalMaxNodeCount": 7,
        "locationPolicy": "BALANCED",
    }


def test_each_zone_has_its_share_where_limits_are_per_zone() -> None:
    made = pool(min_nodes=4, max_nodes=6, gcp={"limits": "per-zone"})
    assert made.inputs["autoscaling"] == {"minNodeCount": 2, "maxNodeCount": 3, "locationPolicy": "BALANCED"}
    assert made.inputs["initialNodeCount"] == 2


@pytest.mark.parametrize(
    ("least", "most", "zones", "each"), [(0, 4, 3, 0), (2, 6, 2, 1), (3, 7, 2, 2), (3, 3, 2, 1), (1, 1, 3, 0)]
)
def test_a_pool_starts_with_its_minimum_unless_that_is_above_its_maximum(
    least: int, most: int, zones: int, each: int
) -> None:
    settings = NodeGroupSettings(machine_types=("n4-standard-4",), min_nodes=least, max_nodes=most)
    assert initial_nodes_per_zone(settings, zones) == each
    assert each * zones <= most


def test_the_live_count_is_the_autoscalers_and_no_size_replaces_the_pool() -> None:
    made = pool()
    assert made.inputs["ignoreNodeCountChanges"] is True
    assert "nodeCount" not in made.inputs
    assert operations(changed(with_group(), with_group(min_nodes=4, max_nodes=9))) == {
        ("NodePool", "general"): Operation.UPDATE
    }


def test_without_an_autoscaler_nothing_scales_the_pool() -> None:
    assert "autoscaling" not in pool(cluster={"autoscaler": "none"}).inputs


def test_nodes_follow_the_control_plane_by_themselves_and_are_repaired() -> None:
    made = pool().inputs
    assert made["management"] == {"autoRepair": True, "autoUpgrade": True}
    assert "version" not in made


def test_nodes_have_no_public_address_and_only_their_own_service_account() -> None:
    assert pool().inputs["networkConfig"]["enablePrivateNodes"] is True
    assert machine()["serviceAccount"] == NODES


def test_a_surge_upgrade_adds_nodes_and_takes_none_away_unless_told_so() -> None:
    assert pool().inputs["upgradeSettings"] == {"strategy": "SURGE", "maxSurge": 1, "maxUnavailable": 0}


def test_a_blue_green_upgrade_drains_in_batches_and_soaks() -> None:
    upgrade = {"strategy": "blue-green", "batch_percent": 25, "batch_soak_minutes": 5, "soak_minutes": 90}
    assert pool(gcp={"upgrade": upgrade}).inputs["upgradeSettings"] == {
        "strategy": "BLUE_GREEN",
        "blueGreenSettings": {
            "standardRolloutPolicy": {"batchPercentage": 0.25, "batchSoakDuration": "300s"},
            "nodePoolSoakDuration": "5400s",
        },
    }


def test_disruption_budgets_hold_when_a_pool_goes() -> None:
    assert pool().inputs["nodeDrainConfigs"] == [{"respectPdbDuringNodePoolDeletion": True}]


def test_pods_per_node_are_the_groups_or_the_clusters() -> None:
    assert pool(cluster={"max_pods_per_node": 64}).inputs["maxPodsPerNode"] == 64
    assert pool(gcp={"pods_per_node": 32}).inputs["maxPodsPerNode"] == 32


def test_nodes_come_after_what_they_need() -> None:
    waited_for = {urn.rpartition("::")[2] for urn in pool().dependencies}
    assert {"rights-of-nodes", "nat", "key-grant"} <= waited_for


def test_the_contract_says_what_the_settings_said() -> None:
    made: list[GkeNodeGroup] = []
    plan(lambda: made.append(group("gpu", labels={"tier": "web"}, taints={"gpu": {"effect": "NoSchedule"}})))
    (found,) = made
    assert (found.name, found.min_nodes, found.max_nodes) == ("gpu", 2, 6)
    assert found.labels == {"tier": "web"}
    assert found.taints == (Taint(key="gpu", value="", effect=TaintEffect.NO_SCHEDULE),)
    assert sorted(found.group_names) == ["a", "b"]
    assert len(found.ready) == 1


@pytest.mark.parametrize(
    "change",
    [{"machine_types": ("n4-standard-8",)}, {"image": "ubuntu"}, {"disk_gib": 90}, {"labels": {"tier": "web"}}],
)
def test_what_gke_can_change_replaces_nodes_in_the_pool_that_stands(change: dict[str, Any]) -> None:
    assert operations(changed(with_group(), with_group(**change)))["NodePool", "general"] is Operation.UPDATE


@pytest.mark.parametrize("change", [{"capacity": "spot"}, {"gcp": {"disk_key": KEY}}, {"gcp": {"secure_boot": False}}])
def test_what_gke_cannot_change_makes_a_new_pool_before_the_old_goes(change: dict[str, Any]) -> None:
    preview = changed(with_group(), with_group(**change))
    assert operations(preview)["NodePool", "general"] is Operation.REPLACE
    (step,) = (step for step in preview.steps if step.operation is Operation.REPLACE)
    assert step.resource.delete_before_replace is not True
    assert "name" not in step.resource.inputs or step.resource.inputs["name"] != "general"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cluster": {"mode": "autopilot"}}, "GKE makes the nodes of a cluster in Autopilot"),
        ({"machine_types": ("n4-standard-4", "n4-standard-8")}, r"machine_types: names 2 machine types"),
        ({"cluster": {"autoscaler": "none"}, "min_nodes": 3}, r"min_nodes: is 3, .* write a multiple of 2"),
        ({"key": "a" * 33}, "33 characters"),
    ],
)
def test_what_cannot_be_made_is_refused_by_its_key(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        plan(with_group(**settings))
