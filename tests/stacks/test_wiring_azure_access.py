"""Who may do what, and who gets in from where, in every example on Azure, once it stands."""

from __future__ import annotations

import json

import pytest

from preview.plan import Secret
from preview.recorded import Record
from tests.stacks.azure_states import (
    AGENT_POOL,
    ASSIGNMENT,
    EXAMPLES,
    GROUP,
    IDENTITY,
    identity,
    pools,
    roles_by_principal,
    standing,
    the_cluster,
    the_provider,
    the_subscription,
)
from tests.stacks.states import by_output, of_type

SECURITY_GROUP = "azure-native:network:NetworkSecurityGroup"
STORAGE_ACCOUNT = "azure-native:storage:StorageAccount"
VAULT = "azure-native:keyvault:Vault"
WORLD = ("0.0.0.0/0", "::/0", "*", "Internet", "Any")
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
BROAD_ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
}


@pytest.fixture(params=EXAMPLES)
def state(request: pytest.FixtureRequest) -> Record:
    """An example's resources with every output known."""
    return standing(request.param)


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


def test_the_kubeconfig_asks_entra_id_for_a_token(state: Record) -> None:
    (provider,) = of_type(state, "pulumi:providers:kubernetes")
    text = provider.inputs["kubeconfig"]
    assert isinstance(text, Secret)
    assert [user["user"]["exec"]["command"] for user in json.loads(text.value)["users"]] == ["kubelogin"]
