"""`infraplatform:cluster.maintenance` on AKS: when the cluster and its nodes may be upgraded, and when not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, rule
from components.settings.days import Weekday, checked_day, day_field, time_of_day_field
from components.settings.values import LogicalName

LEAST_HOURS: Final = 4
MOST_HOURS: Final = 24
"""Bounds of a maintenance window. Source: AKS documentation, planned maintenance, known, not read."""


class AksMaintenanceWindow(Settings):
    """A window that comes again every week."""

    day: Weekday
    """Day on which upgrades may begin."""
    start: Annotated[str, time_of_day_field("02:00")] = "02:00"
    """When the window opens, in UTC, in quotes."""
    hours: Annotated[int, Field(ge=LEAST_HOURS, le=MOST_HOURS)] = LEAST_HOURS
    """How long the window is open."""


class AksMaintenanceExclusion(Settings):
    """Days without upgrades of either kind."""

    start: Annotated[str, day_field("2026-12-18")]
    """First day, in quotes, in UTC."""
    end: Annotated[str, day_field("2027-01-04")]
    """Last day, in quotes, in UTC."""

    @field_validator("start", "end")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        return checked_day(text)

    @rule
    def an_exclusion_ends_after_its_start(self) -> Iterator[Fault]:
        """It has a length."""
        if date.fromisoformat(self.end) < date.fromisoformat(self.start):
            yield Fault(("end",), f"{self.end} is before {self.start}", "write a later day")


class AksMaintenanceSettings(Settings):
    """When AKS may upgrade the cluster and its nodes."""

    upgrades: AksMaintenanceWindow = AksMaintenanceWindow(day=Weekday.SUN)
    """When Kubernetes is upgraded, by `upgrade_channel`."""
    node_os: AksMaintenanceWindow = AksMaintenanceWindow(day=Weekday.SAT)
    """When the nodes' operating system is, by `node_os_channel`."""
    exclusions: Annotated[
        dict[LogicalName, AksMaintenanceExclusion],
        Field(examples=[{"holidays": {"start": "2026-12-18", "end": "2027-01-04"}}]),
    ] = {}
    """Days without upgrades, by a name of your choice."""
