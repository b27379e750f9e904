"""When AKS may upgrade: a window for Kubernetes, one for the nodes' system, and days without either."""

from __future__ import annotations

from typing import Any

from tests.components.azure.clusters import with_cluster
from tests.components.plans import planned


def windows(**maintenance: Any) -> dict[str, Any]:
    """The windows that AKS is told, by the names it knows them by."""
    resources = planned(with_cluster(maintenance=maintenance))
    made = [resources["MaintenanceConfiguration", f"cluster-maintenance-{key}"] for key in ("upgrades", "node-os")]
    return {it.inputs["configName"]: it.inputs["maintenanceWindow"] for it in made}


def test_both_kinds_of_upgrades_have_a_window_each_on_days_of_their_own() -> None:
    found = windows()
    assert found.keys() == {"aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"}
    assert found["aksManagedAutoUpgradeSchedule"] == {
        "schedule": {"weekly": {"dayOfWeek": "Sunday", "intervalWeeks": 1}},
        "startTime": "02:00",
        "durationHours": 4,
        "utcOffset": "+00:00",
        "notAllowedDates": [],
    }
    assert found["aksManagedNodeOSUpgradeSchedule"]["schedule"]["weekly"]["dayOfWeek"] == "Saturday"


def test_a_window_is_where_the_settings_put_it() -> None:
    found = windows(node_os={"day": "wed", "start": "22:30", "hours": 8})["aksManagedNodeOSUpgradeSchedule"]
    assert found["schedule"]["weekly"]["dayOfWeek"] == "Wednesday"
    assert (found["startTime"], found["durationHours"]) == ("22:30", 8)


def test_exclusions_hold_for_both_and_their_names_order_them() -> None:
    exclusions = {"b": {"start": "2027-03-01", "end": "2027-03-02"}, "a": {"start": "2026-12-18", "end": "2027-01-04"}}
    dates = [{"start": "2026-12-18", "end": "2027-01-04"}, {"start": "2027-03-01", "end": "2027-03-02"}]
    assert [window["notAllowedDates"] for window in windows(exclusions=exclusions).values()] == [dates, dates]


def test_windows_go_with_the_cluster() -> None:
    resources = planned(with_cluster())
    cluster = resources["ManagedCluster", "cluster"].urn
    assert resources["MaintenanceConfiguration", "cluster-maintenance-upgrades"].deleted_with == cluster
