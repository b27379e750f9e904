"""GKE clusters for the tests, in a VPC of their own."""

from __future__ import annotations

from typing import Any

from components.contract import Network
from components.gcp.cluster import GkeCluster, GkeClusterArgs
from components.settings import GcpStorageSettings, GkeClusterSettings, ProtectionSettings
from tests.components.gcp.networks import TAGS, gcp_network, provider

DEPLOYER = "serviceAccount:deployer@my-project.iam.gserviceaccount.com"
AUTO_PROVISIONING = {
    "autoscaler": "node-auto-provisioning",
    "node_auto_provisioning": {"max_cpu_cores": 64, "max_memory_gib": 256},
}


def gke_settings(**settings: Any) -> GkeClusterSettings:
    """A Standard cluster with nodes in zones a and b, reached by its DNS endpoint, unless told otherwise."""
    defaults = {"version": "1.35", "release_channel": "regular", "zones": ("a", "b"), "deployers": (DEPLOYER,)}
    return GkeClusterSettings.model_validate({**defaults, **settings})


def gke_cluster(
    network: Network | None = None,
    *,
    protection: ProtectionSettings | None = None,
    storage: GcpStorageSettings | None = None,
    dual_stack: bool = False,
    streams_images: bool = False,
    **settings: Any,
) -> GkeCluster:
    """A cluster of `gke_settings(**settings)`."""
    return GkeCluster(
        "cluster",
        GkeClusterArgs(
            settings=gke_settings(**settings),
            provider=provider(),
            network=network or gcp_network(dual_stack=dual_stack),
            protection=protection or ProtectionSettings(),
            tags=TAGS,
            storage=storage or GcpStorageSettings(),
            dual_stack=dual_stack,
            streams_images=streams_images,
        ),
    )
