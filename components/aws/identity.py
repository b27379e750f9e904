"""Workload identity on EKS: a service account's pods act as an IAM role, by Pod Identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws import arns
from components.aws.policies import trust
from components.aws.roles import RoleArgs, role_with_policies
from components.errors import ConfigurationError, Mistake
from components.settings import AwsProviderSettings
from components.tags import named
from components.terms import Permissions, ServiceAccount, WorkloadIdentity


@dataclass(frozen=True, kw_only=True)
class IdentitiesArgs:
    """The cluster whose service accounts get identities.

    `physical_name` is the cluster's own, known before it is made, so that previews show whom a role trusts.
    """

    cluster: aws.eks.Cluster
    physical_name: str
    provider: AwsProviderSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource


class PodIdentities:
    """Gives the service accounts of one cluster their roles, one each.

    Non-goals: roles of other accounts, and identities by the OIDC provider, which users may still make themselves.
    """

    def __init__(self, name: str, args: IdentitiesArgs) -> None:
        self._name = name
        self._args = args
        self._granted: set[ServiceAccount] = set()

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Make the role and bind the account to it.

        Raises:
            ConfigurationError: the account has a grant already, or permissions are not in AWS words.
        """
        mistakes = list(grant_mistakes(service_account, permissions))
        if service_account in self._granted:
            mistakes.append(_mistake(service_account, "it has a grant already", "put all its permissions in one"))
        if mistakes:
            raise ConfigurationError(mistakes)
        self._granted.add(service_account)

        args = self._args
        name = f"{self._name}-{service_account.namespace}-{service_account.name}"
        made = role_with_policies(
            name,
            RoleArgs(
                trust=pod_identity_trust(args.provider, args.physical_name, service_account),
                managed=permissions.roles,
                inline=permissions.policies,
                tags=args.tags,
                parent=args.parent,
            ),
        )
        association = aws.eks.PodIdentityAssociation(
            name,
            cluster_name=args.cluster.name,
            namespace=service_account.namespace,
            service_account=service_account.name,
            role_arn=made.role.arn,
            tags=named(args.tags, name),
            opts=pulumi.ResourceOptions(parent=args.parent, deleted_with=args.cluster),
        )
        return WorkloadIdentity(principal=made.role.arn, ready=(association, *made.rights))


def pod_identity_trust(provider: AwsProviderSettings, cluster_name: str, service_account: ServiceAccount) -> str:
    """Trust policy of a role that only one service account's pods, in one cluster, may act as.

    The cluster is told by the session tag, not by `aws:SourceArn`: no document says what EKS puts there, and a wrong
    guess leaves every pod without credentials (awslabs/mountpoint-s3-csi-driver issue 781).

    Source: EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity", read 2026-11-23.
    """
    cluster_arn = arns.eks(provider.region, provider.account, f"cluster/{cluster_name}")
    conditions = {
        "StringEquals": {
            "aws:SourceAccount": provider.account,
            "aws:RequestTag/eks-cluster-arn": cluster_arn,
            "aws:RequestTag/kubernetes-namespace": service_account.namespace,
            "aws:RequestTag/kubernetes-service-account": service_account.name,
        }
    }
    return trust("pods.eks.amazonaws.com", ("sts:AssumeRole", "sts:TagSession"), conditions)


def grant_mistakes(service_account: ServiceAccount, permissions: Permissions) -> Iterator[Mistake]:
    """What of `permissions` is not in AWS words."""
    if permissions.scope is not None:
        yield _mistake(service_account, "scope means nothing on AWS", "name resources in a policy document")
    if not permissions.roles and not permissions.policies:
        yield _mistake(service_account, "it would permit nothing", "give roles or policies")
    for key, arn in permissions.roles.items():
        if isinstance(arn, str) and not arn.startswith("arn:"):
            yield _mistake(service_account, f"role {key!r} is {arn!r}, not a policy's ARN", "write arn:aws:iam::...")


def _mistake(service_account: ServiceAccount, problem: str, remedy: str) -> Mistake:
    return Mistake(f"grant to {service_account.namespace}/{service_account.name}", problem, remedy)
