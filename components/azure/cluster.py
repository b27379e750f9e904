"""AKS: a control plane that Azure runs, who may use it, and what its nodes act as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import containerservice, managedidentity

from components.azure.access import grant_access
from components.azure.cluster_identities import ClusterIdentities, IdentitiesArgs, cluster_identities
from components.azure.computed import computed
from components.azure.control_plane import ControlPlaneArgs, control_plane
from components.azure.identity import WorkloadIdentities, WorkloadIdentitiesArgs
from components.azure.kubeconfig import Endpoint, endpoint, exec_kubeconfig
from components.azure.maintenance import maintenance_windows
from components.azure.observability import WorkspaceArgs, keep_logs, workspace_id
from components.azure.secrets_key import SecretsKey, SecretsKeyArgs, secrets_key
from components.contract import Network
from components.settings import AksClusterSettings, AzureProviderSettings, ProtectionSettings
from components.terms import Permissions, ServiceAccount, WorkloadIdentity


@dataclass(frozen=True, kw_only=True)
class AksClusterArgs:
    """What an AKS cluster is made from.

    `outbound_type` is how the network lets nodes reach the internet, in AKS's words: `userAssignedNATGateway`,
    `loadBalancer`, `userDefinedRouting` or `none`. `encryption_at_host` is whether the host of the first pool's node
    encrypts its own disks: a feature that the subscription must have registered, as where a node group has it.
    """

    settings: AksClusterSettings
    provider: AzureProviderSettings
    network: Network
    protection: ProtectionSettings
    tags: Mapping[str, str]
    resource_group_name: pulumi.Output[str]
    outbound_type: str
    encryption_at_host: bool


class AksCluster(pulumi.ComponentResource):
    """An AKS control plane with its deployers' access and its identities; fulfils `contract.Cluster`.

    The API has a private address, and a public one for the networks that the settings name. Who may do what is in Entra
    ID and Azure RBAC: there are no local accounts. Secrets are encrypted by a key in a key vault, logs are kept, pods
    have identities of their own, network policies hold. The subscription's resource providers (ContainerService,
    KeyVault, OperationalInsights, Insights) are registered beforehand, and the feature EncryptionAtHost where used.
    A standard cluster starts with a pool that `bootstrap_pool.remove_bootstrap_pool` removes once node groups stand.
    Non-goals: Windows, service principals, kubenet, Istio, KEDA, Container Insights, managed Prometheus.
    """

    cluster_name: pulumi.Output[str]
    identity: managedidentity.UserAssignedIdentity
    """What the control plane, with AKS's own drivers, acts as."""
    cluster_id: pulumi.Output[str]
    """The whole id: `/subscriptions/.../managedClusters/<name>`."""
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

    def __init__(self, name: str, args: AksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the cluster and all about it that does not need nodes."""
        settings, provider = args.settings, args.provider
        shown = {"kubernetes_version": settings.version, "mode": settings.mode.value, "zones": list(settings.zones)}
        super().__init__("infraplatform:azure:AksCluster", name, shown, opts)
        identities = self._identities_of_its_own(name, args)
        key = self._secrets_key(f"{name}-etcd", args, identities)
        workspace = workspace_id(f"{name}-logs", self._workspace(args))
        cluster = control_plane(
            ControlPlaneArgs(
                settings=settings,
                provider=provider,
                network=args.network,
                protection=args.protection,
                tags=args.tags,
                resource_group_name=args.resource_group_name,
                outbound_type=args.outbound_type,
                encryption_at_host=args.encryption_at_host,
                identities=identities,
                secrets_key=key,
                workspace=workspace,
                parent=self,
            )
        )
        keep_logs(f"{name}-logs", cluster, workspace, self)
        maintenance_windows(name, settings.maintenance, cluster, args.resource_group_name, self)
        issuer = cluster.oidc_issuer_profile.apply(_issuer)
        self._workloads = WorkloadIdentities(name, self._workload_identities(args, cluster, issuer))
        where = endpoint(cluster, args.resource_group_name)
        self.identity = identities.control_plane
        self.cluster_name = cluster.name
        self.cluster_id = cluster.id
        self.version = settings.version
        self.api_url = where.apply(lambda found: found.api_url)
        self.ca_certificate = where.apply(lambda found: found.ca_certificate)
        self.oidc_issuer = issuer
        self.kubeconfig = self._kubeconfig(args, where)
        self.node_role = _node_role(identities, cluster)
        self.security_group_ids = {}
        self.control_plane = cluster
        self.node_prerequisites = [identities.rights.get("kubelet", cluster)]
        self.ready = grant_access(name, settings, provider, cluster, self)
        self.register_outputs({"cluster_name": self.cluster_name, "api_url": self.api_url})

    def grant(self, service_account: ServiceAccount, permissions: Permissions) -> WorkloadIdentity:
        """Give the pods of a service account permissions in Azure, by workload identity; call once per account.

        Raises:
            ConfigurationError: the account has a grant already, or permissions are not in Azure's words.
        """
        return self._workloads.grant(service_account, permissions)

    def _identities_of_its_own(self, name: str, args: AksClusterArgs) -> ClusterIdentities:
        made = IdentitiesArgs(
            settings=args.settings,
            provider=args.provider,
            network=args.network,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=self,
        )
        return cluster_identities(name, made)

    def _secrets_key(self, name: str, args: AksClusterArgs, identities: ClusterIdentities) -> SecretsKey:
        made = SecretsKeyArgs(
            settings=args.settings.secrets,
            provider=args.provider,
            identity=identities.control_plane,
            protection=args.protection,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=self,
        )
        return secrets_key(name, made)

    def _workspace(self, args: AksClusterArgs) -> WorkspaceArgs:
        return WorkspaceArgs(
            settings=args.settings,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=self,
        )

    def _workload_identities(
        self, args: AksClusterArgs, cluster: containerservice.ManagedCluster, issuer: pulumi.Output[str]
    ) -> WorkloadIdentitiesArgs:
        return WorkloadIdentitiesArgs(
            cluster=cluster,
            issuer=issuer,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=self,
        )

    def _kubeconfig(self, args: AksClusterArgs, where: pulumi.Output[Endpoint]) -> pulumi.Output[str]:
        text = pulumi.Output.all(self.cluster_name, where).apply(
            lambda known: exec_kubeconfig(
                cluster_name=known[0], where=known[1], provider=args.provider, proxy_url=args.settings.proxy_url
            )
        )
        return pulumi.Output.secret(text)


def _issuer(profile: containerservice.outputs.ManagedClusterOIDCIssuerProfileResponse | None) -> str:
    """The issuer of the cluster's service account tokens."""
    return computed(profile.issuer_url if profile is not None else None, "OIDC issuer")


def _node_role(identities: ClusterIdentities, cluster: containerservice.ManagedCluster) -> pulumi.Output[str]:
    """The object id that nodes act as: the cluster's own kubelet identity, in AKS Automatic the one that AKS makes."""
    if identities.kubelet is not None:
        return identities.kubelet.principal_id
    return cluster.identity_profile.apply(_kubelet_object_id)


def _kubelet_object_id(
    profile: Mapping[str, containerservice.outputs.UserAssignedIdentityManagedClusterResponse] | None,
) -> str:
    found = (profile or {}).get("kubeletidentity")
    return computed(found.object_id if found is not None else None, "kubelet identity")
