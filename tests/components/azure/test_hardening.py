"""Azure's checks: image cleaner, Defender and Azure Policy, by the settings' choice."""

from __future__ import annotations

from typing import Any

from tests.components.azure.clusters import with_cluster
from tests.components.plans import planned, standing


def security(**settings: Any) -> Any:
    return planned(with_cluster(**settings))["ManagedCluster", "cluster"].inputs["securityProfile"]


def test_stale_images_are_removed_every_week_unless_told_otherwise() -> None:
    assert security()["imageCleaner"] == {"enabled": True, "intervalHours": 168}
    assert security(image_cleaner_hours=48)["imageCleaner"] == {"enabled": True, "intervalHours": 48}
    assert security(image_cleaner_hours=None)["imageCleaner"] == {"enabled": False}


def test_in_aks_automatic_the_cleaner_is_akss_own() -> None:
    assert "imageCleaner" not in security(mode="automatic")


def test_defender_watches_by_choice_and_reports_to_the_workspace() -> None:
    assert security()["defender"] == {"securityMonitoring": {"enabled": False}}
    resources = standing(with_cluster(defender=True))
    found = resources["ManagedCluster", "cluster"].inputs["securityProfile"]["defender"]
    assert found["securityMonitoring"] == {"enabled": True}
    assert found["logAnalyticsWorkspaceResourceId"] == resources["Workspace", "cluster-logs"].id


def test_azure_policy_is_on_or_off_as_the_settings_say() -> None:
    for wanted in (True, False):
        cluster = planned(with_cluster(azure_policy=wanted))["ManagedCluster", "cluster"]
        assert cluster.inputs["addonProfiles"] == {"azurepolicy": {"enabled": wanted}}
