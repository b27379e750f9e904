"""A virtual network that stands already."""

from __future__ import annotations

from typing import Any

import pulumi

from tests.components.azure.networks import VNET, existing_azure_network
from tests.components.plans import planned


def seen(**settings: Any) -> dict[str, Any]:
    """What the network tells, with its outputs' values."""
    found: dict[str, Any] = {}

    def build() -> None:
        network = existing_azure_network("1", "2", **settings)
        found.update(zones=network.zones, cidrs=network.cidrs, endpoints=network.private_endpoint_subnet_id)
        outputs = {
            "id": network.network_id,
            "nodes": dict(network.node_subnet_ids),
            "control_plane": dict(network.control_plane_subnet_ids),
            "endpoints": network.private_endpoint_subnet_id,
        }
        pulumi.Output.all(**outputs).apply(found.update)

    assert {kind for kind, _ in planned(build) if kind != "Stack"} == {"ExistingAzureNetwork"}
    return found


def test_it_is_taken_by_its_ids_and_nothing_is_made() -> None:
    found = seen()
    assert found["id"] == VNET
    assert found["nodes"] == dict.fromkeys(("1", "2"), f"{VNET}/subnets/nodes")
    assert found["control_plane"] == dict.fromkeys(("1", "2"), f"{VNET}/subnets/api")
    assert found["endpoints"] == f"{VNET}/subnets/endpoints"
    assert [str(cidr) for cidr in found["cidrs"]] == ["10.60.0.0/16"]


def test_without_a_subnet_for_private_endpoints_it_has_none() -> None:
    assert seen(private_endpoint_subnet_id=None)["endpoints"] is None


def test_without_a_subnet_for_the_api_server_the_nodes_one_stands_for_it() -> None:
    assert set(seen(control_plane_subnet_id=None)["control_plane"].values()) == {f"{VNET}/subnets/nodes"}
