"""Who may use a cluster's API: EKS access entries, nothing derived from whoever runs Pulumi."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import arns
from components.settings import AccessPolicy, EksClusterSettings
from components.settings.cluster import AccessEntrySettings
from components.tags import named

_ACCESS_POLICIES: Final = {
    AccessPolicy.CLUSTER_ADMIN: "AmazonEKSClusterAdminPolicy",
    AccessPolicy.ADMIN: "AmazonEKSAdminPolicy",
    AccessPolicy.EDIT: "AmazonEKSEditPolicy",
    AccessPolicy.VIEW: "AmazonEKSViewPolicy",
}
"""EKS access policies by their meaning. Source: EKS user guide, "Review access policy permissions", read 2026-11-23."""


@dataclass(frozen=True, kw_only=True)
class AccessArgs:
    """The cluster that access is given to."""

    cluster: aws.eks.Cluster
    region: str
    tags: Mapping[str, str]
    parent: pulumi.Resource


def grant_access(name: str, settings: EksClusterSettings, args: AccessArgs) -> Sequence[pulumi.Resource]:
    """Make the access entries: the deployers' first, the others after them.

    Returns:
        The deployers' access, which everything in the cluster waits for.
    """
    deployers = [
        _access(
            f"{name}-deployer-{principal_key(principal)}",
            AccessEntrySettings(principal=principal, policy=AccessPolicy.CLUSTER_ADMIN),
            args,
            after=(),
        )
        for principal in settings.deployers
    ]
    for key, entry in settings.access.items():
        _access(f"{name}-access-{key}", entry, args, after=deployers)
    return deployers


def principal_key(arn: str) -> str:
    """A short stable key of an IAM principal: its name, and six digits that tell equal names apart."""
    name = arn.rpartition("/")[2]
    return f"{name}-{hashlib.sha256(arn.encode()).hexdigest()[:6]}"


def _access(
    name: str, settings: AccessEntrySettings, args: AccessArgs, *, after: Sequence[pulumi.Resource]
) -> pulumi.Resource:
    """One principal's entry with its policy; returns what takes effect last."""
    child = pulumi.ResourceOptions(parent=args.parent, deleted_with=args.cluster, depends_on=list(after))
    entry = aws.eks.AccessEntry(
        name,
        cluster_name=args.cluster.name,
        principal_arn=settings.principal,
        tags=named(args.tags, name),
        opts=child,
    )
    namespaces = list(settings.namespaces)
    return aws.eks.AccessPolicyAssociation(
        name,
        cluster_name=args.cluster.name,
        principal_arn=entry.principal_arn,
        policy_arn=arns.access_policy(args.region, _ACCESS_POLICIES[settings.policy]),
        access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(
            type="namespace" if namespaces else "cluster", namespaces=namespaces or None
        ),
        opts=child,
    )
