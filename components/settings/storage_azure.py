"""`infraplatform:storage` on Azure: managed disks, Azure Files, snapshots, backup."""

from __future__ import annotations

from typing import Literal

from components.settings.base import Settings
from components.settings.values import PartOverrides


class AzureStorageSettings(Settings):
    """Persistent storage of the cluster."""

    kind: Literal["azure"] = "azure"
    """Azure's storage; follows from the provider where left out."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""
