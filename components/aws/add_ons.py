"""EKS add-ons: those that nodes need to become Ready, and those that need nodes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.aws import arns
from components.aws.policies import allow, policy_document, volume_key_policy
from components.contract import Cluster, NodeGroup
from components.settings import (
    Autoscaler,
    AwsProviderSettings,
    AwsStorageSettings,
    EksClusterSettings,
    IpFamily,
)
from components.tags import named
from components.terms import Permissions, ServiceAccount
from components.versions import add_on_version

_CNI: Final = ServiceAccount(namespace="kube-system", name="aws-node")
_EBS: Final = ServiceAccount(namespace="kube-system", name="ebs-csi-controller-sa")
_EFS: Final = ServiceAccount(namespace="kube-system", name="efs-csi-controller-sa")


@dataclass(frozen=True, kw_only=True)
class EksAddOnsArgs:
    """What the add-ons are made from; they come after `node_groups`."""

    settings: EksClusterSettings
    storage: AwsStorageSettings
    provider: AwsProviderSettings
    cluster: Cluster
    node_groups: Sequence[NodeGroup]
    tags: Mapping[str, str]


class EksAddOns(pulumi.ComponentResource):
    """The add-ons that run on nodes: DNS, storage drivers, snapshots, metrics.

    Each has a pinned version, and an identity of its own where it needs one, with exactly its policy. In Auto Mode
    EKS itself runs DNS and the block storage driver; the others are still wanted.
    """

    add_ons: Mapping[str, aws.eks.Addon]
    """By the add-on's name."""
    ready: Sequence[pulumi.Resource]
    """What in-cluster objects that use an add-on wait for, such as snapshot classes for their definitions."""

    def __init__(self, name: str, args: EksAddOnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the add-ons that the settings ask for."""
        super().__init__("infraplatform:aws:EksAddOns", name, {"version": args.settings.version}, opts)
        after = [resource for group in args.node_groups for resource in group.ready]
        family = AddOnFamily(name=name, cluster=args.cluster, settings=args.settings, tags=args.tags, parent=self)
        made: dict[str, aws.eks.Addon] = {"metrics-server": family.add_on("metrics-server", after)}
        auto_mode = args.settings.autoscaler is Autoscaler.AUTO_MODE
        if not auto_mode:
            made["coredns"] = family.add_on("coredns", after)
        if args.storage.snapshots:
            made["snapshot-controller"] = family.add_on("snapshot-controller", after)
        if not auto_mode:
            identity = args.cluster.grant(_EBS, _ebs_permissions(args))
            snapshots = [made["snapshot-controller"]] if args.storage.snapshots else []  # the driver looks for its CRDs
            volume_tags = {"controller": {"extraVolumeTags": dict(args.tags)}}
            made["aws-ebs-csi-driver"] = family.add_on(
                "aws-ebs-csi-driver", [*after, *snapshots, *identity.ready], volume_tags
            )
        if args.storage.file is not None:
            policy = arns.managed_policy(args.provider.region, "service-role/AmazonEFSCSIDriverPolicy")
            identity = args.cluster.grant(_EFS, Permissions(roles={"efs": policy}))
            made["aws-efs-csi-driver"] = family.add_on("aws-efs-csi-driver", [*after, *identity.ready])
        self.add_ons = made
        self.ready = list(made.values())
        self.register_outputs({"add_ons": sorted(made)})


@dataclass(frozen=True, kw_only=True)
class AddOnFamily:
    """Add-ons of one cluster, as children of one component."""

    name: str
    cluster: Cluster
    settings: EksClusterSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource

    def add_on(
        self, add_on: str, after: Sequence[pulumi.Resource], configuration: Mapping[str, Any] | None = None
    ) -> aws.eks.Addon:
        """Install an add-on at its pinned version.

        What the code says holds: fields that somebody else has set are overwritten, at creation and at each update.
        """
        logical_name = f"{self.name}-{add_on}"
        return aws.eks.Addon(
            logical_name,
            addon_name=add_on,
            addon_version=add_on_version(self.settings.version, add_on, self.settings.add_on_versions),
            cluster_name=self.cluster.cluster_name,
            configuration_values=json.dumps(configuration, sort_keys=True) if configuration else None,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            tags=named(self.tags, logical_name),
            opts=pulumi.ResourceOptions(
                parent=self.parent, deleted_with=self.cluster.control_plane, depends_on=list(after)
            ),
        )


def node_add_ons(family: AddOnFamily, region: str) -> Sequence[pulumi.Resource]:
    """Install what nodes need to become Ready: kube-proxy, the Pod Identity agent, and the CNI with network policy.

    The CNI gives each pod an address of its own from the node's subnet. Prefix delegation stays off with IPv4: it takes
    blocks of 16 addresses, which small or well-used subnets do not have in one piece. With IPv6 the add-on turns it on.
    Source: EKS user guide of 2024-12, "Learn about IPv6 addresses to clusters, Pods, and services" and "Restrict Pod
    network traffic with Kubernetes network policies" (`enableNetworkPolicy` is a text), read 2026-11-23.
    """
    identity = family.cluster.grant(_CNI, _cni_permissions(family.settings.ip_family, region))
    return [
        family.add_on("kube-proxy", ()),
        family.add_on("eks-pod-identity-agent", ()),
        family.add_on("vpc-cni", identity.ready, {"enableNetworkPolicy": "true"}),
    ]


def _cni_permissions(ip_family: IpFamily, region: str) -> Permissions:
    """What the CNI does to interfaces. The managed policy knows no IPv6.

    Source: EKS user guide of 2024-12, "Configure Amazon VPC CNI plugin to use IRSA", read 2026-11-23.
    """
    if ip_family is IpFamily.IPV4:
        return Permissions(roles={"cni": arns.managed_policy(region, "AmazonEKS_CNI_Policy")})
    describe = ("DescribeInstances", "DescribeTags", "DescribeNetworkInterfaces", "DescribeInstanceTypes")
    actions = ["ec2:AssignIpv6Addresses", *(f"ec2:{action}" for action in describe)]
    interfaces = f"arn:{arns.partition(region)}:ec2:*:*:network-interface/*"
    statements = [
        allow("AssignAddresses", actions, "*"),
        allow("TagInterfaces", ["ec2:CreateTags"], interfaces),
    ]
    return Permissions(policies={"cni-ipv6": policy_document(statements)})


def _ebs_permissions(args: EksAddOnsArgs) -> Permissions:
    """What the block storage driver does: only to volumes and snapshots that it has tagged as its own.

    Volumes made by others must get the tag `ebs.csi.aws.com/cluster: "true"` before the driver may touch them.

    Source: AWS managed policy reference, AmazonEBSCSIDriverPolicyV2 of 2026-04-16, and the driver's docs/install.md,
    read 2026-11-23.
    """
    key_arn = args.storage.block.key_arn
    return Permissions(
        roles={"ebs": arns.managed_policy(args.provider.region, "AmazonEBSCSIDriverPolicyV2")},
        policies={"volume-key": volume_key_policy(key_arn)} if key_arn is not None else {},
    )
