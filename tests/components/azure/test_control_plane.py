"""What AKS is told of a control plane: who reaches it, who may use it, networking, pools, guards."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest

from components.azure.control_plane import dns_address
from components.settings import ProtectionSettings
from preview.plan import Operation
from tests.components.azure.clusters import PUBLIC, aks_cluster, control_plane, with_cluster
from tests.components.azure.parts import TENANT
from tests.components.plans import changed, operations, planned


def told(**settings: Any) -> Any:
    """The cluster's inputs."""
    return control_plane(**settings).inputs


@pytest.mark.parametrize(
    ("settings", "sku", "plan"),
    [
        ({}, {"name": "Base", "tier": "Free"}, "KubernetesOfficial"),
        ({"tier": "standard"}, {"name": "Base", "tier": "Standard"}, "KubernetesOfficial"),
        ({"tier": "premium", "support": "long-term"}, {"name": "Base", "tier": "Premium"}, "AKSLongTermSupport"),
    ],
    ids=str,
)
def test_the_tier_and_the_support_are_the_settings(settings: dict[str, Any], sku: dict[str, str], plan: str) -> None:
    assert (told(**settings)["sku"], told(**settings)["supportPlan"]) == (sku, plan)


def test_without_named_networks_the_api_has_a_private_address_alone_in_a_subnet_of_its_own() -> None:
    assert told()["apiServerAccessProfile"] == {
        "enablePrivateCluster": True,
        "enablePrivateClusterPublicFQDN": False,
        "privateDNSZone": "system",
        "enableVnetIntegration": True,
        "subnetId": "subnet-1",
        "disableRunCommand": True,
    }


def test_named_networks_reach_a_public_address_and_nobody_else_does() -> None:
    assert told(**PUBLIC)["apiServerAccessProfile"] == {
        "enablePrivateCluster": False,
        "authorizedIPRanges": ["203.0.113.0/24", "198.51.100.7/32"],
        "enableVnetIntegration": True,
        "subnetId": "subnet-1",
        "disableRunCommand": True,
    }


def test_the_api_server_may_stay_out_of_the_network() -> None:
    settings = {"api_server_vnet_integration": False, "secrets": {"vault_access": "public"}}
    found = told(**settings)["apiServerAccessProfile"]
    assert found["enableVnetIntegration"] is False
    assert "subnetId" not in found
    assert ("RoleAssignment", "cluster-control-plane-api-server") not in planned(with_cluster(**settings))


def test_entra_id_and_azure_rbac_alone_say_who_may_do_what() -> None:
    found = told()
    assert found["aadProfile"] == {"managed": True, "enableAzureRBAC": True, "tenantID": TENANT}
    assert (found["disableLocalAccounts"], found["enableRBAC"]) == (True, True)


def test_pods_are_in_an_overlay_and_cilium_holds_network_policies() -> None:
    assert told(pod_cidr="10.128.0.0/16")["networkProfile"] == {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "networkDataplane": "cilium",
        "networkPolicy": "cilium",
        "podCidr": "10.128.0.0/16",
        "serviceCidr": "172.20.0.0/16",
        "dnsServiceIP": "172.20.0.10",
        "outboundType": "userAssignedNATGateway",
        "loadBalancerSku": "standard",
    }
    assert dns_address(IPv4Network("10.100.0.0/24")) == "10.100.0.10"


def test_pods_have_identities_and_an_issuer() -> None:
    found = told()
    assert found["oidcIssuerProfile"] == {"enabled": True}
    assert found["securityProfile"]["workloadIdentity"] == {"enabled": True}


def test_upgrades_come_by_the_settings_channels() -> None:
    assert told()["autoUpgradeProfile"] == {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}
    found = told(upgrade_channel="none", node_os_channel="security-patch")["autoUpgradeProfile"]
    assert found == {"upgradeChannel": "none", "nodeOSUpgradeChannel": "SecurityPatch"}


@pytest.mark.parametrize(
    ("settings", "mode"),
    [({}, "Manual"), ({"autoscaler": "node-auto-provisioning"}, "Auto"), ({"mode": "automatic"}, "Auto")],
)
def test_aks_provisions_nodes_where_the_settings_say_so(settings: dict[str, Any], mode: str) -> None:
    assert told(**settings)["nodeProvisioningProfile"]["mode"] == mode
    assert ("autoScalerProfile" in told(**settings)) is (settings == {})


def test_disks_have_the_key_of_the_settings_set_which_the_cluster_may_read() -> None:
    group = "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/resourceGroups/keys"
    disks = f"{group}/providers/Microsoft.Compute/diskEncryptionSets/platform"
    assert "diskEncryptionSetID" not in told()
    assert told(disk_encryption_set=disks)["diskEncryptionSetID"] == disks
    right = planned(with_cluster(disk_encryption_set=disks))["RoleAssignment", "cluster-control-plane-disks"]
    assert right.inputs["scope"] == disks


def test_aks_automatic_is_told_nothing_that_it_decides_by_itself() -> None:
    found = told(mode="automatic")
    assert found["sku"] == {"name": "Automatic", "tier": "Standard"}
    own = {"dnsPrefix", "enableRBAC", "disableLocalAccounts", "supportPlan", "identityProfile", "autoUpgradeProfile"}
    assert own.isdisjoint(found)
    assert own <= told().keys()


def test_pools_are_said_in_the_first_request_alone() -> None:
    found = control_plane()
    assert [pool["name"] for pool in found.inputs["agentPoolProfiles"]] == ["bootstrap"]
    assert found.ignore_changes == ("agentPoolProfiles",)


def test_the_cluster_waits_for_its_identitys_rights() -> None:
    waited_for = {urn.rpartition("::")[2] for urn in control_plane().dependencies}
    assert {
        "cluster-control-plane-nodes",
        "cluster-control-plane-api-server",
        "cluster-control-plane-kubelet",
        "cluster-etcd-use",
        "cluster-etcd-endpoint",
    } <= waited_for


def test_pulumi_guards_the_cluster_and_its_key_where_the_settings_say_so() -> None:
    resources = planned(lambda: aks_cluster(protection=ProtectionSettings(protect=True)))
    guarded = {key for key, it in resources.items() if it.protect}
    assert guarded == {("ManagedCluster", "cluster"), ("Vault", "cluster-etcd"), ("Key", "cluster-etcd")}
    assert not any(it.protect for it in planned(aks_cluster).values())


@pytest.mark.parametrize(
    "change",
    [
        {"pod_cidr": "10.128.0.0/16"},
        {"service_cidr": "10.100.0.0/16"},
        {"outbound_type": "loadBalancer"},
        {"name": "other"},
    ],
    ids=str,
)
def test_what_aks_cannot_change_makes_another_cluster(change: dict[str, Any]) -> None:
    found = operations(changed(with_cluster(), with_cluster(**change)))
    assert found["ManagedCluster", "cluster"] in {Operation.REPLACE, Operation.DELETE}


@pytest.mark.parametrize(
    "change",
    [PUBLIC, {"tier": "standard"}, {"upgrade_channel": "none"}, {"defender": True}, {"azure_policy": True}],
    ids=str,
)
def test_what_aks_can_change_changes_the_cluster_that_stands(change: dict[str, Any]) -> None:
    found = operations(changed(with_cluster(), with_cluster(**change)))
    assert found["ManagedCluster", "cluster"] is Operation.UPDATE
    assert set(found.values()) == {Operation.UPDATE}
