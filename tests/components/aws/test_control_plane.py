"""The control plane: its name, its key, its logs, its role, and Auto Mode."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from typing import Any

import pytest

from components.aws.control_plane import LOG_TYPES, physical_name
from components.settings import EksClusterSettings, ProtectionSettings
from preview.plan import Operation
from tests.components.aws.clusters import changed, eks_cluster, eks_settings, operations, planned, standing
from tests.components.aws.networks import of_type

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"
CIDR = IPv4Network("10.20.0.0/16")


def cluster_inputs(**settings: Any) -> Any:
    return planned(lambda: eks_cluster(**settings))["Cluster", "cluster"].inputs


def name_of(settings: EksClusterSettings, *, cidr: IPv4Network = CIDR, stack: str = "dev") -> str:
    return physical_name(settings, cidr, "infraplatform", stack)


def test_the_physical_name_is_frozen() -> None:
    assert name_of(eks_settings()) == "cluster-5de22a"


@pytest.mark.parametrize(
    "fixed",
    [
        {"ip_family": "ipv6"},
        {"service_cidr": IPv4Network("172.30.0.0/16")},
        {"secrets_key_arn": KEY},
        {"name": "other"},
    ],
)
def test_what_eks_cannot_change_changes_the_name(fixed: dict[str, Any]) -> None:
    assert name_of(eks_settings(**fixed)) != name_of(eks_settings())


def test_another_stack_or_network_has_another_name() -> None:
    names = {
        name_of(eks_settings()),
        name_of(eks_settings(), stack="prod"),
        name_of(eks_settings(), cidr=IPv4Network("10.0.0.0/16")),
    }
    assert len(names) == 3


@pytest.mark.parametrize(
    "changeable",
    [{"version": "1.36"}, {"support": "extended"}, {"api_access": ("203.0.113.0/24",)}, {"autoscaler": "karpenter"}],
)
def test_what_eks_can_change_leaves_the_name(changeable: dict[str, Any]) -> None:
    assert name_of(eks_settings(**changeable)) == name_of(eks_settings())


def test_a_service_range_means_nothing_where_services_have_ipv6() -> None:
    ranges = ("172.20.0.0/16", "172.30.0.0/16")
    assert len({name_of(eks_settings(ip_family="ipv6", service_cidr=IPv4Network(text))) for text in ranges}) == 1


def test_the_endpoint_is_private_unless_networks_are_named() -> None:
    vpc_config = cluster_inputs()["vpcConfig"]
    assert vpc_config["endpointPrivateAccess"] is True
    assert vpc_config["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in vpc_config


def test_a_public_endpoint_is_for_the_named_networks_only() -> None:
    vpc_config = cluster_inputs(api_access=("203.0.113.0/24",))["vpcConfig"]
    assert vpc_config["endpointPrivateAccess"] is True
    assert vpc_config["endpointPublicAccess"] is True
    assert vpc_config["publicAccessCidrs"] == ["203.0.113.0/24"]


def test_the_interfaces_are_in_the_control_plane_subnets_of_the_clusters_zones() -> None:
    resources = standing(lambda: eks_cluster(zones=("c", "a")))
    subnets = [resources["Subnet", f"network-control-plane-{zone}"].id for zone in ("a", "c")]
    assert resources["Cluster", "cluster"].inputs["vpcConfig"]["subnetIds"] == subnets


def test_access_is_by_entries_alone_and_nobody_is_administrator_for_having_made_it() -> None:
    inputs = cluster_inputs()
    expected = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    assert inputs["accessConfig"] == expected
    assert inputs["bootstrapSelfManagedAddons"] is False


@pytest.mark.parametrize(("support", "support_type"), [("standard", "STANDARD"), ("extended", "EXTENDED")])
def test_the_support_policy_is_always_said(support: str, support_type: str) -> None:
    assert cluster_inputs(support=support)["upgradePolicy"] == {"supportType": support_type}


def test_protection_is_pulumis_and_the_clouds() -> None:
    protection = ProtectionSettings(protect=True, deletion_protection=True)
    resources = planned(lambda: eks_cluster(protection=protection))
    assert resources["Cluster", "cluster"].protect
    assert resources["Key", "cluster-secrets"].protect
    assert resources["Cluster", "cluster"].inputs["deletionProtection"] is True


def test_secrets_are_wrapped_by_a_rotated_key_of_the_clusters_own() -> None:
    resources = standing(eks_cluster)
    key = resources["Key", "cluster-secrets"]
    assert key.inputs["enableKeyRotation"] is True
    encryption = resources["Cluster", "cluster"].inputs["encryptionConfig"]
    assert encryption == {"provider": {"keyArn": key.outputs["arn"]}, "resources": ["secrets"]}
    policy = json.loads(resources["RolePolicy", "cluster-control-plane-secrets-key"].inputs["policy"])
    assert [statement["Resource"] for statement in policy["Statement"]] == [key.outputs["arn"]]


def test_an_existing_key_is_used_and_none_is_made() -> None:
    resources = planned(lambda: eks_cluster(secrets_key_arn=KEY))
    assert of_type(resources, "Key") == {}
    assert resources["Cluster", "cluster"].inputs["encryptionConfig"]["provider"]["keyArn"] == KEY


def test_all_logs_go_to_a_group_that_stands_before_the_cluster_and_keeps_them_so_long() -> None:
    resources = planned(lambda: eks_cluster(log_retention_days=30))
    cluster, logs = resources["Cluster", "cluster"], resources["LogGroup", "cluster-logs"]
    assert tuple(cluster.inputs["enabledClusterLogTypes"]) == LOG_TYPES
    assert logs.inputs["name"] == f"/aws/eks/{cluster.inputs['name']}/cluster"
    assert logs.inputs["retentionInDays"] == 30
    assert logs.urn in cluster.dependencies


def test_the_cluster_waits_for_its_roles_rights_or_it_could_not_be_deleted() -> None:
    resources = planned(eks_cluster)
    rights = [resource.urn for (_, name), resource in resources.items() if name.startswith("cluster-control-plane-")]
    assert len(rights) == 2
    assert set(rights) <= set(resources["Cluster", "cluster"].dependencies)


def test_without_auto_mode_its_three_parts_are_off_in_so_many_words() -> None:
    inputs = cluster_inputs()
    assert inputs["computeConfig"] == {"enabled": False}
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": False}}
    assert inputs["kubernetesNetworkConfig"]["elasticLoadBalancing"] == {"enabled": False}


def test_auto_mode_turns_its_three_parts_on_together_with_both_built_in_node_pools() -> None:
    resources = standing(lambda: eks_cluster(autoscaler="auto-mode"))
    inputs = resources["Cluster", "cluster"].inputs
    role = resources["Role", "cluster-node"].outputs["arn"]
    pools = ["general-purpose", "system"]
    assert inputs["computeConfig"] == {"enabled": True, "nodePools": pools, "nodeRoleArn": role}
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert inputs["kubernetesNetworkConfig"]["elasticLoadBalancing"] == {"enabled": True}


def test_auto_mode_turned_off_names_no_node_role_or_the_provider_would_replace_the_cluster() -> None:
    compute = cluster_inputs()["computeConfig"]
    assert not {"nodeRoleArn", "nodePools"} & compute.keys()


def test_auto_mode_gives_the_cluster_five_policies_and_else_one() -> None:
    def policies(autoscaler: str) -> set[str]:
        attachments = of_type(planned(lambda: eks_cluster(autoscaler=autoscaler)), "RolePolicyAttachment")
        own = [a for name, a in attachments.items() if name.startswith("cluster-control-plane-")]
        return {attachment.inputs["policyArn"].rpartition("/")[2] for attachment in own}

    assert policies("cluster-autoscaler") == {"AmazonEKSClusterPolicy"}
    assert policies("auto-mode") == {
        "AmazonEKSClusterPolicy",
        "AmazonEKSComputePolicy",
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingPolicy",
    }


def test_auto_modes_driver_may_use_the_volume_key_and_tag_volumes() -> None:
    resources = planned(lambda: eks_cluster(autoscaler="auto-mode", volume_key_arn=KEY))
    policy = json.loads(resources["RolePolicy", "cluster-control-plane-volume-key"].inputs["policy"])
    assert {statement["Resource"] for statement in policy["Statement"]} == {KEY}
    assert ("RolePolicy", "cluster-control-plane-volume-tags") in resources


def test_auto_mode_waits_for_the_network_as_its_nodes_come_at_once() -> None:
    resources = planned(lambda: eks_cluster(autoscaler="auto-mode"))
    routes = {route.urn for route in of_type(resources, "Route").values()}
    assert routes
    assert routes <= set(resources["Cluster", "cluster"].dependencies)
    assert not routes & set(planned(eks_cluster)["Cluster", "cluster"].dependencies)


def test_ipv6_services_have_no_range_of_ours() -> None:
    config = cluster_inputs(ip_family="ipv6")["kubernetesNetworkConfig"]
    assert config["ipFamily"] == "ipv6"
    assert "serviceIpv4Cidr" not in config


def test_a_new_service_range_replaces_the_cluster_under_another_name() -> None:
    preview = changed(eks_cluster, lambda: eks_cluster(service_cidr="172.30.0.0/16"))
    done = operations(preview)
    assert done["Cluster", "cluster"] is Operation.REPLACE
    assert done["LogGroup", "cluster-logs"] is Operation.REPLACE


def test_another_cluster_name_makes_another_cluster() -> None:
    done = operations(changed(eks_cluster, lambda: eks_cluster(name="other")))
    assert done["Cluster", "other"] is Operation.CREATE
    assert done["Cluster", "cluster"] is Operation.DELETE


def test_the_next_minor_updates_the_cluster_and_its_kube_proxy_and_replaces_nothing() -> None:
    done = operations(changed(eks_cluster, lambda: eks_cluster(version="1.36")))
    assert done["Cluster", "cluster"] is Operation.UPDATE
    assert done["Addon", "cluster-kube-proxy"] is Operation.UPDATE
    assert Operation.REPLACE not in done.values()
