"""`infraplatform:cluster` on Azure: an AKS control plane, who may reach it, and what grows its nodes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.settings.base import Settings
from components.settings.maintenance_aks import AksMaintenanceSettings
from components.settings.values import EachOnce, LogicalName, PartOverrides, Zone


class AksClusterSettings(Settings):
    """A managed control plane on Azure."""

    kind: Literal["aks"] = "aks"
    """AKS."""
    name: LogicalName = "cluster"
    """Start of the cluster's physical name; changing it makes another cluster."""
    version: Annotated[str, Field(examples=["1.35"])]
    """Kubernetes minor version, in quotes; upgrades go one minor at a time."""
    zones: Annotated[tuple[Zone, ...], EachOnce, Field(min_length=1, examples=[["1", "2"]])]
    """Zones of the nodes, of the provider's; the control plane is always the region's."""
    maintenance: AksMaintenanceSettings = AksMaintenanceSettings()
    """When AKS may upgrade, and when not."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""
