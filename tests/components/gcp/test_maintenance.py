"""When GKE may upgrade: the window, the exclusions, and minors by the settings alone."""

from __future__ import annotations

from typing import Any

from components.gcp.maintenance import recurrence, window
from components.settings import MaintenanceSettings
from components.settings.maintenance_gke import MOST_EXCLUSIONS
from tests.components.gcp.clusters import gke_cluster
from tests.components.plans import planned


def policy(*, minor_upgrades_by_google: bool = False, **maintenance: Any) -> dict[str, Any]:
    """The maintenance policy that GKE is told."""
    resources = planned(lambda: gke_cluster(maintenance=maintenance, minor_upgrades_by_google=minor_upgrades_by_google))
    found: dict[str, Any] = resources["Cluster", "cluster"].inputs["maintenancePolicy"]
    return found


def test_the_window_is_daily_where_no_day_is_left_out() -> None:
    assert policy()["recurringWindow"] == {
        "startTime": "2026-01-05T02:00:00Z",
        "endTime": "2026-01-05T06:00:00Z",
        "recurrence": "FREQ=DAILY",
    }


def test_a_weekly_window_begins_on_the_first_of_its_days() -> None:
    settings = MaintenanceSettings.model_validate({"days": ["sun", "sat"], "start": "22:30", "hours": 6})
    assert recurrence(settings) == "FREQ=WEEKLY;BYDAY=SA,SU"
    start, end = window(settings)
    assert start.strftime("%a %H:%M") == "Sat 22:30"
    assert end.strftime("%a %H:%M") == "Sun 04:30"


def test_the_order_of_days_is_no_change() -> None:
    one = policy(days=["sat", "sun", "wed"], hours=4)
    assert one == policy(days=["wed", "sun", "sat"], hours=4)


def test_minors_do_not_come_by_themselves_while_they_are_supported() -> None:
    (exclusion,) = policy()["maintenanceExclusions"]
    assert exclusion["exclusionOptions"] == {"scope": "NO_MINOR_UPGRADES", "endTimeBehavior": "UNTIL_END_OF_SUPPORT"}


def test_minors_are_googles_where_the_settings_say_so() -> None:
    assert policy(minor_upgrades_by_google=True)["maintenanceExclusions"] == []


def test_exclusions_of_the_settings_are_whole_days_in_gkes_words() -> None:
    exclusions = {
        "sale": {"start": "2026-11-26", "end": "2026-12-02", "scope": "no-upgrades"},
        "holidays": {"start": "2026-12-18", "end": "2027-01-04", "scope": "no-minor-or-node-upgrades"},
    }
    found = policy(exclusions=exclusions, minor_upgrades_by_google=True)["maintenanceExclusions"]
    assert found == [
        {
            "exclusionName": "holidays",
            "startTime": "2026-12-18T00:00:00Z",
            "endTime": "2027-01-04T00:00:00Z",
            "exclusionOptions": {"scope": "NO_MINOR_OR_NODE_UPGRADES"},
        },
        {
            "exclusionName": "sale",
            "startTime": "2026-11-26T00:00:00Z",
            "endTime": "2026-12-02T00:00:00Z",
            "exclusionOptions": {"scope": "NO_UPGRADES"},
        },
    ]


def test_the_settings_leave_room_for_the_exclusion_that_keeps_minors() -> None:
    names = [f"e{number}" for number in range(MOST_EXCLUSIONS)]
    exclusions = {name: {"start": "2026-12-18", "end": "2026-12-20"} for name in names}
    assert len(policy(exclusions=exclusions)["maintenanceExclusions"]) == 20, "the most that GKE takes"
