"""A virtual network on Azure as a whole, and what a change of it costs."""

from __future__ import annotations

import pytest

from components.settings import ProtectionSettings
from preview.plan import Operation
from tests.components.azure.networks import TAGS, azure_network
from tests.components.plans import changed, operations, planned, standing

NAT = {("NatGateway", "network-nat"), ("PublicIPAddress", "network-nat-address")}


@pytest.mark.parametrize("egress", ["nat-gateway", "load-balancer"])
def test_every_resource_is_a_child_of_the_network_and_in_the_platforms_group(egress: str) -> None:
    resources = planned(lambda: azure_network(egress=egress))
    network = resources["AzureNetwork", "network"].urn
    for (kind, name), resource in resources.items():
        if resource.custom:
            assert resource.parent == network, name
            group = "NetworkWatcherRG" if kind == "FlowLog" else "platform"
            assert resource.inputs["resourceGroupName"] == group, name


def test_every_resource_that_takes_tags_and_a_place_has_them() -> None:
    for (kind, name), resource in planned(azure_network).items():
        if resource.custom and kind != "Subnet":  # which is where its network is, without tags
            assert resource.inputs["tags"] == TAGS, name
            assert resource.inputs["location"] == "westeurope", name


def test_the_networks_updates_leave_its_subnets_alone() -> None:
    assert "subnets" not in planned(azure_network)["VirtualNetwork", "network-vnet"].inputs


def test_the_network_and_its_subnets_are_protected_where_the_stack_says_so() -> None:
    def protected(*, protect: bool) -> set[tuple[str, str]]:
        resources = planned(lambda: azure_network(protection=ProtectionSettings(protect=protect)))
        return {key for key, resource in resources.items() if resource.protect}

    assert protected(protect=True) == {
        ("VirtualNetwork", "network-vnet"),
        ("Subnet", "network-nodes"),
        ("Subnet", "network-control-plane"),
        ("Subnet", "network-private-endpoints"),
    }
    assert protected(protect=False) == set()


def test_zones_share_the_subnets_in_the_order_of_the_settings() -> None:
    def built() -> None:
        network = azure_network("2", "1")
        assert network.zones == ("2", "1")
        for subnets in (network.node_subnet_ids, network.control_plane_subnet_ids):
            assert list(subnets) == ["2", "1"]
            assert len(set(map(id, subnets.values()))) == 1

    assert planned(built)


def test_a_further_zone_changes_nothing() -> None:
    preview = changed(lambda: azure_network("1", "2"), lambda: azure_network("1", "2", "3"))
    assert operations(preview) == {}


def test_a_second_preview_changes_nothing() -> None:
    assert operations(changed(azure_network, azure_network)) == {}


def test_another_tag_updates_what_carries_tags_and_nothing_that_stands_on_it() -> None:
    done = operations(changed(azure_network, lambda: azure_network(tags={**TAGS, "team": "other"})))
    assert set(done.values()) == {Operation.UPDATE}
    assert {kind for kind, _ in done} == {
        "FlowLog",
        "NatGateway",
        "NetworkSecurityGroup",
        "PublicIPAddress",
        "StorageAccount",
        "VirtualNetwork",
    }


def test_a_nat_gateway_only_creates_beside_the_nodes_subnet() -> None:
    done = operations(changed(lambda: azure_network(egress="load-balancer"), azure_network))
    del done["AzureNetwork", "network"]
    assert done == {
        **dict.fromkeys(NAT, Operation.CREATE),
        ("Subnet", "network-nodes"): Operation.UPDATE,
    }


def test_a_network_without_a_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"needs network\.cidr"):
        planned(lambda: azure_network(cidr=None))


def test_nodes_wait_for_the_subnets() -> None:
    def built() -> None:
        network = azure_network()
        names = {resource._name for resource in network.ready}
        assert names == {"network-nodes", "network-control-plane", "network-private-endpoints"}

    assert standing(built)
