"""The network and the clusters on Google Cloud that the suites look at, each built as a stack would.

What stands on them is in `gcp_parts.py`.
"""

from __future__ import annotations

from typing import Any, Final

from components.contract import Network
from components.gcp.cluster import GkeCluster, GkeClusterArgs
from components.gcp.network import GcpNetwork, GcpNetworkArgs
from components.gcp.network_existing import ExistingGcpNetwork, ExistingGcpNetworkArgs
from components.settings import (
    GcpExistingNetwork,
    GcpNetworkSettings,
    GcpProviderSettings,
    GcpStorageSettings,
    GkeClusterSettings,
    ProtectionSettings,
)
from components.tags import platform_tags

PROVIDER: Final = GcpProviderSettings(project="my-project", region="europe-west3", zones=("a", "b"))
PROTECTION: Final = ProtectionSettings(keep_data=True)
TAGS: Final = platform_tags("infraplatform", "test", "dev", {})


def gcp_network(**settings: Any) -> GcpNetwork:
    """A VPC with Cloud NAT."""
    return GcpNetwork(
        "network",
        GcpNetworkArgs(
            settings=GcpNetworkSettings.model_validate({"cidr": "10.20.0.0/16", **settings}),
            provider=PROVIDER,
            protection=PROTECTION,
            tags=TAGS,
        ),
    )


def isolated_gcp_network() -> GcpNetwork:
    """A VPC without a way to the internet."""
    return gcp_network(egress="none")


def existing_gcp_network() -> ExistingGcpNetwork:
    """A VPC that stands already."""
    existing = GcpExistingNetwork.model_validate(
        {
            "network_id": "projects/host-project/global/networks/shared",
            "subnet_id": "projects/host-project/regions/europe-west3/subnetworks/nodes",
            "cidr": "10.60.0.0/20",
            "pod_range": "pods",
            "pod_cidr": "10.61.0.0/16",
            "service_range": "services",
            "service_cidr": "10.62.0.0/20",
        }
    )
    return ExistingGcpNetwork("network", ExistingGcpNetworkArgs(existing=existing, provider=PROVIDER))


def gke_settings(**settings: Any) -> GkeClusterSettings:
    """A Standard cluster that is reached by its DNS endpoint."""
    deployer = "serviceAccount:deployer@my-project.iam.gserviceaccount.com"
    required = {"version": "1.35", "release_channel": "regular", "zones": ["a", "b"], "deployers": [deployer]}
    return GkeClusterSettings.model_validate({**required, **settings})


def gke(network: Network, **settings: Any) -> GkeCluster:
    """A cluster of `gke_settings(**settings)`."""
    return GkeCluster(
        "cluster",
        GkeClusterArgs(
            settings=gke_settings(**settings),
            provider=PROVIDER,
            network=network,
            protection=PROTECTION,
            tags=TAGS,
            storage=GcpStorageSettings(),
        ),
    )


def gke_cluster() -> GkeCluster:
    """A GKE cluster for node groups."""
    return gke(gcp_network())


def gke_cluster_at_a_private_address() -> GkeCluster:
    """A GKE cluster whose API is reached from inside its network alone."""
    return gke(gcp_network(), dns_endpoint=False, reach="inside-network")


def gke_autopilot_cluster() -> GkeCluster:
    """A GKE cluster that makes its own nodes."""
    return gke(gcp_network(), mode="autopilot")
