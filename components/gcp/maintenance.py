"""When GKE may upgrade a cluster: a weekly window, exclusions, and minors by the settings alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pulumi_gcp as gcp

from components.settings import GkeClusterSettings, MaintenanceSettings, Weekday
from components.settings.maintenance_gke import BY_VERSION

_MONDAY: Final = datetime(2026, 1, 5, tzinfo=UTC)
"""The week that windows are counted from. Frozen: another would change the window of every cluster."""
_WEEK: Final = tuple(Weekday)


def maintenance_policy(cluster: GkeClusterSettings) -> gcp.container.ClusterMaintenancePolicyArgs:
    """The policy of the settings. Patches come by the release channel within the window.

    Minors come when `cluster.version` says so, unless the settings leave them to Google; it brings them anyhow once a
    minor's support ends.
    """
    settings = cluster.maintenance
    start, end = window(settings)
    return gcp.container.ClusterMaintenancePolicyArgs(
        recurring_window=gcp.container.ClusterMaintenancePolicyRecurringWindowArgs(
            start_time=_text(start), end_time=_text(end), recurrence=recurrence(settings)
        ),
        maintenance_exclusions=[
            *([] if cluster.minor_upgrades_by_google else [_no_minor_upgrades()]),
            *_exclusions(settings),
        ],
    )


def window(settings: MaintenanceSettings) -> tuple[datetime, datetime]:
    """The first time that the window opens, on the first of its days, and closes."""
    first = min(_WEEK.index(day) for day in settings.days)
    hour, minute = settings.start.split(":")
    start = _MONDAY + timedelta(days=first, hours=int(hour), minutes=int(minute))
    return start, start + timedelta(hours=settings.hours)


def recurrence(settings: MaintenanceSettings) -> str:
    """How the window comes again, as RFC 5545 writes it; the order of days in the settings is no matter."""
    if set(settings.days) == set(_WEEK):
        return "FREQ=DAILY"
    return f"FREQ=WEEKLY;BYDAY={','.join(day.value[:2].upper() for day in _WEEK if day in settings.days)}"


def _exclusions(settings: MaintenanceSettings) -> list[gcp.container.ClusterMaintenancePolicyMaintenanceExclusionArgs]:
    return [
        gcp.container.ClusterMaintenancePolicyMaintenanceExclusionArgs(
            exclusion_name=name,
            start_time=f"{exclusion.start}T00:00:00Z",
            end_time=f"{exclusion.end}T00:00:00Z",
            exclusion_options=gcp.container.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs(
                scope=exclusion.scope.value.upper().replace("-", "_")
            ),
        )
        for name, exclusion in sorted(settings.exclusions.items())
    ]


def _no_minor_upgrades() -> gcp.container.ClusterMaintenancePolicyMaintenanceExclusionArgs:
    return gcp.container.ClusterMaintenancePolicyMaintenanceExclusionArgs(
        exclusion_name=BY_VERSION,
        start_time=_text(_MONDAY),
        exclusion_options=gcp.container.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs(
            scope="NO_MINOR_UPGRADES", end_time_behavior="UNTIL_END_OF_SUPPORT"
        ),
    )


def _text(moment: datetime) -> str:
    """RFC 3339 in UTC with a Z, as GKE gives it back."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
