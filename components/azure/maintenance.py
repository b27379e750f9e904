"""When AKS may upgrade a cluster: a weekly window for Kubernetes, one for the nodes' system, and exclusions."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import containerservice

from components.settings import AksMaintenanceSettings, AksMaintenanceWindow, Weekday

_DAYS: Final = {
    Weekday.MON: "Monday",
    Weekday.TUE: "Tuesday",
    Weekday.WED: "Wednesday",
    Weekday.THU: "Thursday",
    Weekday.FRI: "Friday",
    Weekday.SAT: "Saturday",
    Weekday.SUN: "Sunday",
}
UPGRADES: Final = "aksManagedAutoUpgradeSchedule"
NODE_OS: Final = "aksManagedNodeOSUpgradeSchedule"
"""Names by which AKS knows what a window is for. Source: Azure CLI, aks maintenanceconfiguration, read 2026-11-29."""


def maintenance_windows(
    name: str,
    settings: AksMaintenanceSettings,
    cluster: containerservice.ManagedCluster,
    resource_group_name: pulumi.Output[str],
    parent: pulumi.Resource,
) -> list[containerservice.MaintenanceConfiguration]:
    """Make both windows. They bind upgrades that come by themselves; `pulumi up` upgrades when it runs."""
    windows = {UPGRADES: ("upgrades", settings.upgrades), NODE_OS: ("node-os", settings.node_os)}
    return [
        containerservice.MaintenanceConfiguration(
            f"{name}-maintenance-{key}",
            resource_group_name=resource_group_name,
            resource_name_=cluster.name,
            config_name=config_name,
            maintenance_window=_window(window, settings),
            opts=pulumi.ResourceOptions(parent=parent, deleted_with=cluster),
        )
        for config_name, (key, window) in windows.items()
    ]


def _window(window: AksMaintenanceWindow, settings: AksMaintenanceSettings) -> containerservice.MaintenanceWindowArgs:
    return containerservice.MaintenanceWindowArgs(
        schedule=containerservice.ScheduleArgs(
            weekly=containerservice.WeeklyScheduleArgs(day_of_week=_DAYS[window.day], interval_weeks=1)
        ),
        start_time=window.start,
        duration_hours=window.hours,
        utc_offset="+00:00",
        not_allowed_dates=[
            containerservice.DateSpanArgs(start=exclusion.start, end=exclusion.end)
            for _, exclusion in sorted(settings.exclusions.items())
        ],
    )
