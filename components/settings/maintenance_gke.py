"""`infraplatform:cluster.maintenance` on GKE: when the cluster may be upgraded, and when not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, repeated, rule
from components.settings.days import Weekday, checked_day, day_field, time_of_day_field
from components.settings.values import EachOnce, LogicalName

HOURS_IN_32_DAYS: Final = 48
LEAST_HOURS: Final = 4
"""What GKE must have for maintenance. Source: GKE documentation, maintenance windows and exclusions, read 2026-11."""
MOST_EXCLUSIONS: Final = 20
DAYS_WITHOUT_ANY_UPGRADE: Final = 30
"""Longest exclusion of scope no-upgrades. This and the number of exclusions are known, not read."""


class ExclusionScope(StrEnum):
    """What does not happen during an exclusion."""

    NO_UPGRADES = "no-upgrades"
    NO_MINOR_UPGRADES = "no-minor-upgrades"
    NO_MINOR_OR_NODE_UPGRADES = "no-minor-or-node-upgrades"


class MaintenanceExclusion(Settings):
    """A time without upgrades."""

    start: Annotated[str, day_field("2026-12-18")]
    """First day, in quotes; from 00:00 UTC."""
    end: Annotated[str, day_field("2027-01-04")]
    """Day of the end, in quotes; upgrades may begin at 00:00 UTC."""
    scope: ExclusionScope = ExclusionScope.NO_MINOR_UPGRADES
    """What does not happen: no-upgrades at all, no-minor-upgrades, or no-minor-or-node-upgrades."""

    @field_validator("start", "end")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        return checked_day(text)

    @rule
    def an_exclusion_ends_after_its_start(self) -> Iterator[Fault]:
        """It has a length, and GKE bounds that of the strictest."""
        days = (date.fromisoformat(self.end) - date.fromisoformat(self.start)).days
        if days <= 0:
            yield Fault(("end",), f"{self.end} is not after {self.start}", "write a later day")
        elif self.scope is ExclusionScope.NO_UPGRADES and days > DAYS_WITHOUT_ANY_UPGRADE:
            problem = f"is {days} days after the start, and without any upgrade {DAYS_WITHOUT_ANY_UPGRADE} are the most"
            yield Fault(("end",), problem, "write an earlier day, or scope: no-minor-or-node-upgrades")


class MaintenanceSettings(Settings):
    """When GKE may upgrade the cluster and its nodes."""

    days: Annotated[tuple[Weekday, ...], EachOnce, Field(min_length=1, examples=[["sat", "sun"]])] = tuple(Weekday)
    """Days on which upgrades may begin."""
    start: Annotated[str, time_of_day_field("02:00")] = "02:00"
    """When the window opens, in UTC, in quotes."""
    hours: Annotated[int, Field(ge=LEAST_HOURS, le=24)] = LEAST_HOURS
    """How long the window is open."""
    exclusions: Annotated[
        dict[LogicalName, MaintenanceExclusion],
        Field(max_length=MOST_EXCLUSIONS, examples=[{"holidays": {"start": "2026-12-18", "end": "2027-01-04"}}]),
    ] = {}
    """Times without upgrades, by a name of your choice."""

    @rule
    def upgrades_have_their_time(self) -> Iterator[Fault]:
        """GKE wants 48 hours in any 32 days, which hold four whole weeks."""
        found = 4 * len(self.days) * self.hours
        if not repeated(self.days) and found < HOURS_IN_32_DAYS:
            least = -(-HOURS_IN_32_DAYS // (4 * len(self.days)))
            week = f"{self.hours} hours on {', '.join(self.days)}"
            problem = f"{week} are {found} in four weeks, and GKE wants {HOURS_IN_32_DAYS}"
            yield Fault(("hours",), problem, f"write {least} hours or more, or more days")
