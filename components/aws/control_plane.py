"""The control plane itself, with what must stand before it: its name, key, logs and role."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import arns
from components.aws.policies import allow, policy_document, trust, volume_key_policy
from components.aws.roles import RoleArgs, RoleWithPolicies, role_with_policies
from components.aws.upgrade import ZONES_TAG, control_plane_guard, zones_tag
from components.contract import Network
from components.settings import (
    Autoscaler,
    AwsProviderSettings,
    EksClusterSettings,
    IpFamily,
    ProtectionSettings,
)
from components.tags import named

LOG_TYPES: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""All logs that a control plane writes."""

_POLICIES: Final = {"cluster": "AmazonEKSClusterPolicy"}
_AUTO_MODE_POLICIES: Final = {
    **_POLICIES,
    "compute": "AmazonEKSComputePolicy",
    "block-storage": "AmazonEKSBlockStoragePolicy",
    "load-balancing": "AmazonEKSLoadBalancingPolicy",
    "networking": "AmazonEKSNetworkingPolicy",
}
"""Managed policies of the cluster's role.

Source: EKS user guide of 2024-12, "Create an EKS Auto Mode cluster with the AWS CLI", read 2026-11-23.
"""


@dataclass(frozen=True, kw_only=True)
class ControlPlaneArgs:
    """What a control plane is made from.

    `volume_key_arn` is the KMS key of the block storage class, which Auto Mode's own driver uses as the cluster's role.
    """

    settings: EksClusterSettings
    provider: AwsProviderSettings
    network: Network
    protection: ProtectionSettings
    tags: Mapping[str, str]
    node_role: RoleWithPolicies
    volume_key_arn: str | None
    parent: pulumi.Resource

    @property
    def auto_mode(self) -> bool:
        """Whether EKS makes the nodes, and runs what they need."""
        return self.settings.autoscaler is Autoscaler.AUTO_MODE

    @property
    def physical_name(self) -> str:
        """The cluster's own name; see `physical_name`."""
        return physical_name(self.settings, self.network.cidrs[0], pulumi.get_project(), pulumi.get_stack())


def physical_name(settings: EksClusterSettings, primary_cidr: IPv4Network, project: str, stack: str) -> str:
    """The cluster's own name: the user's, and six digits of a hash over what EKS cannot change on a cluster.

    Autonaming would hide the name until the cluster stands. But the log group must be there before, under a name that
    holds the cluster's: EKS else makes the group itself, with logs kept for ever. The digits keep what autonaming is
    for: a cluster that must be replaced gets another name, so the new one stands before the old goes, and two stacks
    of one account do not meet. What is hashed, and in which order, is frozen: a change would replace every cluster.
    """
    fixed_at_creation = [
        project,
        stack,
        str(primary_cidr),
        settings.ip_family.value,
        str(settings.service_cidr) if settings.ip_family is IpFamily.IPV4 else "",
        settings.secrets_key_arn or "",
    ]
    digest = hashlib.sha256(json.dumps(fixed_at_creation).encode()).hexdigest()
    return f"{settings.name}-{digest[:6]}"


def control_plane(name: str, args: ControlPlaneArgs) -> aws.eks.Cluster:
    """Make the cluster, logical name `settings.name`, and its parts, whose logical names start with `name`."""
    key_arn = args.settings.secrets_key_arn or _secrets_key(f"{name}-secrets", args).arn
    role = _cluster_role(f"{name}-control-plane", args, key_arn)
    logs = _log_group(f"{name}-logs", args)
    before = [*role.rights, logs]
    if args.auto_mode:
        before += [*args.node_role.rights, *args.network.ready]
    settings = args.settings
    return aws.eks.Cluster(
        settings.name,
        name=args.physical_name,
        version=settings.version,
        role_arn=role.role.arn,
        vpc_config=_vpc_config(args),
        kubernetes_network_config=_addresses(args),
        access_config=aws.eks.ClusterAccessConfigArgs(
            authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False
        ),
        encryption_config=aws.eks.ClusterEncryptionConfigArgs(
            provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=key_arn), resources=["secrets"]
        ),
        enabled_cluster_log_types=list(LOG_TYPES),
        upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=settings.support.value.upper()),
        deletion_protection=args.protection.deletion_protection,
        bootstrap_self_managed_addons=False,
        compute_config=_compute(args),
        storage_config=aws.eks.ClusterStorageConfigArgs(
            block_storage=aws.eks.ClusterStorageConfigBlockStorageArgs(enabled=args.auto_mode)
        ),
        tags={**named(args.tags, settings.name), ZONES_TAG: zones_tag(settings.zones)},
        opts=pulumi.ResourceOptions(
            parent=args.parent,
            depends_on=before,
            protect=args.protection.protect,
            hooks=control_plane_guard(settings.name),
        ),
    )


def _vpc_config(args: ControlPlaneArgs) -> aws.eks.ClusterVpcConfigArgs:
    """Where the control plane's interfaces are, and who reaches the API: nodes always privately."""
    public = bool(args.settings.api_access)
    subnets = args.network.control_plane_subnet_ids
    return aws.eks.ClusterVpcConfigArgs(
        subnet_ids=[subnets[zone] for zone in sorted(args.settings.zones)],
        endpoint_private_access=True,
        endpoint_public_access=public,
        public_access_cidrs=[str(cidr) for cidr in args.settings.api_access] if public else None,
    )


def _addresses(args: ControlPlaneArgs) -> aws.eks.ClusterKubernetesNetworkConfigArgs:
    """Addresses of services; EKS chooses the range itself where they are IPv6."""
    settings = args.settings
    return aws.eks.ClusterKubernetesNetworkConfigArgs(
        ip_family=settings.ip_family.value,
        service_ipv4_cidr=str(settings.service_cidr) if settings.ip_family is IpFamily.IPV4 else None,
        elastic_load_balancing=aws.eks.ClusterKubernetesNetworkConfigElasticLoadBalancingArgs(enabled=args.auto_mode),
    )


def _compute(args: ControlPlaneArgs) -> aws.eks.ClusterComputeConfigArgs:
    """Auto Mode's nodes. EKS wants it, storage and load balancing on or off together; left out, on would stay on.

    Turned off without a node role, it is an update of the cluster; another node role while it is on replaces it.
    Source: terraform-provider-aws, internal/service/eks/cluster.go, validateAutoModeComputeConfigCustomizeDiff, in a
    copy newer than issue 40582; read 2026-11-23.
    """
    if not args.auto_mode:
        return aws.eks.ClusterComputeConfigArgs(enabled=False)
    return aws.eks.ClusterComputeConfigArgs(
        enabled=True, node_pools=["general-purpose", "system"], node_role_arn=args.node_role.role.arn
    )


def _secrets_key(name: str, args: ControlPlaneArgs) -> aws.kms.Key:
    """The key that wraps the keys of Kubernetes secrets."""
    key = aws.kms.Key(
        name,
        description=f"Kubernetes secrets of EKS cluster {args.physical_name}",
        enable_key_rotation=True,
        deletion_window_in_days=30,
        tags=named(args.tags, name),
        opts=pulumi.ResourceOptions(parent=args.parent, protect=args.protection.protect),
    )
    aws.kms.Alias(
        name,
        name=f"alias/eks/{args.physical_name}/secrets",
        target_key_id=key.key_id,
        opts=pulumi.ResourceOptions(parent=args.parent),
    )
    return key


def _log_group(name: str, args: ControlPlaneArgs) -> aws.cloudwatch.LogGroup:
    """The group that EKS writes to; made first, it keeps logs no longer than the settings say.

    It goes after the cluster. Still EKS may write a last line and so make the group anew, as its service-linked role,
    which no policy of ours binds. A stack that is brought up again under the same name then finds it there: delete it,
    or import it. Source: terraform-aws-eks issues 2446 and 2763, read 2026-11-23.
    """
    return aws.cloudwatch.LogGroup(
        name,
        name=f"/aws/eks/{args.physical_name}/cluster",
        retention_in_days=args.settings.log_retention_days,
        tags=named(args.tags, name),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )


def _cluster_role(name: str, args: ControlPlaneArgs, secrets_key_arn: pulumi.Input[str]) -> RoleWithPolicies:
    """What the control plane acts as."""
    policies = _AUTO_MODE_POLICIES if args.auto_mode else _POLICIES
    inline: dict[str, pulumi.Input[str]] = {"secrets-key": pulumi.Output.from_input(secrets_key_arn).apply(_wrap_with)}
    if args.auto_mode:
        inline["volume-tags"] = _volume_tags_policy(arns.partition(args.provider.region))
    if args.auto_mode and args.volume_key_arn is not None:
        inline["volume-key"] = volume_key_policy(args.volume_key_arn)
    return role_with_policies(
        name,
        RoleArgs(
            trust=trust("eks.amazonaws.com", ("sts:AssumeRole", "sts:TagSession")),
            managed={key: arns.managed_policy(args.provider.region, policy) for key, policy in policies.items()},
            inline=inline,
            tags=args.tags,
            parent=args.parent,
        ),
    )


def _wrap_with(key_arn: str) -> str:
    """Use of the secrets' key. Source: terraform-aws-eks v21, main.tf of 2026-04-27, read 2026-11-23."""
    actions = ("kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey")
    return policy_document([allow("UseSecretsKey", actions, key_arn)])


def _volume_tags_policy(partition: str) -> str:
    """Tags of the user's choice on Auto Mode's volumes, which the managed policies do not allow.

    Source: EKS user guide of 2024-12, "Custom AWS tags for EKS Auto resources", statement Storage; read 2026-11-23.
    """
    resources: Sequence[str] = (f"arn:{partition}:ec2:*:*:volume/*", f"arn:{partition}:ec2:*:*:snapshot/*")
    own = {"StringEquals": {"aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}"}}
    return policy_document([allow("TagVolumes", ("ec2:CreateVolume", "ec2:CreateSnapshot"), list(resources), own)])
