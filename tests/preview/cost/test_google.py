"""Google Cloud: each sum here is worked out by hand from the prices in `preview/cost/prices/gcp.yaml`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.preview.cost.stacks import GCP, cost, gaps, lines, resource, usd

NODE = {"machineType": "e2-standard-4", "bootDisk": {"sizeGb": 50, "diskType": "pd-balanced"}}
ZONES = ["europe-west4-a", "europe-west4-b", "europe-west4-c"]


def _pool(**inputs: Any) -> Any:
    return resource(
        GCP, "gcp:container/nodePool:NodePool", "pool", {"location": "europe-west4", "nodeConfig": NODE, **inputs}
    )


def test_a_regional_clusters_pool_with_totals_is_not_multiplied_by_its_zones() -> None:
    pool = _pool(nodeLocations=ZONES, autoscaling={"totalMinNodeCount": 3, "totalMaxNodeCount": 12})
    assert lines(cost(pool)) == {
        "gcp/machine/e2-standard-4": usd("323.12", "1292.49"),  # 0.147544 x 730 = 107.70712; x 3; x 12
        "gcp/disk/pd-balanced": usd("16.50", "66.00"),  # 50 x 0.11; x 3; x 12
    }


@pytest.mark.parametrize(
    ("inputs", "nodes"),
    [
        ({"nodeLocations": ZONES, "autoscaling": {"minNodeCount": 1, "maxNodeCount": 2}}, (3, 6)),
        ({"nodeLocations": ZONES, "nodeCount": 2}, (6, 6)),
        ({"location": "europe-west4-a", "nodeCount": 2}, (2, 2)),
        ({"nodeCount": 1}, (3, 3)),  # GKE puts a regional pool into three zones by itself
    ],
)
def test_sizes_for_each_zone_are_multiplied_by_the_zones(inputs: dict[str, Any], nodes: tuple[int, int]) -> None:
    (line,) = [line for line in cost(_pool(**inputs)).lines if "machine" in line.price.item]
    assert (line.quantity.low, line.quantity.high) == nodes


def test_a_spot_pool_costs_the_spot_price() -> None:
    pool = _pool(nodeConfig={**NODE, "spot": True}, location="europe-west4-b", nodeCount=1)
    assert lines(cost(pool))["gcp/spot/e2-standard-4"] == usd("51.49")  # 0.070528 x 730 = 51.48544


def test_a_cluster_costs_its_fee_and_its_assumed_logs() -> None:
    cluster = resource(
        GCP,
        "gcp:container/cluster:Cluster",
        "main",
        {
            "location": "europe-west4",
            "removeDefaultNodePool": True,
            "loggingConfig": {"enableComponents": ["WORKLOADS"]},
        },
    )
    assert lines(cost(cluster)) == {"gcp/gke": usd("73.00"), "gcp/logs": usd("5.00")}


def test_a_default_pool_that_is_kept_is_counted() -> None:
    cluster = resource(
        GCP, "gcp:container/cluster:Cluster", "main", {"location": "europe-west4-a", "initialNodeCount": 2}
    )
    assert lines(cost(cluster))["gcp/machine/e2-medium"] == usd("53.85")  # 2 x 0.036886 x 730 = 53.85356


def test_pods_of_autopilot_are_named_as_not_in_the_sum() -> None:
    cluster = resource(GCP, "gcp:container/cluster:Cluster", "main", {"enableAutopilot": True})
    assert gaps(cost(cluster)) == [("pods of Autopilot", "they are charged by what they ask for")]


def test_nat_is_charged_for_the_machines_behind_it_and_for_no_more_than_32() -> None:
    nat = resource(GCP, "gcp:compute/routerNat:RouterNat", "nat", {"natIpAllocateOption": "AUTO_ONLY"})
    pool = _pool(nodeLocations=ZONES, autoscaling={"totalMinNodeCount": 3, "totalMaxNodeCount": 40})
    found = lines(cost(nat, pool))
    assert found["gcp/nat/machine"] == usd("3.07", "32.70")  # 3 x 0.0014 x 730 = 3.066; 32 x 0.0014 x 730 = 32.704
    assert found["gcp/nat/data"] == usd("4.50")
    assert found["gcp/public-ip"] == usd("3.65")


def test_a_disk_type_without_a_price_is_listed() -> None:
    pool = _pool(nodeConfig={**NODE, "bootDisk": {"sizeGb": 50, "diskType": "hyperdisk-balanced"}}, nodeCount=1)
    assert gaps(cost(pool)) == [
        ("hyperdisk-balanced disk of 50 GiB", "no price for gcp/disk/hyperdisk-balanced in europe-west4")
    ]
