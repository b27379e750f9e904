"""What Karpenter's controller may do: five policies, each scoped to this cluster by the tags that Karpenter sets.

Together they fit the 10,240 characters, white space not counted, that a role's own policies may have.

Source: aws/karpenter-provider-aws, the getting started guide's CloudFormation, commit 1d92708 (v1.14.1) of 2026-08-21,
read 2026-11-23. Its policy for zonal shift is left out: no setting turns that on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from components.aws import arns
from components.aws.policies import allow, policy_document
from components.settings import AwsProviderSettings

_NODE_POOL: Final = "karpenter.sh/nodepool"
_NODE_CLASS: Final = "karpenter.k8s.aws/ec2nodeclass"
_CLUSTER: Final = "eks:eks-cluster-name"
_REGION: Final = "topology.kubernetes.io/region"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose machines the controller makes."""

    cluster_name: str
    provider: AwsProviderSettings

    @property
    def owned(self) -> str:
        """The tag that says which cluster owns a machine."""
        return f"kubernetes.io/cluster/{self.cluster_name}"

    @property
    def partition(self) -> str:
        """The partition of the provider's region."""
        return arns.partition(self.provider.region)

    def ec2(self, kinds: Sequence[str], *, account: str = "*") -> list[str]:
        """ARNs of all EC2 resources of these kinds in the region."""
        start = f"arn:{self.partition}:ec2:{self.provider.region}:{account}"
        return [f"{start}:{kind}/*" for kind in kinds]

    @property
    def instance_profiles(self) -> str:
        """ARN of all instance profiles of the account."""
        return f"arn:{self.partition}:iam::{self.provider.account}:instance-profile/*"


def machines(subject: Subject) -> str:
    """Start machines with this cluster's tags, tag them, and end only those."""
    return policy_document([*_starting(subject), *_owning(subject)])


def _starting(subject: Subject) -> list[dict[str, Any]]:
    """New machines, which must get the cluster's tags."""
    start = ("ec2:RunInstances", "ec2:CreateFleet")
    made = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
    used = subject.ec2(("security-group", "subnet", "capacity-reservation", "placement-group"))
    images = subject.ec2(("image", "snapshot"), account="")
    asked = {f"aws:RequestTag/{subject.owned}": "owned", f"aws:RequestTag/{_CLUSTER}": subject.cluster_name}
    for_pool = {"StringLike": {f"aws:RequestTag/{_NODE_POOL}": "*"}}
    creation = {"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]}
    with_tags = {"StringEquals": asked, **for_pool}
    at_creation = {"StringEquals": {**asked, **creation}, **for_pool}
    return [
        allow("StartWith", start, [*images, *used]),
        allow("StartFromOwnTemplates", start, subject.ec2(["launch-template"]), _own_machines(subject)),
        allow("StartTagged", (*start, "ec2:CreateLaunchTemplate"), subject.ec2(made), with_tags),
        allow("TagAtCreation", ["ec2:CreateTags"], subject.ec2(made), at_creation),
    ]


def _owning(subject: Subject) -> list[dict[str, Any]]:
    """Machines that stand, of this cluster only."""
    own = _own_machines(subject)
    retag = {
        **own,
        "StringEqualsIfExists": {f"aws:RequestTag/{_CLUSTER}": subject.cluster_name},
        "ForAllValues:StringEquals": {"aws:TagKeys": [_CLUSTER, "karpenter.sh/nodeclaim", "Name"]},
    }
    end = ("ec2:TerminateInstances", "ec2:DeleteLaunchTemplate")
    return [
        allow("TagOwn", ["ec2:CreateTags"], subject.ec2(["instance"]), retag),
        allow("EndOwn", end, subject.ec2(("instance", "launch-template")), own),
    ]


def _own_machines(subject: Subject) -> dict[str, dict[str, str]]:
    """The condition that Karpenter made it, for this cluster."""
    return {
        "StringEquals": {f"aws:ResourceTag/{subject.owned}": "owned"},
        "StringLike": {f"aws:ResourceTag/{_NODE_POOL}": "*"},
    }


def instance_profiles(subject: Subject, node_role_arn: str) -> str:
    """Give machines the nodes' role, by instance profiles with this cluster's tags."""
    tags = {subject.owned: "owned", _CLUSTER: subject.cluster_name, _REGION: subject.provider.region}
    asked = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    own = {f"aws:ResourceTag/{key}": tags[key] for key in (subject.owned, _REGION)}
    asked_class, own_class = {f"aws:RequestTag/{_NODE_CLASS}": "*"}, {f"aws:ResourceTag/{_NODE_CLASS}": "*"}
    to_ec2 = {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}}
    profiles = subject.instance_profiles
    change = ("iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile")
    return policy_document(
        [
            allow("PassNodeRole", ["iam:PassRole"], node_role_arn, to_ec2),
            allow(
                "Create", ["iam:CreateInstanceProfile"], profiles, {"StringEquals": asked, "StringLike": asked_class}
            ),
            allow(
                "Tag",
                ["iam:TagInstanceProfile"],
                profiles,
                {"StringEquals": {**own, **asked}, "StringLike": {**own_class, **asked_class}},
            ),
            allow("ChangeOwn", change, profiles, {"StringEquals": own, "StringLike": own_class}),
        ]
    )


def discovery(subject: Subject) -> str:
    """Look at what EC2 offers here, what it costs, and which images there are."""
    kinds = (
        "CapacityReservations",
        "Images",
        "Instances",
        "InstanceStatus",
        "InstanceTypeOfferings",
        "InstanceTypes",
        "LaunchTemplates",
        "PlacementGroups",
        "SecurityGroups",
        "SpotPriceHistory",
        "Subnets",
    )
    here = {"StringEquals": {"aws:RequestedRegion": subject.provider.region}}
    parameters = f"arn:{subject.partition}:ssm:{subject.provider.region}::parameter/aws/service/*"
    return policy_document(
        [
            allow("LookHere", [f"ec2:Describe{kind}" for kind in kinds], "*", here),
            allow("LookUpImages", ["ssm:GetParameter"], parameters),
            allow("LookUpPrices", ["pricing:GetProducts"], "*"),
            allow("ListInstanceProfiles", ["iam:ListInstanceProfiles"], "*"),
            allow("ReadInstanceProfiles", ["iam:GetInstanceProfile"], subject.instance_profiles),
        ]
    )


def cluster(subject: Subject) -> str:
    """Find the API server."""
    provider = subject.provider
    arn = arns.eks(provider.region, provider.account, f"cluster/{subject.cluster_name}")
    return policy_document([allow("FindApiServer", ["eks:DescribeCluster"], arn)])


def interruptions(queue_arn: str) -> str:
    """Take warnings from the queue."""
    take = ("sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage")
    return policy_document([allow("TakeWarnings", take, queue_arn)])
