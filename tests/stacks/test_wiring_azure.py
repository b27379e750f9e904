"""What must hold between network, cluster, pools and groups of every example on Azure, once it stands."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from preview.recorded import Record
from preview.schema import inputs_of
from tests.stacks.azure_states import (
    AGENT_POOL,
    EXAMPLES,
    GROUP,
    SUBNET,
    ours,
    pools,
    standing,
    the_cluster,
    the_provider,
)
from tests.stacks.states import by_output, of_type


@pytest.fixture(params=EXAMPLES)
def state(request: pytest.FixtureRequest) -> Record:
    """An example's resources with every output known."""
    return standing(request.param)


def test_every_node_is_in_the_networks_node_subnet_without_a_public_address(state: Record) -> None:
    nodes = {subnet_id for subnet_id, subnet in by_output(state, SUBNET).items() if subnet.name == "network-nodes"}
    subnets = {str(pool.get("vnetSubnetID")) for pool in pools(state)}
    assert len(subnets) == 1
    if nodes:  # none where the network exists already
        assert subnets == nodes
    assert not any(pool.get("enableNodePublicIP") for pool in pools(state))


def test_the_api_server_has_a_delegated_subnet_of_its_own(state: Record) -> None:
    profile = the_cluster(state).inputs["apiServerAccessProfile"]
    assert profile["enableVnetIntegration"] is True
    assert profile["subnetId"] not in {pool.get("vnetSubnetID") for pool in pools(state)}
    made = by_output(state, SUBNET)
    if made:
        (delegation,) = made[profile["subnetId"]].inputs["delegations"]
        assert delegation["serviceName"] == "Microsoft.ContainerService/managedClusters"


def test_no_range_of_network_pods_and_services_overlaps_another(state: Record) -> None:
    profile = the_cluster(state).inputs["networkProfile"]
    ranges = [IPv4Network(profile["podCidr"]), IPv4Network(profile["serviceCidr"])]
    ranges += [IPv4Network(subnet.inputs["addressPrefix"]) for subnet in of_type(state, SUBNET)]
    assert not [pair for pair in combinations(ranges, 2) if pair[0].overlaps(pair[1])]


def test_subnets_lie_in_their_network(state: Record) -> None:
    for network in of_type(state, "azure-native:network:VirtualNetwork"):
        around = [IPv4Network(cidr) for cidr in network.inputs["addressSpace"]["addressPrefixes"]]
        for subnet in of_type(state, SUBNET):
            assert subnet.inputs["virtualNetworkName"] == network.outputs["name"]
            assert any(IPv4Network(subnet.inputs["addressPrefix"]).subnet_of(cidr) for cidr in around)


def test_the_cluster_leads_out_as_its_subnet_does(state: Record) -> None:
    outbound = the_cluster(state).inputs["networkProfile"]["outboundType"]
    for subnet in of_type(state, SUBNET):
        if subnet.name == "network-nodes":
            assert ("natGateway" in subnet.inputs) == (outbound == "userAssignedNATGateway")


def test_every_pool_belongs_to_the_cluster_and_its_name_fits(state: Record) -> None:
    cluster = the_cluster(state)
    names = [pool.inputs["agentPoolName"] for pool in of_type(state, AGENT_POOL)]
    assert len(names) == len(set(names))
    for pool in of_type(state, AGENT_POOL):
        assert pool.inputs["resourceName"] == cluster.outputs["name"]
        assert len(pool.inputs["agentPoolName"]) <= 12


def test_a_cluster_of_node_groups_has_a_system_pool(state: Record) -> None:
    if of_type(state, AGENT_POOL):
        assert "System" in {pool.inputs["mode"] for pool in of_type(state, AGENT_POOL)}


def test_everything_that_takes_tags_carries_the_stacks(state: Record) -> None:
    for item in ours(state):
        shape = inputs_of(item.type)
        assert shape is not None, item.type
        if "tags" in shape.properties and item.type not in UNTAGGED:
            assert "infraplatform-stack" in item.inputs.get("tags", {}), item.urn


UNTAGGED = {
    "azure-native:dataprotection:BackupInstance",
    "azure-native:network:PrivateDnsZoneGroup",
}
"""What has tags in Azure's API and is a part of something that carries them."""


def test_everything_is_in_the_platforms_group_and_made_by_the_stacks_own_provider(state: Record) -> None:
    provider = the_provider(state)
    groups = {group.outputs["name"] for group in of_type(state, GROUP)}
    for item in ours(state):
        assert item.provider is not None
        assert item.provider.startswith(f"{provider.urn}::"), item.urn
        if item.type != "azure-native:network:FlowLog":  # whose watcher is in a group of Azure's
            assert item.inputs.get("resourceGroupName", next(iter(groups))) in groups, item.urn


def test_everything_that_stands_somewhere_stands_in_the_region(state: Record) -> None:
    region = the_provider(state).inputs["location"]
    for item in ours(state):
        assert item.inputs.get("location", region) in (region, "Global"), item.urn


def test_what_is_kept_outlives_the_group_that_it_is_in(state: Record) -> None:
    kept = [item for item in ours(state) if item.retain_on_delete]
    for group in of_type(state, GROUP):
        assert not kept or group in kept, group.urn
