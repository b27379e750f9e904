"""Karpenter on AWS: makes nodes of its own, beside the stack's node groups, which keep the size they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.terms import ServiceAccount, WorkloadIdentity

SERVICE_ACCOUNT: Final = ServiceAccount(namespace="kube-system", name="karpenter")
CHARTS: Final = "oci://public.ecr.aws/karpenter"
_NAME: Final = "default"  # of the node pool and its class
_DRAIN_TIMEOUT: Final = "30m"


@dataclass(frozen=True, kw_only=True)
class KarpenterArgs:
    """What Karpenter runs with, and what its nodes are like.

    Attributes:
        cluster_name: the physical name.
        version: of both charts.
        identity: of `SERVICE_ACCOUNT`, with the controller's permissions.
        interruption_queue: name of the queue that tells of spot interruptions and maintenance.
        node_role: name or ARN of the nodes' role.
        subnet_ids: private subnets for nodes; their zones are the nodes' zones.
        security_group_ids: security groups of the nodes.
        image_alias: pinned Amazon Linux release, as `al2023@v20261101`; one that floats would replace every node.
        architectures: Kubernetes' own words, `amd64` and `arm64`.
        capacity_types: Karpenter's words, `on-demand` and `spot`.
        disk_gib: size of the encrypted root disk in GiB.
        cpu_limit: most CPUs over all nodes that Karpenter makes.
        region: the AWS region; pods cannot ask their machine for it.
        tags: on the machines, disks and network interfaces that Karpenter makes.
    """

    cluster_name: pulumi.Input[str]
    version: str
    identity: WorkloadIdentity
    interruption_queue: pulumi.Input[str]
    node_role: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_ids: Sequence[pulumi.Input[str]]
    image_alias: str
    region: str
    architectures: Sequence[str] = ("amd64",)
    capacity_types: Sequence[str] = ("on-demand",)
    disk_gib: int = 50
    cpu_limit: int = 100
    tags: Mapping[str, str]


class Karpenter(pulumi.ComponentResource):
    """Karpenter's charts, one node pool and its class.

    The node pool and its class have no `deleted_with`: they must really be deleted, while the controller still runs,
    or the machines that it made would outlive the cluster. The class's deletion waits until the last machine is gone.
    A pod whose disruption budget forbids its eviction holds its machine, and with it the deletion, until it fails after
    30 minutes. The controller itself runs on the stack's node groups, in kube-system, whose pods the API server serves
    first; its chart keeps it within the `restricted` Pod Security Standard.
    """

    def __init__(self, name: str, args: KarpenterArgs, child: pulumi.ResourceOptions) -> None:
        """Make the objects; `child` has the options that all of the layer's objects share, the parent among them."""
        super().__init__(
            "infraplatform:incluster:Karpenter",
            name,
            {"version": args.version},
            pulumi.ResourceOptions(parent=child.parent),
        )
        object_opts = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(parent=self))
        definitions = _chart(f"{name}-crd", "karpenter-crd", args.version, {}, object_opts)
        wait = pulumi.ResourceOptions(depends_on=[definitions, *args.identity.ready])
        controller = _chart(
            name, "karpenter", args.version, chart_values(args), pulumi.ResourceOptions.merge(object_opts, wait)
        )
        node_class = kubernetes.apiextensions.CustomResource(
            f"{name}-node-class",
            api_version="karpenter.k8s.aws/v1",
            kind="EC2NodeClass",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_NAME),
            spec=node_class_spec(args),
            opts=self._drained([controller]),
        )
        kubernetes.apiextensions.CustomResource(
            f"{name}-node-pool",
            api_version="karpenter.sh/v1",
            kind="NodePool",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_NAME),
            spec=node_pool_spec(args),
            opts=self._drained([node_class]),
        )
        self.register_outputs({})

    def _drained(self, after: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, depends_on=after, custom_timeouts=pulumi.CustomTimeouts(delete=_DRAIN_TIMEOUT)
        )


def chart_values(args: KarpenterArgs) -> dict[str, Any]:
    """Values of the controller's chart.

    Source: aws/karpenter-provider-aws, charts/karpenter/values.yaml and templates/deployment.yaml, commit 1d92708
    (v1.14.1) of 2026-08-21, read 2026-11-23.
    """
    return {
        "settings": {
            "clusterName": args.cluster_name,
            "interruptionQueue": args.interruption_queue,
        },
        "serviceAccount": {
            "name": SERVICE_ACCOUNT.name,
            "annotations": dict(args.identity.service_account_annotations),
        },
        "podLabels": dict(args.identity.pod_labels),
        "controller": {
            "env": [{"name": "AWS_REGION", "value": args.region}],
            "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
        },
    }


def node_class_spec(args: KarpenterArgs) -> dict[str, Any]:
    """What machines are like: a pinned image, an encrypted disk, IMDSv2 that pods do not reach, no public address.

    Source of this and of `node_pool_spec`: aws/karpenter-provider-aws, the definitions in
    charts/karpenter-crd/templates, commit 1d92708 (v1.14.1) of 2026-08-21, read 2026-11-23.
    """
    return {
        "amiSelectorTerms": [{"alias": args.image_alias}],
        "role": pulumi.Output.from_input(args.node_role).apply(_role_name),
        "subnetSelectorTerms": [{"id": subnet} for subnet in args.subnet_ids],
        "securityGroupSelectorTerms": [{"id": group} for group in args.security_group_ids],
        "associatePublicIPAddress": False,
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpProtocolIPv6": "disabled",
            "httpPutResponseHopLimit": 1,
            "httpTokens": "required",
        },
        "blockDeviceMappings": [
            {
                "deviceName": "/dev/xvda",
                "ebs": {
                    "volumeType": "gp3",
                    "volumeSize": f"{args.disk_gib}Gi",
                    "encrypted": True,
                    "deleteOnTermination": True,
                },
            }
        ],
        "tags": dict(args.tags),
    }


def node_pool_spec(args: KarpenterArgs) -> dict[str, Any]:
    """Which machines may be made, how many, and when they go."""
    requirements = {
        "kubernetes.io/os": ("In", ("linux",)),
        "kubernetes.io/arch": ("In", args.architectures),
        "karpenter.sh/capacity-type": ("In", args.capacity_types),
        "karpenter.k8s.aws/instance-category": ("In", ("c", "m", "r")),
        "karpenter.k8s.aws/instance-generation": ("Gt", ("4",)),
    }
    return {
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": _NAME},
                "requirements": [
                    {"key": key, "operator": operator, "values": list(values)}
                    for key, (operator, values) in requirements.items()
                ],
                "expireAfter": "720h",
            }
        },
        "limits": {"cpu": str(args.cpu_limit)},
        "disruption": {
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
            "consolidateAfter": "1m",
            "budgets": [{"nodes": "10%"}],
        },
    }


def _chart(
    logical_name: str, chart: str, version: str, values: Mapping[str, Any], opts: pulumi.ResourceOptions
) -> kubernetes.helm.v3.Release:
    """A release of one of Karpenter's charts; the definitions have a chart of their own, which can upgrade them."""
    return kubernetes.helm.v3.Release(
        logical_name,
        name=chart,
        chart=f"{CHARTS}/{chart}",
        version=version,
        namespace=SERVICE_ACCOUNT.namespace,
        skip_crds=True,
        values=dict(values),
        opts=opts,
    )


def _role_name(name_or_arn: str) -> str:
    return name_or_arn.rsplit("/", 1)[-1]
