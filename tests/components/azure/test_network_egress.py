"""The way out of a virtual network."""

from __future__ import annotations

from tests.components.azure.networks import azure_network
from tests.components.plans import planned, standing


def test_the_nodes_alone_lead_out_by_the_nat_gateway_and_its_address() -> None:
    resources = standing(azure_network)
    gateway = resources["NatGateway", "network-nat"]
    assert gateway.inputs["publicIpAddresses"] == [{"id": resources["PublicIPAddress", "network-nat-address"].id}]
    leading_out = {name for (kind, name), it in resources.items() if kind == "Subnet" and "natGateway" in it.inputs}
    assert leading_out == {"network-nodes"}
    assert resources["Subnet", "network-nodes"].inputs["natGateway"] == {"id": gateway.id}


def test_the_address_stays_and_is_in_all_zones() -> None:
    address = planned(azure_network)["PublicIPAddress", "network-nat-address"].inputs
    assert address["zones"] == ["1", "2", "3"]
    assert (address["sku"]["name"], address["publicIPAllocationMethod"]) == ("Standard", "Static")


def test_the_gateway_is_of_the_sku_that_is_in_one_zone_which_azure_chooses() -> None:
    gateway = planned(azure_network)["NatGateway", "network-nat"].inputs
    assert gateway["sku"] == {"name": "Standard"}
    assert "zones" not in gateway


def test_aks_makes_its_own_load_balancer() -> None:
    kinds = {kind for kind, _ in planned(lambda: azure_network(egress="load-balancer"))}
    assert not kinds & {"NatGateway", "PublicIPAddress", "LoadBalancer"}
