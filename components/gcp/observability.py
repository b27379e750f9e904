"""Logs and metrics of a cluster: what GKE collects."""

from __future__ import annotations

from typing import Final

import pulumi_gcp as gcp

from components.settings import GkeClusterSettings

CONTROL_PLANE_LOGS: Final = ("SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER")
"""Logs that are always kept. Audit logs are Cloud Audit Logs', and cannot be turned off."""
_CONTROL_PLANE_METRICS: Final = ("APISERVER", "SCHEDULER", "CONTROLLER_MANAGER")
_STATE_METRICS: Final = ("STORAGE", "HPA", "POD", "DAEMONSET", "DEPLOYMENT", "STATEFULSET", "KUBELET", "CADVISOR")
SYSTEM_METRICS: Final = ("SYSTEM_COMPONENTS",)
PROMETHEUS_METRICS: Final = (*SYSTEM_METRICS, *_CONTROL_PLANE_METRICS, *_STATE_METRICS)
"""Metrics that GKE brings; all but the system's need Managed Service for Prometheus."""


def log_components(settings: GkeClusterSettings) -> list[str]:
    """Whose logs are kept."""
    return [*CONTROL_PLANE_LOGS, *(["WORKLOADS"] if settings.workload_logs else [])]


def monitoring(settings: GkeClusterSettings) -> gcp.container.ClusterMonitoringConfigArgs:
    """Which metrics are kept, Dataplane V2's of pods' traffic among them."""
    managed = settings.managed_prometheus
    return gcp.container.ClusterMonitoringConfigArgs(
        enable_components=list(PROMETHEUS_METRICS if managed else SYSTEM_METRICS),
        managed_prometheus=gcp.container.ClusterMonitoringConfigManagedPrometheusArgs(enabled=managed),
        advanced_datapath_observability_config=gcp.container.ClusterMonitoringConfigAdvancedDatapathObservabilityConfigArgs(
            enable_metrics=True, enable_relay=False
        ),
    )
