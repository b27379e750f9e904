"""Workload identity: one role per service account, trusted by nobody else."""

from __future__ import annotations

import json

import pulumi
import pytest

from components.aws.identity import grant_mistakes, pod_identity_trust
from components.errors import ConfigurationError
from components.terms import Permissions, ServiceAccount
from tests.components.aws.clusters import eks_cluster, planned, standing
from tests.components.aws.networks import provider

WEB = ServiceAccount(namespace="shop", name="web")
READ = Permissions(
    roles={"read": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}, policies={"own": '{"Statement": []}'}
)


def test_only_the_pods_of_one_account_in_one_cluster_may_act_as_the_role() -> None:
    document = json.loads(pod_identity_trust(provider("a"), "cluster-1", WEB))
    (statement,) = document["Statement"]
    arn = "arn:aws:eks:us-east-1:123456789012:cluster/cluster-1"
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "123456789012",
            "aws:RequestTag/eks-cluster-arn": arn,
            "aws:RequestTag/kubernetes-namespace": "shop",
            "aws:RequestTag/kubernetes-service-account": "web",
        }
    }


def test_trust_asks_nothing_that_no_document_says_of_pod_identity() -> None:
    # A condition on aws:SourceArn that does not hold leaves every pod, the CNI first, without credentials.
    assert "aws:SourceArn" not in pod_identity_trust(provider("a"), "cluster-1", WEB)


def test_a_grant_makes_a_role_with_its_policies_and_binds_the_account_to_it() -> None:
    resources = standing(lambda: eks_cluster().grant(WEB, READ))
    role = resources["Role", "cluster-shop-web"]
    association = resources["PodIdentityAssociation", "cluster-shop-web"].inputs
    assert association["roleArn"] == role.outputs["arn"]
    assert (association["namespace"], association["serviceAccount"]) == ("shop", "web")
    attachment = resources["RolePolicyAttachment", "cluster-shop-web-read"].inputs
    assert attachment["policyArn"] == "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert resources["RolePolicy", "cluster-shop-web-own"].inputs["policy"] == '{"Statement": []}'


def test_the_trust_names_the_very_cluster_in_a_first_preview() -> None:
    resources = planned(lambda: eks_cluster().grant(WEB, READ))
    trust = resources["Role", "cluster-shop-web"].inputs["assumeRolePolicy"]
    assert f"cluster/{resources['Cluster', 'cluster'].inputs['name']}" in trust


def test_pods_wait_for_the_binding_and_the_policies() -> None:
    urns: list[str] = []

    def build() -> None:
        for resource in eks_cluster().grant(WEB, READ).ready:
            resource.urn.apply(urns.append)

    standing(build)
    assert sorted(urn.split("$")[-1].split("::")[0] for urn in urns) == [
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ]


def test_a_second_grant_for_an_account_is_refused() -> None:
    def build() -> None:
        cluster = eks_cluster()
        cluster.grant(WEB, READ)
        cluster.grant(WEB, READ)

    with pytest.raises(ConfigurationError, match="grant to shop/web: it has a grant already; put all its permissions"):
        planned(build)


def test_the_add_ons_accounts_are_taken_too() -> None:
    cni = ServiceAccount(namespace="kube-system", name="aws-node")
    with pytest.raises(ConfigurationError, match="it has a grant already"):
        planned(lambda: eks_cluster().grant(cni, READ))


@pytest.mark.parametrize(
    ("permissions", "problem"),
    [
        (Permissions(roles=READ.roles, scope="/subscriptions/x"), "scope means nothing on AWS"),
        (Permissions(), "it would permit nothing"),
        (Permissions(roles={"read": "roles/viewer"}), "role 'read' is 'roles/viewer', not a policy's ARN"),
    ],
)
def test_permissions_in_another_clouds_words_are_refused(permissions: Permissions, problem: str) -> None:
    assert [mistake.problem for mistake in grant_mistakes(WEB, permissions)] == [problem]
    with pytest.raises(ConfigurationError):
        planned(lambda: eks_cluster().grant(WEB, permissions))


def test_a_policy_that_the_stack_makes_itself_may_be_granted() -> None:
    arn = "arn:aws:iam::123456789012:policy/mine"
    resources = planned(lambda: eks_cluster().grant(WEB, Permissions(roles={"own": pulumi.Output.from_input(arn)})))
    assert resources["RolePolicyAttachment", "cluster-shop-web-own"].inputs["policyArn"] == arn
