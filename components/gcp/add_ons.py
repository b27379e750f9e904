"""What GKE runs in a cluster by itself, at its own versions: drivers, agents, caches."""

from __future__ import annotations

import pulumi_gcp as gcp

from components.settings import GcpStorageSettings, GkeClusterSettings, GkeMode


def add_ons(settings: GkeClusterSettings, storage: GcpStorageSettings) -> gcp.container.ClusterAddonsConfigArgs:
    """The add-ons that the cluster and its storage need. Autopilot has its own, and takes no word on most."""
    made = gcp.container.ClusterAddonsConfigArgs(
        gcp_filestore_csi_driver_config=gcp.container.ClusterAddonsConfigGcpFilestoreCsiDriverConfigArgs(
            enabled=storage.file is not None
        ),
        gke_backup_agent_config=gcp.container.ClusterAddonsConfigGkeBackupAgentConfigArgs(
            enabled=storage.backup is not None
        ),
    )
    if settings.mode is GkeMode.AUTOPILOT:
        made.gcp_filestore_csi_driver_config = None  # always on there
        return made
    made.gce_persistent_disk_csi_driver_config = gcp.container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs(
        enabled=True
    )
    made.dns_cache_config = gcp.container.ClusterAddonsConfigDnsCacheConfigArgs(enabled=True)
    made.http_load_balancing = gcp.container.ClusterAddonsConfigHttpLoadBalancingArgs(disabled=False)
    made.horizontal_pod_autoscaling = gcp.container.ClusterAddonsConfigHorizontalPodAutoscalingArgs(disabled=False)
    return made
