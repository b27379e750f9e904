"""Logs of a control plane: what AKS sends to Log Analytics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import containerservice, monitor, operationalinsights

from components.settings import AksClusterSettings, AzureProviderSettings

LOGS: Final = (
    "kube-apiserver",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
    "cluster-autoscaler",
    "cloud-controller-manager",
    "guard",
    "csi-azuredisk-controller",
    "csi-azurefile-controller",
    "csi-snapshot-controller",
)
"""Logs that are always kept: who changed what (without reads, which `kube-audit` has at many times the cost), who was
let in (guard), and what the control plane did.

Source: AKS documentation, monitoring data reference, resource logs, known, not read.
"""


@dataclass(frozen=True, kw_only=True)
class WorkspaceArgs:
    """What a cluster's workspace is made from."""

    settings: AksClusterSettings
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    tags: Mapping[str, str]
    parent: pulumi.Resource


def workspace_id(name: str, args: WorkspaceArgs) -> pulumi.Input[str]:
    """The settings' workspace, or one of the cluster's own."""
    if args.settings.log_workspace_id is not None:
        return args.settings.log_workspace_id
    made = operationalinsights.Workspace(
        name,
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
        retention_in_days=args.settings.log_retention_days,
        # Defender's sensor may come with the workspace's key, which nothing else does (known, not read).
        features=operationalinsights.WorkspaceFeaturesArgs(disable_local_auth=not args.settings.defender),
        tags=dict(args.tags),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )
    return made.id


def keep_logs(
    name: str,
    cluster: containerservice.ManagedCluster,
    workspace: pulumi.Input[str],
    parent: pulumi.Resource,
) -> monitor.DiagnosticSetting:
    """Send the control plane's logs to the workspace, each to a table of its own."""
    return monitor.DiagnosticSetting(
        name,
        name="control-plane",
        resource_uri=cluster.id,
        workspace_id=workspace,
        log_analytics_destination_type="Dedicated",
        logs=[monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in LOGS],
        opts=pulumi.ResourceOptions(parent=parent, deleted_with=cluster),
    )
