"""Node groups: one per zone, sizes as totals, safe machines, new before old."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.node_groups import EksNodeGroup, sizes_by_zone
from components.errors import ConfigurationError
from components.settings import NodeGroupSettings
from components.terms import Taint, TaintEffect
from preview.plan import Operation
from tests.components.aws.clusters import (
    ZONES,
    changed,
    eks_cluster,
    node_group,
    operations,
    planned,
    standing,
    with_group,
)
from tests.components.aws.networks import of_type, vpc_network
from tests.support import plan


def groups(**settings: Any) -> dict[str, Any]:
    """The inputs of the physical groups by zone."""
    made = of_type(planned(with_group(**settings)), "NodeGroup")
    return {name.rpartition("-")[2]: group.inputs for name, group in made.items()}


def template(**settings: Any) -> Any:
    return planned(with_group(**settings))["LaunchTemplate", "node-group-general-template"].inputs


def test_there_is_one_physical_group_per_zone_of_the_cluster() -> None:
    assert sorted(groups()) == ["a", "b"]


def test_a_group_may_have_zones_of_its_own_beyond_the_control_planes() -> None:
    assert sorted(groups(zones=("c",))) == ["c"]


def test_each_groups_nodes_are_in_the_private_subnet_of_its_zone() -> None:
    resources = standing(with_group())
    for zone in ("a", "b"):
        subnet = resources["Subnet", f"network-node-{zone}"]
        assert resources["NodeGroup", f"node-group-general-{zone}"].inputs["subnetIds"] == [subnet.id]
        assert subnet.inputs["mapPublicIpOnLaunch"] is False


def test_sizes_are_totals_that_differ_by_one_at_most_and_start_at_the_minimum() -> None:
    found = {zone: inputs["scalingConfig"] for zone, inputs in groups(min_nodes=3, max_nodes=7).items()}
    assert found == {
        "a": {"desiredSize": 2, "minSize": 2, "maxSize": 4},
        "b": {"desiredSize": 1, "minSize": 1, "maxSize": 3},
    }


@pytest.mark.parametrize(
    ("min_nodes", "max_nodes"), [(least, most) for most in (4, 5, 8, 11) for least in range(most + 1)]
)
def test_no_zones_minimum_is_above_its_maximum_and_nothing_is_lost(min_nodes: int, max_nodes: int) -> None:
    settings = NodeGroupSettings(machine_types=("m7g.large",), min_nodes=min_nodes, max_nodes=max_nodes)
    sizes = sizes_by_zone(settings, ("a", "b", "c")).values()
    assert sum(size.min_nodes for size in sizes) == min_nodes
    assert sum(size.max_nodes for size in sizes) == max_nodes
    assert all(size.min_nodes <= size.max_nodes for size in sizes)


def test_the_order_of_zones_moves_no_size() -> None:
    settings = NodeGroupSettings(machine_types=("m7g.large",), min_nodes=3, max_nodes=5)
    assert sizes_by_zone(settings, ("b", "a")) == sizes_by_zone(settings, ("a", "b"))


def test_the_live_count_is_the_autoscalers() -> None:
    for group in of_type(planned(with_group()), "NodeGroup").values():
        assert group.ignore_changes == ("scalingConfig.desiredSize",)


def test_metadata_needs_a_token_and_ends_at_the_host() -> None:
    options = {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}
    assert template()["metadataOptions"] == options


def test_no_machine_gets_a_public_address_and_all_are_in_the_clusters_security_group() -> None:
    resources = standing(with_group())
    (interface,) = resources["LaunchTemplate", "node-group-general-template"].inputs["networkInterfaces"]
    assert interface["associatePublicIpAddress"] == "false"
    cluster = resources["Cluster", "cluster"].outputs
    assert interface["securityGroups"] == [cluster["vpcConfig"]["clusterSecurityGroupId"]]


def test_what_a_machine_is_made_of_carries_the_stacks_tags() -> None:
    kinds = {entry["resourceType"]: entry["tags"] for entry in template()["tagSpecifications"]}
    assert set(kinds) == {"instance", "volume", "network-interface"}
    assert all(tags["team"] == "core" for tags in kinds.values())


@pytest.mark.parametrize(("capacity", "expected"), [("on-demand", "ON_DEMAND"), ("spot", "SPOT")])
def test_machines_are_bought_as_the_settings_say(capacity: str, expected: str) -> None:
    types = ("m7g.large", "m6g.large")
    for inputs in groups(capacity=capacity, machine_types=types).values():
        assert inputs["capacityType"] == expected
        assert inputs["instanceTypes"] == list(types)


def test_labels_taints_repair_and_unavailability_reach_eks_in_its_own_words() -> None:
    taints = {"gpu": {"value": "yes", "effect": "NoSchedule"}, "old": {"effect": "NoExecute"}}
    inputs = groups(labels={"tier": "web"}, taints=taints, aws={"max_unavailable_percent": 20, "node_repair": False})[
        "a"
    ]
    assert inputs["labels"] == {"tier": "web"}
    assert inputs["taints"] == [
        {"key": "gpu", "value": "yes", "effect": "NO_SCHEDULE"},
        {"key": "old", "value": "", "effect": "NO_EXECUTE"},
    ]
    assert inputs["updateConfig"] == {"maxUnavailablePercentage": 20}
    assert inputs["nodeRepairConfig"] == {"enabled": False}


def test_nodes_follow_the_clusters_version_and_an_image_release_where_one_is_named() -> None:
    assert groups()["a"]["version"] == "1.35"
    assert "releaseVersion" not in groups()["a"]
    assert groups(aws={"release_version": "1.35.8-20260917"})["a"]["releaseVersion"] == "1.35.8-20260917"


def test_nodes_come_after_what_they_need_and_the_ways_out() -> None:
    resources = planned(with_group())
    waits_for = set(resources["NodeGroup", "node-group-general-a"].dependencies)
    for kind, name in [
        ("Addon", "cluster-vpc-cni"),
        ("Addon", "cluster-kube-proxy"),
        ("Addon", "cluster-eks-pod-identity-agent"),
        ("RolePolicyAttachment", "cluster-node-worker"),
        ("RolePolicyAttachment", "cluster-node-pull"),
    ]:
        assert resources[kind, name].urn in waits_for, name
    assert {route.urn for route in of_type(resources, "Route").values()} <= waits_for


def test_the_contract_says_what_the_settings_said() -> None:
    made: list[EksNodeGroup] = []
    build = with_group(key="gpu", labels={"tier": "web"}, taints={"gpu": {"effect": "NoSchedule"}})
    plan(lambda: made.append(build()))
    (group,) = made
    assert (group.name, group.min_nodes, group.max_nodes) == ("gpu", 2, 6)
    assert group.labels == {"tier": "web"}
    assert group.taints == (Taint(key="gpu", value="", effect=TaintEffect.NO_SCHEDULE),)
    assert sorted(group.group_names) == ["a", "b"]
    assert len(group.ready) == 2


@pytest.mark.parametrize(
    "replacing", [{"machine_types": ("m8g.large",)}, {"capacity": "spot"}, {"image": "bottlerocket"}]
)
def test_what_aws_cannot_change_makes_new_groups_before_the_old_go(replacing: dict[str, Any]) -> None:
    preview = changed(with_group(), with_group(**replacing))
    done = operations(preview)
    assert done["NodeGroup", "node-group-general-a"] is Operation.REPLACE
    assert done["NodeGroup", "node-group-general-b"] is Operation.REPLACE
    for step in preview.steps:
        if step.operation is Operation.REPLACE:
            assert step.resource.delete_before_replace is not True
            assert "nodeGroupName" not in step.resource.inputs  # autonamed, so both fit side by side


def test_a_larger_disk_updates_in_place() -> None:
    done = operations(changed(with_group(), with_group(disk_gib=80)))
    assert done["LaunchTemplate", "node-group-general-template"] is Operation.UPDATE
    assert Operation.REPLACE not in done.values()


def test_another_group_only_creates() -> None:
    def both() -> None:
        network = vpc_network(*ZONES)
        cluster = eks_cluster(network)
        node_group(cluster, network)
        node_group(cluster, network, "batch")

    assert set(operations(changed(with_group(), both)).values()) == {Operation.CREATE}


def test_fewer_nodes_than_zones_are_refused_by_their_key() -> None:
    with pytest.raises(ConfigurationError, match=r"node_groups\.general\.max_nodes: max_nodes 1 .* write 2 or more"):
        planned(with_group(min_nodes=1, max_nodes=1))


def test_a_node_group_in_auto_mode_is_refused() -> None:
    def build() -> None:
        network = vpc_network(*ZONES)
        node_group(eks_cluster(network, autoscaler="auto-mode"), network, cluster_settings={"autoscaler": "auto-mode"})

    with pytest.raises(ConfigurationError, match="EKS makes the nodes of a cluster in Auto Mode"):
        planned(build)
