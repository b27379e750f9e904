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
MOST_EXCLUSIONS: Final = 19
"""One less than GKE takes, as `version` needs one. Source: terraform-provider-google-beta 93c65b2,
resource_container_cluster.go, `maintenance_exclusion`, read 2026-11-29."""
MOST_WITHOUT_ANY_UPGRADE: Final = 3
DAYS_WITHOUT_ANY_UPGRADE: Final = 30
"""Number and length of exclusions of scope no-upgrades, and what they may take of any 32 days together.

Sources: GKE documentation, maintenance exclusions, limitations, and release channels, comparison; both as quoted in
public repositories, read 2026-11-29. Some write of 90 days by now; 30 are taken in any case.
"""
WINDOW_DAYS: Final = 32
BY_VERSION: Final = "minors-come-by-cluster-version"
"""The exclusion that keeps minors for `version` to bring."""


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

    @rule
    def exclusions_leave_time_for_patches(self) -> Iterator[Fault]:
        """GKE bounds how many exclusions forbid every upgrade, and how much of any 32 days they take together."""
        strict = {key: it for key, it in self.exclusions.items() if it.scope is ExclusionScope.NO_UPGRADES}
        if len(strict) > MOST_WITHOUT_ANY_UPGRADE:
            problem = f"{len(strict)} are of scope no-upgrades, and GKE takes {MOST_WITHOUT_ANY_UPGRADE}"
            yield Fault(("exclusions",), problem, "write scope: no-minor-or-node-upgrades in some")
        days = {day for it in strict.values() for day in range(_ordinal(it.start), _ordinal(it.end))}
        for key, it in strict.items():
            window = range(_ordinal(it.start), _ordinal(it.start) + WINDOW_DAYS)
            if len(strict) > 1 and len(days.intersection(window)) > DAYS_WITHOUT_ANY_UPGRADE:
                problem = f"leaves, with those after it, less than two of {WINDOW_DAYS} days for upgrades"
                yield Fault(("exclusions", key, "end"), problem, "write an earlier day, or another scope")
        if BY_VERSION in self.exclusions:
            yield Fault(("exclusions", BY_VERSION), "is the name of the platform's own", "write another name")


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
