"""`infraplatform:cluster.maintenance` on AKS: when the cluster and its nodes may be upgraded, and when not."""

from __future__ import annotations

from components.settings.base import Settings


class AksMaintenanceSettings(Settings):
    """When AKS may upgrade the cluster and its nodes."""
