"""Azure: each sum here is worked out by hand from the prices in `preview/cost/prices/azure.yaml`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from preview.plan import UNKNOWN
from tests.preview.cost.stacks import AZURE, cost, gaps, lines, resource, usd

POOL = {"vmSize": "Standard_D4s_v5", "enableAutoScaling": True, "minCount": 2, "maxCount": 5, "osDiskType": "Ephemeral"}


@pytest.mark.parametrize(("tier", "monthly"), [("Free", "0.00"), ("Standard", "73.00"), ("Premium", "438.00")])
@pytest.mark.parametrize("version", ["", "/v20250801"])
def test_a_control_plane_costs_by_its_tier_whatever_api_version_its_type_names(
    tier: str, monthly: str, version: str
) -> None:
    cluster = resource(AZURE, f"azure-native:containerservice{version}:ManagedCluster", "main", {"sku": {"tier": tier}})
    assert lines(cost(cluster)) == {f"azure/aks/{tier}": usd(monthly)}


def test_a_pool_is_where_its_cluster_is_and_an_ephemeral_disk_is_the_machines_own() -> None:
    cluster = resource(
        AZURE, "azure-native:containerservice:ManagedCluster", "main", {"location": "germanywestcentral"}
    )
    pool = resource(
        AZURE,
        "azure-native:containerservice:AgentPool",
        "pool",
        {"resourceName": UNKNOWN, **POOL},
        {"resourceName": cluster},
    )
    found = cost(cluster, pool)
    assert lines(found)["azure/machine/Standard_D4s_v5"] == usd("335.80", "839.50")  # 0.23 x 730 = 167.90; x 2; x 5
    assert {line.price.region for line in found.lines if "machine" in line.price.item} == {"germanywestcentral"}


def test_a_pool_inside_the_cluster_is_counted_once() -> None:
    inside = {"agentPoolProfiles": [{"name": "system", **POOL}, {"name": "user", **POOL}]}
    cluster = resource(AZURE, "azure-native:containerservice:ManagedCluster", "main", inside)
    apart = resource(
        AZURE,
        "azure-native:containerservice:AgentPool",
        "user",
        {"agentPoolName": "user", "resourceName": UNKNOWN, **POOL},
        {"resourceName": cluster},
    )
    machines = [line for line in cost(cluster, apart).lines if "machine" in line.price.item]
    assert sum(line.quantity.high for line in machines) == 10


def test_disks_cost_as_the_smallest_tier_that_they_fit_in() -> None:
    def disk(gib: int) -> Any:
        inputs = {"location": "eastus", "sku": {"name": "Premium_LRS"}, "diskSizeGB": gib}
        return resource(AZURE, "azure-native:compute:Disk", f"disk-{gib}", inputs)

    assert lines(cost(disk(32), disk(100))) == {"azure/disk/P4": usd("5.28"), "azure/disk/P10": usd("19.71")}
    assert gaps(cost(disk(33))) == [("disk P6, 33 GiB", "no price for azure/disk/P6 in eastus")]


def test_egress_and_registry_cost_where_they_are() -> None:
    found = cost(
        resource(AZURE, "azure-native:network:NatGateway", "nat", {"location": "West Europe"}),
        resource(AZURE, "azure-native:network:PublicIPAddress", "nat", {"location": "westeurope"}),
        resource(AZURE, "azure-native:containerregistry:Registry", "images", {"sku": {"name": "Premium"}}),
        resource(AZURE, "azure-native:operationalinsights:Workspace", "logs", {}),
    )
    assert lines(found) == {
        "azure/nat": usd("32.85"),  # 0.045 x 730
        "azure/nat/data": usd("4.50"),  # 100 x 0.045
        "azure/public-ip": usd("3.65"),  # 0.005 x 730
        "azure/registry/Premium": usd("50.00"),
        "azure/logs": usd("29.90"),  # 10 GiB x 2.99
    }


def test_pools_of_a_clusters_own_that_the_program_ignores_later_are_named_and_not_counted() -> None:
    first = {"agentPoolProfiles": [{"name": "first", **POOL}]}
    cluster = replace(
        resource(AZURE, "azure-native:containerservice:ManagedCluster", "main", first),
        ignore_changes=("agentPoolProfiles",),
    )
    pool = resource(AZURE, "azure-native:containerservice:AgentPool", "pool", POOL, {"resourceName": cluster})
    found = cost(cluster, pool)
    assert [line.name for line in found.lines if "machine" in line.price.item] == ["pool"]
    assert ("pools of the cluster's own", "the program ignores what becomes of them") in gaps(found)
