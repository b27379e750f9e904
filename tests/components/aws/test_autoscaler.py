"""What the autoscalers may do: only to this cluster's groups and machines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.aws.autoscaler import (
    CLUSTER_AUTOSCALER,
    KARPENTER,
    KarpenterInfrastructure,
    KarpenterInfrastructureArgs,
    cluster_autoscaler_permissions,
    cluster_autoscaler_policy,
)
from tests.components.aws.clusters import ZONES, eks_cluster, planned, standing
from tests.components.aws.networks import TAGS, of_type, provider
from tests.support import plan

EVENTS = {
    "karpenter-health": "AWS Health Event",
    "karpenter-spot-interruption": "EC2 Spot Instance Interruption Warning",
    "karpenter-rebalance": "EC2 Instance Rebalance Recommendation",
    "karpenter-instance-state": "EC2 Instance State-change Notification",
    "karpenter-capacity-reservation": "EC2 Capacity Reservation Instance Interruption Warning",
}
INLINE_POLICY_LIMIT = 10_240
"""Characters, white space not counted, of all of a role's own policies.

Source: IAM's refusal "Maximum policy size of 10240 bytes exceeded" in public logs, read 2026-11-23.
"""


def karpenter() -> None:
    cluster = eks_cluster(autoscaler="karpenter")
    made = KarpenterInfrastructure(
        "karpenter", KarpenterInfrastructureArgs(provider=provider(*ZONES), cluster=cluster, tags=TAGS)
    )
    cluster.grant(KARPENTER, made.permissions)


def statements(cluster_name: str = "cluster-1") -> dict[str, Any]:
    document = json.loads(cluster_autoscaler_policy(cluster_name, provider("a")))
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_the_cluster_autoscaler_resizes_only_groups_that_eks_tags_as_the_clusters() -> None:
    assert statements()["Resize"]["Condition"]["StringEquals"] == {
        "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
        "aws:ResourceTag/k8s.io/cluster-autoscaler/cluster-1": "owned",
    }


def test_the_cluster_autoscaler_changes_nothing_without_that_condition() -> None:
    for sid, statement in statements().items():
        actions = [action.split(":")[1] for action in statement["Action"]]
        if sid != "Resize":
            assert all(action.startswith(("Describe", "Get")) for action in actions)


def test_the_cluster_autoscaler_looks_at_no_more_than_its_authors_ask_for() -> None:
    assert {action for action in statements()["Look"]["Action"] if action.startswith("autoscaling:")} == {
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
    }


def test_the_cluster_autoscaler_looks_at_the_node_groups_of_its_own_cluster() -> None:
    resource = statements("x")["LookAtNodeGroups"]["Resource"]
    assert resource == "arn:aws:eks:us-east-1:123456789012:nodegroup/x/*"


def test_the_cluster_autoscalers_policy_shows_in_a_first_preview() -> None:
    def build() -> None:
        cluster = eks_cluster()
        cluster.grant(CLUSTER_AUTOSCALER, cluster_autoscaler_permissions(cluster.cluster_name, provider("a")))

    resources = planned(build)
    policy = resources["RolePolicy", "cluster-kube-system-cluster-autoscaler-node-groups"].inputs["policy"]
    assert resources["Cluster", "cluster"].inputs["name"] in policy


@pytest.mark.parametrize(("rule", "detail_type"), EVENTS.items())
def test_karpenter_hears_of_every_kind_of_interruption(rule: str, detail_type: str) -> None:
    resources = standing(karpenter)
    assert json.loads(resources["EventRule", rule].inputs["eventPattern"])["detail-type"] == [detail_type]
    queue = resources["Queue", "karpenter-interruptions"]
    assert resources["EventTarget", rule].inputs["arn"] == queue.outputs["arn"]


def test_karpenters_queue_is_encrypted_and_open_to_events_only_and_over_tls() -> None:
    resources = standing(karpenter)
    assert resources["Queue", "karpenter-interruptions"].inputs["sqsManagedSseEnabled"] is True
    policy = json.loads(resources["QueuePolicy", "karpenter-interruptions"].inputs["policy"])
    allowed, denied = policy["Statement"]
    assert allowed["Principal"] == {"Service": ["events.amazonaws.com", "sqs.amazonaws.com"]}
    assert denied["Effect"] == "Deny"
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_karpenter_starts_after_the_events_find_their_way_into_the_queue() -> None:
    names: list[str] = []

    def build() -> None:
        args = KarpenterInfrastructureArgs(provider=provider(*ZONES), cluster=eks_cluster(), tags=TAGS)
        names.extend(type(resource).__name__ for resource in KarpenterInfrastructure("karpenter", args).ready)

    plan(build)
    assert sorted(names) == [*["EventTarget"] * len(EVENTS), "QueuePolicy"]


def test_karpenter_passes_the_clusters_node_role_and_no_other() -> None:
    resources = standing(karpenter)
    policy = json.loads(resources["RolePolicy", "cluster-kube-system-karpenter-instance-profiles"].inputs["policy"])
    passing = [statement for statement in policy["Statement"] if "iam:PassRole" in statement["Action"]]
    assert [statement["Resource"] for statement in passing] == [resources["Role", "cluster-node"].outputs["arn"]]


def test_no_access_entry_is_made_for_the_node_role_as_eks_makes_it() -> None:
    resources = planned(karpenter)
    assert len(of_type(resources, "AccessEntry")) == len(of_type(planned(eks_cluster), "AccessEntry"))


def test_karpenters_policies_fit_a_role() -> None:
    policies = of_type(standing(karpenter), "RolePolicy")
    own = [policy.inputs["policy"] for name, policy in policies.items() if "kube-system-karpenter" in name]
    assert len(own) == 5
    assert sum(len("".join(text.split())) for text in own) < INLINE_POLICY_LIMIT


def test_what_is_known_of_karpenters_policies_shows_in_a_first_preview() -> None:
    policies = of_type(planned(karpenter), "RolePolicy")
    for key in ("machines", "discovery", "cluster"):
        assert isinstance(policies[f"cluster-kube-system-karpenter-{key}"].inputs["policy"], str)
