"""An EKS cluster as a whole: what the contract offers, and what nodes need before they come."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.aws.cluster import EksCluster
from components.settings import ProtectionSettings
from preview.plan import Operation
from tests.components.aws.clusters import changed, eks_cluster, operations, planned, standing
from tests.components.aws.networks import of_type
from tests.support import applied, plan

UNTAGGABLE = {"AccessPolicyAssociation", "Alias", "RolePolicy", "RolePolicyAttachment"}


def kubeconfig(**settings: Any) -> tuple[bool, str]:
    """Whether a standing cluster's kubeconfig is secret, and its text."""
    seen: list[Any] = []

    def build() -> None:
        cluster = eks_cluster(**settings)
        text = pulumi.Output.unsecret(cluster.kubeconfig)
        pulumi.Output.all(cluster.kubeconfig.is_secret(), text).apply(seen.extend)

    applied(build)
    secret, text = seen
    return secret, text


@pytest.mark.parametrize("autoscaler", ["cluster-autoscaler", "auto-mode"])
def test_every_resource_is_a_child_of_the_cluster_component(autoscaler: str) -> None:
    resources = planned(lambda: eks_cluster(autoscaler=autoscaler))
    component = resources["EksCluster", "cluster"].urn
    network = resources["VpcNetwork", "network"].urn
    assert {resource.parent for resource in resources.values() if resource.custom} <= {component, network, None}
    own = [resource for resource in resources.values() if resource.parent == component]
    assert len(own) > 10


def test_everything_that_can_be_tagged_has_the_stacks_tags_and_its_own_name() -> None:
    resources = planned(eks_cluster)
    component = resources["EksCluster", "cluster"].urn
    for (kind, name), resource in resources.items():
        if resource.parent == component and kind not in UNTAGGABLE:
            assert resource.inputs["tags"]["team"] == "core", name
            assert resource.inputs["tags"]["Name"] == f"test-{name}"


def test_nodes_may_join_and_pull_and_no_more() -> None:
    attachments = of_type(planned(eks_cluster), "RolePolicyAttachment")
    node = {name: a.inputs["policyArn"] for name, a in attachments.items() if name.startswith("cluster-node-")}
    assert node == {
        "cluster-node-worker": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "cluster-node-pull": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    }


def test_auto_modes_nodes_have_the_minimal_policy_and_need_no_add_on() -> None:
    resources = planned(lambda: eks_cluster(autoscaler="auto-mode"))
    worker = resources["RolePolicyAttachment", "cluster-node-worker"].inputs["policyArn"]
    assert worker.endswith("/AmazonEKSWorkerNodeMinimalPolicy")
    assert of_type(resources, "Addon") == {}


def test_nodes_wait_for_their_rights_and_three_add_ons() -> None:
    made: list[EksCluster] = []
    plan(lambda: made.append(eks_cluster()))
    names = {type(resource).__name__ for resource in made[0].node_prerequisites}
    assert names == {"RolePolicyAttachment", "Addon"}
    assert len(made[0].node_prerequisites) == 5


def test_the_cni_enforces_network_policy_and_has_an_identity_before_its_pods_start() -> None:
    resources = planned(eks_cluster)
    cni = resources["Addon", "cluster-vpc-cni"]
    assert json.loads(cni.inputs["configurationValues"]) == {"enableNetworkPolicy": "true"}
    identity = resources["PodIdentityAssociation", "cluster-kube-system-aws-node"]
    assert identity.urn in cni.dependencies
    policy = resources["RolePolicyAttachment", "cluster-kube-system-aws-node-cni"]
    assert policy.inputs["policyArn"] == "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    assert policy.urn in cni.dependencies


def test_the_cni_of_an_ipv6_cluster_may_assign_ipv6_addresses() -> None:
    resources = planned(lambda: eks_cluster(ip_family="ipv6"))
    policy = json.loads(resources["RolePolicy", "cluster-kube-system-aws-node-cni-ipv6"].inputs["policy"])
    assert "ec2:AssignIpv6Addresses" in policy["Statement"][0]["Action"]
    assert ("RolePolicyAttachment", "cluster-kube-system-aws-node-cni") not in resources


def test_add_on_versions_are_the_pinned_ones_unless_the_settings_choose() -> None:
    chosen = planned(lambda: eks_cluster(add_on_versions={"vpc-cni": "v1.99.0-eksbuild.1"}))
    assert chosen["Addon", "cluster-vpc-cni"].inputs["addonVersion"] == "v1.99.0-eksbuild.1"
    assert chosen["Addon", "cluster-kube-proxy"].inputs["addonVersion"].startswith("v1.35.")


def test_what_lies_in_the_cluster_goes_with_it() -> None:
    resources = planned(eks_cluster)
    cluster = resources["Cluster", "cluster"].urn
    for kind in ("Addon", "AccessEntry", "AccessPolicyAssociation", "PodIdentityAssociation"):
        within = of_type(resources, kind)
        assert within
        assert {resource.deleted_with for resource in within.values()} == {cluster}


def test_iam_trusts_the_clusters_tokens_without_thumbprints() -> None:
    provider = standing(eks_cluster)["OpenIdConnectProvider", "cluster-oidc"].inputs
    assert provider["clientIdLists"] == ["sts.amazonaws.com"]
    assert provider["url"].startswith("https://")
    assert "thumbprintLists" not in provider


def test_the_kubeconfig_is_secret_and_holds_no_credential() -> None:
    secret, text = kubeconfig()
    assert secret
    assert set(json.loads(text)["users"][0]["user"]) == {"exec"}
    assert "profile" not in text


def test_the_kubeconfig_goes_by_the_proxy_that_the_settings_name() -> None:
    _, text = kubeconfig(reach="proxy", proxy_url="http://proxy:3128")
    assert json.loads(text)["clusters"][0]["cluster"]["proxy-url"] == "http://proxy:3128"


def test_deletion_protection_updates_the_cluster_alone() -> None:
    done = operations(
        changed(eks_cluster, lambda: eks_cluster(protection=ProtectionSettings(deletion_protection=True)))
    )
    assert done == {("Cluster", "cluster"): Operation.UPDATE}


def test_a_second_preview_of_an_unchanged_cluster_is_empty() -> None:
    assert operations(changed(eks_cluster, eks_cluster)) == {}
