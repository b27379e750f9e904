"""What must hold between the resources of every example on Azure, once it stands."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest

from preview.plan import Resource, Secret
from preview.recorded import Record
from preview.schema import inputs_of
from tests.stacks.stack_files import STACK_FILES, applied
from tests.stacks.states import by_output, of_type

AGENT_POOL = "azure-native:containerservice:AgentPool"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
CLUSTER = "azure-native:containerservice:ManagedCluster"
GROUP = "azure-native:resources:ResourceGroup"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
SECURITY_GROUP = "azure-native:network:NetworkSecurityGroup"
STORAGE_ACCOUNT = "azure-native:storage:StorageAccount"
SUBNET = "azure-native:network:Subnet"
VAULT = "azure-native:keyvault:Vault"
WORLD = ("0.0.0.0/0", "::/0", "*", "Internet", "Any")

ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
BROAD_ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
}
EXAMPLES = {name: file for name, file in STACK_FILES.items() if name.startswith("azure-")}


@pytest.fixture(scope="module", params=EXAMPLES.values(), ids=list(EXAMPLES))
def state(request: pytest.FixtureRequest) -> Record:
    """A stack's resources with every output known."""
    return applied(request.param)


def ours(state: Record) -> list[Resource]:
    """All of Azure's resources."""
    return [item for item in state.resources.values() if item.type.startswith("azure-native:") and not item.external]


def the_cluster(state: Record) -> Resource:
    """The one cluster that each of these stacks has."""
    (cluster,) = of_type(state, CLUSTER)
    return cluster


def roles_by_principal(state: Record) -> dict[str, set[tuple[str, str]]]:
    """Role and scope of each assignment, by the principal that holds it."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in of_type(state, ASSIGNMENT):
        role = str(item.inputs["roleDefinitionId"]).rpartition("/")[2]
        found[str(item.inputs["principalId"])].add((role, str(item.inputs["scope"])))
    return found


def identity(state: Record, name: str) -> Resource:
    """A managed identity by its logical name."""
    (found,) = [item for item in of_type(state, IDENTITY) if item.name == name]
    return found


def pools(state: Record) -> Iterator[dict[str, Any]]:
    """What every node pool is made from, the cluster's first one too."""
    yield from (dict(pool.inputs) for pool in of_type(state, AGENT_POOL))
    yield from the_cluster(state).inputs["agentPoolProfiles"]


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


def test_the_kubelet_may_pull_and_nothing_else(state: Record) -> None:
    (registry,) = of_type(state, "azure-native:containerregistry:Registry")
    pullers = {
        principal for principal, roles in roles_by_principal(state).items() if (ACR_PULL, str(registry.id)) in roles
    }
    (puller,) = pullers
    assert roles_by_principal(state)[puller] == {(ACR_PULL, str(registry.id))}
    if of_type(state, AGENT_POOL):
        assert puller == identity(state, "cluster-kubelet").outputs["principalId"]


def test_the_control_plane_may_change_its_subnets_and_no_network(state: Record) -> None:
    roles = roles_by_principal(state)[identity(state, "cluster-control-plane").outputs["principalId"]]
    scopes = {scope for role, scope in roles if role == NETWORK_CONTRIBUTOR}
    profile = the_cluster(state).inputs["apiServerAccessProfile"]
    assert scopes == {str(profile["subnetId"]), *(str(pool["vnetSubnetID"]) for pool in pools(state))}


def test_every_identity_has_some_right_and_none_is_broad(state: Record) -> None:
    by_principal = roles_by_principal(state)
    for item in of_type(state, IDENTITY):
        assert by_principal[item.outputs["principalId"]], item.urn
    subscription = f"/subscriptions/{the_subscription(state)}"
    for item in of_type(state, ASSIGNMENT):
        role, scope = str(item.inputs["roleDefinitionId"]).rpartition("/")[2], str(item.inputs["scope"])
        assert role not in BROAD_ROLES, item.urn
        assert scope.rstrip("/") != subscription, item.urn
    platform = {str(group.id) for group in of_type(state, GROUP) if group.name == "platform"}
    broad = [scope for roles in by_principal.values() for role, scope in roles if role == CONTRIBUTOR]
    assert not platform & set(broad)


def test_a_right_of_the_cluster_stands_before_the_cluster_does(state: Record) -> None:
    cluster = the_cluster(state)
    principal = identity(state, "cluster-control-plane").outputs["principalId"]
    rights = [
        item
        for item in of_type(state, ASSIGNMENT)
        if item.inputs["principalId"] == principal and item.parent == cluster.parent
    ]
    assert rights
    assert {item.urn for item in rights} <= set(cluster.dependencies)


def test_nothing_lets_the_whole_internet_in(state: Record) -> None:
    for group in of_type(state, SECURITY_GROUP):
        for rule in group.inputs["securityRules"]:
            named = rule["destinationPortRanges"] == ["80", "443"] and group.name == "network-nodes"
            assert named or rule.get("sourceAddressPrefix") not in WORLD, group.urn
    allowed = the_cluster(state).inputs["apiServerAccessProfile"].get("authorizedIPRanges") or []
    assert not set(WORLD) & set(allowed)
    assert allowed or the_cluster(state).inputs["apiServerAccessProfile"]["enablePrivateCluster"] is True


def test_no_store_is_public(state: Record) -> None:
    for account in of_type(state, STORAGE_ACCOUNT):
        assert account.inputs["allowBlobPublicAccess"] is False, account.urn
        assert account.inputs["networkRuleSet"]["defaultAction"] == "Deny", account.urn
        assert account.inputs["enableHttpsTrafficOnly"] is True, account.urn
        assert account.inputs["minimumTlsVersion"] == "TLS1_2", account.urn
    for vault in of_type(state, VAULT):
        assert vault.inputs["properties"]["enableRbacAuthorization"] is True, vault.urn
    for registry in of_type(state, "azure-native:containerregistry:Registry"):
        assert registry.inputs["adminUserEnabled"] is False
        assert registry.inputs["anonymousPullEnabled"] is False
        premium = registry.inputs["sku"]["name"] == "Premium"
        assert (registry.inputs["publicNetworkAccess"] == "Disabled") == premium


def test_private_endpoints_stand_in_the_subnet_for_them(state: Record) -> None:
    profile = the_cluster(state).inputs["apiServerAccessProfile"]
    taken = {profile["subnetId"], *(pool["vnetSubnetID"] for pool in pools(state))}
    for endpoint in of_type(state, "azure-native:network:PrivateEndpoint"):
        assert endpoint.inputs["subnet"]["id"] not in taken


def test_nobody_gets_in_without_entra_id(state: Record) -> None:
    cluster = the_cluster(state).inputs
    automatic = cluster["sku"]["name"] == "Automatic"  # where it is AKS's own choice, and always so
    assert automatic or cluster["disableLocalAccounts"] is True
    assert cluster["aadProfile"]["managed"] is True
    assert cluster["aadProfile"]["enableAzureRBAC"] is True
    assert cluster["aadProfile"]["tenantID"] == the_provider(state).inputs["tenantId"]
    assert cluster["apiServerAccessProfile"]["disableRunCommand"] is True


def test_secrets_are_encrypted_by_a_key_of_the_stacks(state: Record) -> None:
    kms = the_cluster(state).inputs["securityProfile"]["azureKeyVaultKms"]
    vaults = by_output(state, VAULT)
    assert kms["enabled"] is True
    assert kms["keyVaultResourceId"] in vaults
    assert vaults[kms["keyVaultResourceId"]].inputs["properties"]["enablePurgeProtection"] is True


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


def test_the_kubeconfig_asks_entra_id_for_a_token(state: Record) -> None:
    (provider,) = of_type(state, "pulumi:providers:kubernetes")
    text = provider.inputs["kubeconfig"]
    assert isinstance(text, Secret)
    assert [user["user"]["exec"]["command"] for user in json.loads(text.value)["users"]] == ["kubelogin"]


def the_provider(state: Record) -> Resource:
    """The one provider of Azure's resources."""
    (provider,) = of_type(state, "pulumi:providers:azure-native")
    return provider


def the_subscription(state: Record) -> str:
    """The subscription that all is in."""
    return str(the_provider(state).inputs["subscriptionId"])
