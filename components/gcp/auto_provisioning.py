"""What GKE's own nodes are like: those of Autopilot, and those of node auto-provisioning."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.settings import GcpProviderSettings, GkeAutoscaler, GkeClusterSettings, GkeMode

SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)
"""What nodes' tokens may be for. The service account's roles are the limit; narrower scopes are a legacy of GKE's."""


def cluster_autoscaling(
    settings: GkeClusterSettings, provider: GcpProviderSettings, node_account: pulumi.Output[str]
) -> gcp.container.ClusterClusterAutoscalingArgs:
    """How GKE makes nodes by itself: always in Autopilot, by the settings' choice in a Standard cluster, or not."""
    if settings.mode is GkeMode.AUTOPILOT:
        return gcp.container.ClusterClusterAutoscalingArgs(
            auto_provisioning_defaults=gcp.container.ClusterClusterAutoscalingAutoProvisioningDefaultsArgs(
                service_account=node_account, oauth_scopes=list(SCOPES), boot_disk_kms_key=settings.disk_key
            )
        )
    bounds = settings.node_auto_provisioning
    if settings.autoscaler is not GkeAutoscaler.NODE_AUTO_PROVISIONING or bounds is None:
        return gcp.container.ClusterClusterAutoscalingArgs(enabled=False)
    limits = {"cpu": bounds.max_cpu_cores, "memory": bounds.max_memory_gib}
    return gcp.container.ClusterClusterAutoscalingArgs(
        enabled=True,
        resource_limits=[
            gcp.container.ClusterClusterAutoscalingResourceLimitArgs(resource_type=kind, maximum=maximum)
            for kind, maximum in limits.items()
        ],
        auto_provisioning_locations=[provider.zone_name(zone) for zone in sorted(settings.zones)],
        auto_provisioning_defaults=_node_defaults(node_account, settings.disk_key),
    )


def _node_defaults(
    node_account: pulumi.Output[str], disk_key: str | None
) -> gcp.container.ClusterClusterAutoscalingAutoProvisioningDefaultsArgs:
    """The nodes of node auto-provisioning: as node groups have them."""
    return gcp.container.ClusterClusterAutoscalingAutoProvisioningDefaultsArgs(
        service_account=node_account,
        oauth_scopes=list(SCOPES),
        image_type="COS_CONTAINERD",
        disk_type="pd-balanced",
        boot_disk_kms_key=disk_key,
        shielded_instance_config=gcp.container.ClusterClusterAutoscalingAutoProvisioningDefaultsShieldedInstanceConfigArgs(
            enable_secure_boot=True, enable_integrity_monitoring=True
        ),
        management=gcp.container.ClusterClusterAutoscalingAutoProvisioningDefaultsManagementArgs(
            auto_repair=True, auto_upgrade=True
        ),
        upgrade_settings=gcp.container.ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsArgs(
            strategy="SURGE", max_surge=1, max_unavailable=0
        ),
    )
