"""GKE: a control plane that Google runs, who may use it, and what nodes need before they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.contract import Network
from components.gcp.access import AccessArgs, grant_access
from components.gcp.computed import computed
from components.gcp.control_plane import ControlPlaneArgs, control_plane
from components.gcp.endpoints import answers_by_dns, api_url
from components.gcp.identity import IdentitiesArgs, WorkloadIdentities
from components.gcp.kubeconfig import exec_kubeconfig
from components.gcp.service_accounts import AccountArgs, AccountWithRoles, account_with_roles
from components.settings import GcpProviderSettings, GcpStorageSettings, GkeClusterSettings, ProtectionSettings
from components.terms import Permissions, ServiceAccount, WorkloadIdentity

_NODE_ROLES: Final = {"node": "roles/container.defaultNodeServiceAccount"}
"""Least that a node works with: it writes logs and metrics. To pull is the registry's to grant.

Source: GKE documentation, "Use least privilege IAM service accounts", read 2026-11.
"""
_STREAMING_ROLES: Final = {"streaming": "roles/serviceusage.serviceUsageConsumer"}
"""What a node that streams images needs beside, or its pods never start.

Source: terraform-google-kubernetes-engine issue 2251 and pull request 2262, read 2026-11-29.
"""


@dataclass(frozen=True, kw_only=True)
class GkeClusterArgs:
    """What a GKE cluster is made from.

    `storage` says which drivers and agents GKE runs in it, `dual_stack` whether the network's subnet has IPv6 ranges,
    `streams_images` whether any node starts containers while their images are still read; `after` is what disks with a
    key of one's own wait for.
    """

    settings: GkeClusterSettings
    provider: GcpProviderSettings
    network: Network
    protection: ProtectionSettings
    tags: Mapping[str, str]
    storage: GcpStorageSettings
    dual_stack: bool = False
    streams_images: bool = False
    after: Sequence[pulumi.Resource] = ()


class GkeCluster(pulumi.ComponentResource):
    """A GKE control plane with its deployers' access and its identities; fulfils `contract.Cluster`.

    It is the region's, with private nodes in the settings' zones. The API has a DNS name guarded by IAM, addresses for
    the networks that the settings name, or a private address alone. Secrets are wrapped by a KMS key, all logs are
    kept, pods have identities of their own. The project's APIs (container, compute, cloudkms, iam) are on beforehand.
    Non-goals: zonal clusters, fleets, customer-managed control plane keys and CAs.
    """

    cluster_name: pulumi.Output[str]
    cluster_id: pulumi.Output[str]
    """`projects/<project>/locations/<region>/clusters/<name>`."""
    version: str
    api_url: pulumi.Output[str]
    ca_certificate: pulumi.Output[str]
    oidc_issuer: pulumi.Output[str] | None
    kubeconfig: pulumi.Output[str]
    node_role: pulumi.Output[str] | None
    security_group_ids: Mapping[str, pulumi.Output[str]]
    control_plane: pulumi.Resource
    node_prerequisites: Sequence[pulumi.Resource]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: GkeClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the cluster and all in it that does not need nodes."""
        settings, provider = args.settings, args.provider
        shown = {
            "kubernetes_version": settings.version,
            "mode": settings.mode.value,
            "zones": list(settings.zones),
            "autoscaler": settings.autoscaler.value,
        }
        super().__init__("infraplatform:gcp:GkeCluster", name, shown, opts)
        node_account = self._node_account(f"{name}-node", args)
        cluster = control_plane(
            name,
            ControlPlaneArgs(
                settings=settings,
                provider=provider,
                network=args.network,
                protection=args.protection,
                tags=args.tags,
                storage=args.storage,
                dual_stack=args.dual_stack,
                node_account=node_account,
                after=args.after,
                parent=self,
            ),
        )
        self._identities = WorkloadIdentities(name, IdentitiesArgs(cluster=cluster, provider=provider, parent=self))
        self.cluster_name = cluster.name
        self.cluster_id = cluster.id
        self.version = settings.version
        self.api_url = api_url(settings, cluster)
        self.ca_certificate = cluster.master_auth.apply(lambda auth: computed(auth.cluster_ca_certificate, "CA"))
        self.oidc_issuer = _issuer(provider, cluster)
        self.kubeconfig = self._kubeconfig(settings)
        self.node_role = node_account.account.email
        self.security_group_ids = {}
        self.control_plane = cluster
        self.node_prerequisites = node_account.rights
        self.ready = grant_access(name, settings, AccessArgs(cluster=cluster, provider=provider, parent=self))
        self.register_outputs({"cluster_name": self.cluster_name, "api_url": self.api_url})

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Give the pods of a service account permissions in Google Cloud, by workload identity; call once per account.

        Raises:
            ConfigurationError: the account has a grant already, or permissions are not in Google Cloud's words.
        """
        return self._identities.grant(service_account, permissions)

    def _node_account(self, name: str, args: GkeClusterArgs) -> AccountWithRoles:
        """What all nodes of the cluster act as; never the project's default account, which may edit everything."""
        return account_with_roles(
            name,
            AccountArgs(
                project=args.provider.project,
                scope=args.provider.project,
                display_name=f"Nodes of GKE cluster {args.settings.name}",
                description=f"Stack {pulumi.get_stack()}",
                roles={**_NODE_ROLES, **(_STREAMING_ROLES if args.streams_images else {})},
                parent=self,
            ),
        )

    def _kubeconfig(self, settings: GkeClusterSettings) -> pulumi.Output[str]:
        by_dns = answers_by_dns(settings)
        parts = pulumi.Output.all(self.cluster_name, self.api_url, self.ca_certificate)
        text = parts.apply(
            lambda known: exec_kubeconfig(
                cluster_name=known[0],
                api_url=known[1],
                ca_certificate=None if by_dns else known[2],
                proxy_url=settings.proxy_url,
            )
        )
        return pulumi.Output.secret(text)


def _issuer(provider: GcpProviderSettings, cluster: gcp.container.Cluster) -> pulumi.Output[str]:
    """The issuer of the cluster's service account tokens, which publishes its keys there.

    Source: GKE documentation, Workload Identity Federation, read 2026-11.
    """
    path = f"projects/{provider.project}/locations/{provider.region}/clusters/"
    return pulumi.Output.concat(f"https://container.googleapis.com/v1/{path}", cluster.name)
