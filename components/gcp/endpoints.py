"""Where a cluster's API answers, and for whom: a DNS name guarded by IAM, a public address, a private one."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp

from components.gcp.computed import computed
from components.settings import GkeClusterSettings, GkeReach


def has_ip_endpoint(settings: GkeClusterSettings) -> bool:
    """Whether the API has addresses for users at all; nodes reach it anyhow."""
    return bool(settings.api_access) or not settings.dns_endpoint


def answers_by_dns(settings: GkeClusterSettings) -> bool:
    """Whether who deploys takes the DNS endpoint."""
    wanted = settings.reach in (None, GkeReach.DNS_ENDPOINT, GkeReach.PROXY)
    return settings.dns_endpoint and (wanted or not has_ip_endpoint(settings))


def endpoints(settings: GkeClusterSettings) -> gcp.container.ClusterControlPlaneEndpointsConfigArgs:
    """Which endpoints there are. By DNS there are IAM's tokens alone, no tokens and certificates of Kubernetes."""
    return gcp.container.ClusterControlPlaneEndpointsConfigArgs(
        dns_endpoint_config=gcp.container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
            allow_external_traffic=settings.dns_endpoint,
            enable_k8s_tokens_via_dns=False,
            enable_k8s_certs_via_dns=False,
        ),
        ip_endpoints_config=gcp.container.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(
            enabled=has_ip_endpoint(settings)
        ),
    )


def private_nodes(settings: GkeClusterSettings) -> gcp.container.ClusterPrivateClusterConfigArgs:
    """Nodes without public addresses; the control plane has one only where a network of the internet may reach it."""
    return gcp.container.ClusterPrivateClusterConfigArgs(
        enable_private_nodes=True, enable_private_endpoint=not settings.public_access
    )


def authorized_networks(
    settings: GkeClusterSettings,
) -> gcp.container.ClusterMasterAuthorizedNetworksConfigArgs | None:
    """Who reaches the addresses: the named networks and the cluster's own, not all of Google Cloud."""
    if not has_ip_endpoint(settings):
        return None
    return gcp.container.ClusterMasterAuthorizedNetworksConfigArgs(
        cidr_blocks=[
            gcp.container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(cidr_block=str(cidr))
            for cidr in settings.api_access
        ],
        gcp_public_cidrs_access_enabled=False,
        private_endpoint_enforcement_enabled=True,
    )


def api_url(settings: GkeClusterSettings, cluster: gcp.container.Cluster) -> pulumi.Output[str]:
    """Where the deployer finds the API, with scheme."""
    if answers_by_dns(settings):
        host = cluster.control_plane_endpoints_config.apply(
            lambda config: computed(
                config.dns_endpoint_config.endpoint if config.dns_endpoint_config else None, "DNS endpoint"
            )
        )
    elif settings.public_access and settings.reach is not GkeReach.INSIDE_NETWORK:
        host = cluster.endpoint
    else:
        host = cluster.private_cluster_config.apply(
            lambda config: computed(config.private_endpoint, "private endpoint")
        )
    return pulumi.Output.concat("https://", host)
