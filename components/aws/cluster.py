"""EKS: a control plane that AWS runs, who may use it, and what nodes need before they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import pulumi
import pulumi_aws as aws

from components.aws import arns
from components.aws.access import AccessArgs, grant_access
from components.aws.add_ons import AddOnFamily, node_add_ons
from components.aws.control_plane import ControlPlaneArgs, control_plane
from components.aws.identity import IdentitiesArgs, PodIdentities
from components.aws.kubeconfig import exec_kubeconfig
from components.aws.policies import trust
from components.aws.roles import RoleArgs, RoleWithPolicies, role_with_policies
from components.contract import Network
from components.settings import Autoscaler, AwsProviderSettings, EksClusterSettings, ProtectionSettings
from components.tags import named
from components.terms import Permissions, ServiceAccount, WorkloadIdentity

_NODE_POLICIES: Final = {"worker": "AmazonEKSWorkerNodePolicy", "pull": "AmazonEC2ContainerRegistryPullOnly"}
_AUTO_MODE_NODE_POLICIES: Final = {"worker": "AmazonEKSWorkerNodeMinimalPolicy", "pull": _NODE_POLICIES["pull"]}
"""Least that a node works with. No SSM: `kubectl debug node` needs no right of AWS. No CNI: it has its own identity.

Source: EKS user guide of 2024-12, "Amazon EKS node IAM role" and "Create an EKS Auto Mode cluster with the AWS CLI",
read 2026-11-23.
"""


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """What an EKS cluster is made from.

    `volume_key_arn` is the KMS key of the block storage class, if it has one: Auto Mode's driver must use it.
    """

    settings: EksClusterSettings
    provider: AwsProviderSettings
    network: Network
    protection: ProtectionSettings
    tags: Mapping[str, str]
    volume_key_arn: str | None = None


class EksCluster(pulumi.ComponentResource):
    """An EKS control plane with its access entries and identities; fulfils `contract.Cluster`.

    The API is private, and public only for the networks that the settings name. Secrets are wrapped by a KMS key, all
    logs are kept, access is by explicit entries alone. Unless EKS makes the nodes (Auto Mode), the component holds the
    add-ons that a node needs to become Ready; `EksAddOns` has the others, which need nodes.
    Non-goals: Fargate, Outposts, hybrid nodes, identity providers for human users, SSM and SSH access to nodes.
    """

    cluster_name: pulumi.Output[str]
    version: str
    api_url: pulumi.Output[str]
    ca_certificate: pulumi.Output[str]
    oidc_issuer: pulumi.Output[str] | None
    kubeconfig: pulumi.Output[str]
    node_role: pulumi.Output[str] | None
    security_group_ids: Mapping[str, pulumi.Output[str]]
    control_plane: pulumi.Resource
    node_prerequisites: list[pulumi.Resource]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the cluster and all in it that does not need nodes."""
        settings = args.settings
        shown = {
            "kubernetes_version": settings.version,
            "zones": list(settings.zones),
            "autoscaler": settings.autoscaler.value,
        }
        super().__init__("infraplatform:aws:EksCluster", name, shown, opts)
        node_role = self._node_role(f"{name}-node", args)
        made = ControlPlaneArgs(
            settings=settings,
            provider=args.provider,
            network=args.network,
            protection=args.protection,
            tags=args.tags,
            node_role=node_role,
            volume_key_arn=args.volume_key_arn,
            parent=self,
        )
        cluster = control_plane(name, made)
        self._identities = PodIdentities(
            name,
            IdentitiesArgs(
                cluster=cluster, physical_name=made.physical_name, provider=args.provider, tags=args.tags, parent=self
            ),
        )
        self.cluster_name = cluster.name
        self.version = settings.version
        self.api_url = cluster.endpoint
        self.ca_certificate = cluster.certificate_authority.apply(lambda authority: _computed(authority.data, "CA"))
        self.oidc_issuer = cluster.identities.apply(_issuer)
        self._oidc_provider(f"{name}-oidc", self.oidc_issuer, args.tags)
        self.kubeconfig = self._kubeconfig(args)
        self.node_role = node_role.role.arn
        self.security_group_ids = {
            "nodes": cluster.vpc_config.apply(
                lambda config: _computed(config.cluster_security_group_id, "cluster security group")
            )
        }
        self.control_plane = cluster
        access = AccessArgs(cluster=cluster, region=args.provider.region, tags=args.tags, parent=self)
        self.ready = grant_access(name, settings, access)
        self.node_prerequisites = list(node_role.rights)
        if not made.auto_mode:
            family = AddOnFamily(name=name, cluster=self, settings=settings, tags=args.tags, parent=self)
            self.node_prerequisites += node_add_ons(family, args.provider.region)
        self.register_outputs({"cluster_name": self.cluster_name, "api_url": self.api_url})

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Give the pods of a service account permissions in AWS, by Pod Identity; call once per account.

        Raises:
            ConfigurationError: the account has a grant already, or permissions are not in AWS words.
        """
        return self._identities.grant(service_account, permissions)

    def _node_role(self, name: str, args: EksClusterArgs) -> RoleWithPolicies:
        """What all nodes of the cluster act as."""
        auto_mode = args.settings.autoscaler is Autoscaler.AUTO_MODE
        policies = _AUTO_MODE_NODE_POLICIES if auto_mode else _NODE_POLICIES
        return role_with_policies(
            name,
            RoleArgs(
                trust=trust("ec2.amazonaws.com"),
                managed={key: arns.managed_policy(args.provider.region, policy) for key, policy in policies.items()},
                tags=args.tags,
                parent=self,
            ),
        )

    def _oidc_provider(self, name: str, issuer: pulumi.Output[str], tags: Mapping[str, str]) -> None:
        """Let IAM trust the cluster's tokens, for workloads that cannot use Pod Identity.

        IAM verifies issuers by its library of trusted roots, and needs thumbprints only where the root is none of
        them. Source: IAM API, CreateOpenIDConnectProvider, read 2026-11-23.
        """
        aws.iam.OpenIdConnectProvider(
            name,
            url=issuer,
            client_id_lists=["sts.amazonaws.com"],
            tags=named(tags, name),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _kubeconfig(self, args: EksClusterArgs) -> pulumi.Output[str]:
        parts = pulumi.Output.all(self.cluster_name, self.api_url, self.ca_certificate)
        text = parts.apply(
            lambda known: exec_kubeconfig(
                cluster_name=known[0],
                api_url=known[1],
                ca_certificate=known[2],
                region=args.provider.region,
                proxy_url=args.settings.proxy_url,
            )
        )
        return pulumi.Output.secret(text)


def _issuer(identities: Sequence[aws.eks.outputs.ClusterIdentity]) -> str:
    """The OIDC issuer's URL among what EKS says of a cluster's identities."""
    oidcs = identities[0].oidcs if identities else None
    return _computed(oidcs[0].issuer if oidcs else None, "OIDC issuer")


def _computed(value: str | None, what: str) -> str:
    """`value`, which EKS gives for every cluster though the SDK's type says optional; unknown in a preview without it.

    Raises:
        ValueError: the cluster stands, and EKS gave none.
    """
    if value is not None:
        return value
    if pulumi.runtime.is_dry_run():  # an object given as input may come back without what the provider adds to it
        return cast("str", pulumi.UNKNOWN)
    raise ValueError(f"EKS gave no {what} for the cluster")
