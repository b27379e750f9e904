"""What the autoscalers may do in AWS, and what Karpenter needs there. The controllers themselves are `incluster/`.

Who owns which nodes: the cluster-autoscaler sets the size of managed node groups, and only of this cluster's.
Karpenter makes and removes machines of its own, and leaves node groups alone. Auto Mode is EKS's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.aws import arns, karpenter_policies
from components.aws.policies import allow, policy_document
from components.contract import Cluster
from components.errors import ConfigurationError, Mistake
from components.settings import AwsProviderSettings
from components.tags import named
from components.terms import Permissions, ServiceAccount

CLUSTER_AUTOSCALER: Final = ServiceAccount(namespace="kube-system", name="cluster-autoscaler")
"""The service account of the cluster-autoscaler."""

KARPENTER: Final = ServiceAccount(namespace="kube-system", name="karpenter")
"""The service account of Karpenter, where its chart puts it."""

_INTERRUPTIONS: Final[dict[str, dict[str, list[str]]]] = {
    "health": {"source": ["aws.health"], "detail-type": ["AWS Health Event"]},
    "spot-interruption": {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]},
    "rebalance": {"source": ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"]},
    "instance-state": {"source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"]},
    "capacity-reservation": {
        "source": ["aws.ec2"],
        "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"],
    },
}
"""Events after which Karpenter drains a machine. Source: Karpenter's CloudFormation, v1.14.1, read 2026-11-23."""


def cluster_autoscaler_permissions(cluster_name: pulumi.Input[str], provider: AwsProviderSettings) -> Permissions:
    """Look at all groups, set the size only of those that EKS tags as this cluster's."""
    document = pulumi.Output.from_input(cluster_name).apply(lambda name: cluster_autoscaler_policy(name, provider))
    return Permissions(policies={"node-groups": document})


def cluster_autoscaler_policy(cluster_name: str, provider: AwsProviderSettings) -> str:
    """The policy document of `cluster_autoscaler_permissions`.

    Source: kubernetes/autoscaler, cloudprovider/aws/README.md of 2026-08-22, "Full Cluster Autoscaler Features Policy";
    the page recommends conditions on tags and names none. EKS tags its node groups' resources for the autoscaler: EKS
    user guide of 2024-12, "Simplify node lifecycle with managed node groups". Read 2026-11-23; the tags' names are what
    the autoscaler's auto-discovery looks for.
    """
    groups = ("AutoScalingGroups", "AutoScalingInstances", "LaunchConfigurations", "ScalingActivities")
    look = [
        *(f"autoscaling:Describe{what}" for what in groups),
        *(f"ec2:Describe{what}" for what in ("Images", "InstanceTypes", "LaunchTemplateVersions")),
        "ec2:GetInstanceTypesFromInstanceRequirements",
    ]
    resize = ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup")
    own = {
        "StringEquals": {
            "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
            f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster_name}": "owned",
        }
    }
    node_groups = arns.eks(provider.region, provider.account, f"nodegroup/{cluster_name}/*")
    return policy_document(
        [
            allow("Look", look, "*"),
            allow("LookAtNodeGroups", ["eks:DescribeNodegroup"], node_groups),
            allow("Resize", resize, "*", own),
        ]
    )


@dataclass(frozen=True, kw_only=True)
class KarpenterInfrastructureArgs:
    """What Karpenter's part of AWS is made from."""

    provider: AwsProviderSettings
    cluster: Cluster
    tags: Mapping[str, str]


class KarpenterInfrastructure(pulumi.ComponentResource):
    """What Karpenter needs in AWS: a queue of warnings about machines, and what its controller may do.

    Its machines act as the cluster's node role. No access entry is made for that role: EKS makes it with the first
    managed node group, which Karpenter itself runs on and the settings therefore demand, and keeps it when the last
    group goes. Source: aws/containers-roadmap issues 2425 and 2631, read 2026-11-23.
    """

    queue_name: pulumi.Output[str]
    """Name of the queue, for the chart's `settings.interruptionQueue`."""
    permissions: Permissions
    """What the controller may do, for `Cluster.grant(KARPENTER, ...)`."""
    ready: tuple[pulumi.Resource, ...]
    """What the controller waits for: the events' way into the queue, or it would miss the first warnings."""

    def __init__(
        self, name: str, args: KarpenterInfrastructureArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the queue and its events.

        Raises:
            ConfigurationError: the cluster has no role for nodes.
        """
        super().__init__("infraplatform:aws:KarpenterInfrastructure", name, None, opts)
        if args.cluster.node_role is None:
            problem = "the cluster has no role that Karpenter's machines could act as"
            raise ConfigurationError([Mistake("infraplatform:cluster.autoscaler", problem, "write cluster-autoscaler")])
        queue, rights = self._queue(f"{name}-interruptions", args.tags)
        events = [self._event(f"{name}-{key}", pattern, queue, args.tags) for key, pattern in _INTERRUPTIONS.items()]
        self.queue_name = queue.name
        self.permissions = _karpenter_permissions(args, args.cluster.node_role, queue.arn)
        self.ready = (rights, *events)
        self.register_outputs({"queue_name": self.queue_name})

    def _queue(self, name: str, tags: Mapping[str, str]) -> tuple[aws.sqs.Queue, aws.sqs.QueuePolicy]:
        """The queue, and the policy that lets only AWS events write to it, and only over TLS."""
        child = pulumi.ResourceOptions(parent=self)
        queue = aws.sqs.Queue(
            name,
            message_retention_seconds=300,  # an older warning is about a machine that is gone
            sqs_managed_sse_enabled=True,
            tags=named(tags, name),
            opts=child,
        )
        policy = queue.arn.apply(_queue_policy)
        return queue, aws.sqs.QueuePolicy(name, queue_url=queue.url, policy=policy, opts=child)

    def _event(
        self, name: str, pattern: Mapping[str, Any], queue: aws.sqs.Queue, tags: Mapping[str, str]
    ) -> pulumi.Resource:
        """A kind of event that goes to the queue; returns what takes effect last."""
        child = pulumi.ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            name, event_pattern=json.dumps(pattern, sort_keys=True), tags=named(tags, name), opts=child
        )
        return aws.cloudwatch.EventTarget(name, rule=rule.name, arn=queue.arn, opts=child)


def _karpenter_permissions(
    args: KarpenterInfrastructureArgs, node_role_arn: pulumi.Output[str], queue_arn: pulumi.Output[str]
) -> Permissions:
    """The controller's policies, each made from no more than it says, so that a first preview shows what it can."""

    def subject(cluster_name: str) -> karpenter_policies.Subject:
        return karpenter_policies.Subject(cluster_name=cluster_name, provider=args.provider)

    cluster_name = args.cluster.cluster_name
    name_and_role = pulumi.Output.all(cluster_name, node_role_arn)
    profiles = name_and_role.apply(lambda known: karpenter_policies.instance_profiles(subject(known[0]), known[1]))
    return Permissions(
        policies={
            "machines": cluster_name.apply(lambda name: karpenter_policies.machines(subject(name))),
            "instance-profiles": profiles,
            "discovery": cluster_name.apply(lambda name: karpenter_policies.discovery(subject(name))),
            "cluster": cluster_name.apply(lambda name: karpenter_policies.cluster(subject(name))),
            "interruptions": queue_arn.apply(karpenter_policies.interruptions),
        }
    )


def _queue_policy(queue_arn: str) -> str:
    """Who may use the queue. Source: Karpenter's CloudFormation, v1.14.1, read 2026-11-23."""
    events = allow("Events", ["sqs:SendMessage"], queue_arn)
    return policy_document(
        [
            {**events, "Principal": {"Service": ["events.amazonaws.com", "sqs.amazonaws.com"]}},
            {
                "Sid": "OnlyTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": queue_arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ]
    )
