"""What GKE is told of a cluster: safe by default, in either mode; what a change of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.settings import GcpStorageSettings, ProtectionSettings
from preview.plan import Operation
from tests.components.gcp.clusters import AUTO_PROVISIONING, gke_cluster
from tests.components.gcp.networks import gcp_network
from tests.components.plans import changed, operations, planned, standing

STANDARD: dict[str, Any] = {}
AUTOPILOT: dict[str, Any] = {"mode": "autopilot"}
KEY = "projects/key-project/locations/europe-west3/keyRings/platform/cryptoKeys/secrets"
both_modes = pytest.mark.parametrize("settings", [STANDARD, AUTOPILOT], ids=["standard", "autopilot"])


def told(**settings: Any) -> Mapping[str, Any]:
    """What GKE is told of the cluster."""
    return planned(lambda: gke_cluster(**settings))["Cluster", "cluster"].inputs


@both_modes
def test_old_doors_are_shut(settings: dict[str, Any]) -> None:
    inputs = told(**settings)
    assert inputs["enableLegacyAbac"] is False
    assert inputs["masterAuth"] == {"clientCertificateConfig": {"issueClientCertificate": False}}
    assert inputs["anonymousAuthenticationConfig"] == {"mode": "LIMITED"}
    assert set(inputs["rbacBindingConfig"].values()) == {False}
    assert inputs["serviceExternalIpsConfig"] == {"enabled": False}


@both_modes
def test_secrets_are_encrypted_pods_have_identities_and_costs_are_split(settings: dict[str, Any]) -> None:
    inputs = told(**settings)
    assert inputs["databaseEncryption"]["state"] == "ENCRYPTED"
    assert inputs["workloadIdentityConfig"] == {"workloadPool": "my-project.svc.id.goog"}
    assert inputs["costManagementConfig"] == {"enabled": True}


@both_modes
def test_the_control_planes_logs_are_always_kept(settings: dict[str, Any]) -> None:
    always = {"SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"}
    assert set(told(**settings)["loggingConfig"]["enableComponents"]) == {*always, "WORKLOADS"}
    assert set(told(**settings, workload_logs=False)["loggingConfig"]["enableComponents"]) == always


def test_metrics_beyond_the_systems_come_with_managed_prometheus() -> None:
    monitoring = told(managed_prometheus=False)["monitoringConfig"]
    assert monitoring["enableComponents"] == ["SYSTEM_COMPONENTS"]
    assert monitoring["managedPrometheus"] == {"enabled": False}
    assert "KUBELET" in told()["monitoringConfig"]["enableComponents"]


def test_a_standard_cluster_is_the_regions_with_dataplane_v2_and_shielded_nodes() -> None:
    inputs = told(max_pods_per_node=64)
    assert inputs["location"] == "europe-west3"
    assert inputs["nodeLocations"] == ["europe-west3-a", "europe-west3-b"]
    assert inputs["datapathProvider"] == "ADVANCED_DATAPATH"
    assert inputs["enableShieldedNodes"] is True
    assert inputs["defaultMaxPodsPerNode"] == 64


def test_autopilot_is_told_nothing_that_it_decides_or_refuses() -> None:
    # terraform-provider-google-beta, resource_container_cluster.go: what conflicts with enable_autopilot
    refused = {
        "removeDefaultNodePool", "initialNodeCount", "enableShieldedNodes", "enableIntranodeVisibility",
        "defaultMaxPodsPerNode", "networkPolicy", "nodeConfig", "nodePoolDefaults",
    }  # fmt: skip
    inputs = told(mode="autopilot")
    assert inputs["enableAutopilot"] is True
    assert not refused & inputs.keys()
    assert "dnsCacheConfig" not in inputs["addonsConfig"]
    assert not {"enabled", "resourceLimits"} & inputs["clusterAutoscaling"].keys()


@pytest.mark.parametrize("settings", [STANDARD, AUTOPILOT, AUTO_PROVISIONING], ids=["standard", "autopilot", "nap"])
def test_no_node_ever_acts_as_the_projects_default_account(settings: dict[str, Any]) -> None:
    resources = standing(lambda: gke_cluster(**settings))
    account = resources["Account", "cluster-node"].outputs["email"]
    inputs = resources["Cluster", "cluster"].inputs
    made_by_gke = inputs["clusterAutoscaling"].get("autoProvisioningDefaults", {})
    found = [it["serviceAccount"] for it in (inputs.get("nodeConfig"), made_by_gke) if it]
    assert found
    assert set(found) == {account}


def test_the_first_pool_is_gone_and_what_was_said_of_it_never_changes_the_cluster() -> None:
    inputs = told()
    assert inputs["removeDefaultNodePool"] is True
    assert inputs["initialNodeCount"] == 1
    resource = planned(gke_cluster)["Cluster", "cluster"]
    assert set(resource.ignore_changes) == {"initialNodeCount", "nodeConfig"}


def test_node_auto_provisioning_keeps_to_its_bounds_and_zones() -> None:
    scaling = told(**AUTO_PROVISIONING)["clusterAutoscaling"]
    assert scaling["enabled"] is True
    assert scaling["resourceLimits"] == [
        {"resourceType": "cpu", "maximum": 64},
        {"resourceType": "memory", "maximum": 256},
    ]
    assert scaling["autoProvisioningLocations"] == ["europe-west3-a", "europe-west3-b"]
    nodes = scaling["autoProvisioningDefaults"]
    assert nodes["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableIntegrityMonitoring": True}
    assert nodes["management"] == {"autoRepair": True, "autoUpgrade": True}
    assert told()["clusterAutoscaling"] == {"enabled": False}


def test_storage_brings_its_drivers_and_agents() -> None:
    storage = GcpStorageSettings.model_validate({"file": {}, "backup": {}})
    add_ons = planned(lambda: gke_cluster(storage=storage))["Cluster", "cluster"].inputs["addonsConfig"]
    assert add_ons["gcpFilestoreCsiDriverConfig"] == {"enabled": True}
    assert add_ons["gkeBackupAgentConfig"] == {"enabled": True}
    without = told()["addonsConfig"]
    assert without["gcpFilestoreCsiDriverConfig"] == without["gkeBackupAgentConfig"] == {"enabled": False}
    assert without["gcePersistentDiskCsiDriverConfig"] == {"enabled": True}


def test_checks_are_the_settings_choice() -> None:
    inputs = told(binary_authorization=True, security_posture="disabled")
    assert inputs["binaryAuthorization"] == {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}
    assert inputs["securityPostureConfig"]["mode"] == "DISABLED"
    assert told()["binaryAuthorization"] == {"evaluationMode": "DISABLED"}
    assert told()["securityPostureConfig"]["mode"] == "BASIC"


def test_the_cluster_comes_after_its_keys_grant_its_nodes_rights_and_its_networks_egress() -> None:
    resources = planned(gke_cluster)
    after = set(resources["Cluster", "cluster"].dependencies)
    for key in (
        ("CryptoKeyIAMMember", "cluster-secrets-use"),
        ("IAMMember", "cluster-node-node"),
        ("RouterNat", "network-nat"),
        ("Subnetwork", "network-subnet"),
    ):
        assert resources[key].urn in after


def test_gkes_own_agent_may_use_the_key_that_turns_every_90_days() -> None:
    resources = standing(gke_cluster)
    key = resources["CryptoKey", "cluster-secrets"]
    assert key.inputs["rotationPeriod"] == "7776000s"
    agent = resources["ServiceIdentity", "cluster-secrets-agent"]
    assert agent.inputs["service"] == "container.googleapis.com"
    grant = resources["CryptoKeyIAMMember", "cluster-secrets-use"].inputs
    assert (grant["cryptoKeyId"], grant["member"]) == (key.id, agent.outputs["member"])
    assert resources["Cluster", "cluster"].inputs["databaseEncryption"]["keyName"] == key.id


def test_a_key_of_the_settings_is_used_as_it_is_and_no_other_is_made() -> None:
    resources = planned(lambda: gke_cluster(secrets_key=KEY))
    assert resources["Cluster", "cluster"].inputs["databaseEncryption"] == {"state": "ENCRYPTED", "keyName": KEY}
    assert not [name for kind, name in resources if kind in ("KeyRing", "CryptoKey", "CryptoKeyIAMMember")]


def test_what_is_stateful_is_protected_where_the_stack_says_so() -> None:
    on = ProtectionSettings(protect=True, deletion_protection=True)
    network = planned(gcp_network)
    resources = planned(lambda: gke_cluster(protection=on))
    protected = {key for key, resource in resources.items() if resource.protect and key not in network}
    assert protected == {("Cluster", "cluster"), ("KeyRing", "cluster-secrets"), ("CryptoKey", "cluster-secrets")}
    assert resources["Cluster", "cluster"].inputs["deletionProtection"] is True
    assert told()["deletionProtection"] is False


def test_everything_that_takes_labels_has_the_stacks() -> None:
    resources = planned(gke_cluster)
    assert resources["Cluster", "cluster"].inputs["resourceLabels"]["team"] == "core"
    assert resources["CryptoKey", "cluster-secrets"].inputs["labels"]["infraplatform-stack"] == "test"


@pytest.mark.parametrize(("dual_stack", "stack"), [(False, "IPV4"), (True, "IPV4_IPV6")])
def test_pods_and_services_have_addresses_of_the_networks_families(*, dual_stack: bool, stack: str) -> None:
    made = planned(lambda: gke_cluster(dual_stack=dual_stack))["Cluster", "cluster"]
    assert made.inputs["ipAllocationPolicy"]["stackType"] == stack


def test_disks_of_nodes_that_no_group_makes_have_the_settings_key() -> None:
    key = "projects/my-project/locations/europe-west3/keyRings/platform/cryptoKeys/disks"

    def keys(**settings: Any) -> tuple[object, object]:
        made = planned(lambda: gke_cluster(disk_key=key, **settings))["Cluster", "cluster"].inputs
        defaults = made["clusterAutoscaling"].get("autoProvisioningDefaults", {})
        return made.get("nodeConfig", {}).get("bootDiskKmsKey"), defaults.get("bootDiskKmsKey")

    assert keys() == (key, None)
    assert keys(**AUTO_PROVISIONING) == (key, key)
    assert keys(**AUTOPILOT) == (None, key)


@both_modes
def test_a_second_preview_changes_nothing(settings: dict[str, Any]) -> None:
    assert operations(changed(lambda: gke_cluster(**settings), lambda: gke_cluster(**settings))) == {}


@pytest.mark.parametrize(
    "settings",
    [
        {"version": "1.36"},
        {"release_channel": "stable"},
        {"api_access": ["203.0.113.0/24"]},
        {"binary_authorization": True},
        {"workload_logs": False},
        AUTO_PROVISIONING,
    ],
)
def test_a_change_of_the_cluster_updates_it_alone_and_in_place(settings: dict[str, Any]) -> None:
    done = operations(changed(gke_cluster, lambda: gke_cluster(**settings)))
    assert done.pop(("Cluster", "cluster")) is Operation.UPDATE
    assert done.keys() <= {("GkeCluster", "cluster")}


@pytest.mark.parametrize("settings", [AUTOPILOT, {"max_pods_per_node": 32}, {"name": "other"}])
def test_what_is_fixed_at_creation_makes_another_cluster(settings: dict[str, Any]) -> None:
    done = operations(changed(gke_cluster, lambda: gke_cluster(**settings)))
    clusters = {operation for (kind, _), operation in done.items() if kind == "Cluster"}
    assert Operation.UPDATE not in clusters
    assert clusters & {Operation.REPLACE, Operation.CREATE}
