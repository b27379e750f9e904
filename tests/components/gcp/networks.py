"""Networks on Google Cloud for the tests."""

from __future__ import annotations

from typing import Any

import pulumi

from components.gcp.network import GcpNetwork, GcpNetworkArgs
from components.settings import GcpNetworkSettings, GcpProviderSettings, ProtectionSettings
from components.tags import platform_tags

TAGS = platform_tags("infraplatform", "test", "dev", {"team": "core"})


def provider(*zones: str) -> GcpProviderSettings:
    """A project's zones in one region."""
    return GcpProviderSettings(project="my-project", region="europe-west3", zones=zones or ("a", "b", "c"))


def gcp_network(
    *zones: str,
    protection: ProtectionSettings | None = None,
    opts: pulumi.ResourceOptions | None = None,
    **settings: Any,
) -> GcpNetwork:
    """A VPC of 10.20.0.0/16 unless told otherwise."""
    return GcpNetwork(
        "network",
        GcpNetworkArgs(
            settings=GcpNetworkSettings.model_validate({"cidr": "10.20.0.0/16", **settings}),
            provider=provider(*zones),
            protection=protection or ProtectionSettings(),
            tags=TAGS,
        ),
        opts,
    )
