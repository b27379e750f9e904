"""Control plane logs: who changed what, and what was done, in a workspace."""

from __future__ import annotations

from tests.components.azure.clusters import with_cluster
from tests.components.plans import planned, standing

WORKSPACE = (
    "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/resourceGroups/logs"
    "/providers/Microsoft.OperationalInsights/workspaces/central"
)


def test_logs_are_kept_in_a_workspace_of_the_clusters_own_for_the_settings_days() -> None:
    resources = standing(with_cluster(log_retention_days=90))
    workspace, logs = resources["Workspace", "cluster-logs"], resources["DiagnosticSetting", "cluster-logs"].inputs
    assert workspace.inputs["retentionInDays"] == 90
    assert workspace.inputs["features"]["disableLocalAuth"] is True
    watched = planned(with_cluster(defender=True))["Workspace", "cluster-logs"]
    assert watched.inputs["features"]["disableLocalAuth"] is False
    assert (logs["resourceUri"], logs["workspaceId"]) == (resources["ManagedCluster", "cluster"].id, workspace.id)


def test_changes_by_anybody_are_among_the_logs_and_reads_are_not() -> None:
    logs = planned(with_cluster())["DiagnosticSetting", "cluster-logs"].inputs["logs"]
    categories = {it["category"] for it in logs if it["enabled"]}
    assert {"kube-audit-admin", "kube-apiserver", "guard", "cluster-autoscaler"} <= categories
    assert "kube-audit" not in categories


def test_an_existing_workspace_is_used_as_it_is() -> None:
    resources = planned(with_cluster(log_workspace_id=WORKSPACE))
    assert ("Workspace", "cluster-logs") not in resources
    assert resources["DiagnosticSetting", "cluster-logs"].inputs["workspaceId"] == WORKSPACE
