"""Networks on Azure for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from components.azure.network import AzureNetwork, AzureNetworkArgs
from components.azure.network_existing import ExistingAzureNetwork, ExistingAzureNetworkArgs
from components.settings import AzureExistingNetwork, AzureNetworkSettings, AzureProviderSettings, ProtectionSettings
from components.tags import platform_tags

TAGS: Final = platform_tags("infraplatform", "test", "dev", {"team": "core"})
SUBSCRIPTION: Final = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
VNET: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/shared"


def provider(*zones: str) -> AzureProviderSettings:
    """A subscription's zones in one region."""
    return AzureProviderSettings(
        subscription_id=SUBSCRIPTION,
        tenant_id="5f4e3d2c-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
        region="westeurope",
        zones=zones or ("1", "2", "3"),
    )


def azure_network(
    *zones: str,
    protection: ProtectionSettings | None = None,
    tags: Mapping[str, str] = TAGS,
    opts: pulumi.ResourceOptions | None = None,
    **settings: Any,
) -> AzureNetwork:
    """A virtual network of 10.20.0.0/16 in the resource group `platform` unless told otherwise."""
    return AzureNetwork(
        "network",
        AzureNetworkArgs(
            settings=AzureNetworkSettings.model_validate({"cidr": "10.20.0.0/16", **settings}),
            provider=provider(*zones),
            resource_group_name=pulumi.Output.from_input("platform"),
            protection=protection or ProtectionSettings(),
            tags=tags,
        ),
        opts,
    )


def existing_azure_network(*zones: str, **settings: Any) -> ExistingAzureNetwork:
    """A network that stands already, with a subnet for each use."""
    existing = {
        "network_id": VNET,
        "cidrs": ["10.60.0.0/16"],
        "node_subnet_id": f"{VNET}/subnets/nodes",
        "node_cidr": "10.60.0.0/20",
        "control_plane_subnet_id": f"{VNET}/subnets/api",
        "private_endpoint_subnet_id": f"{VNET}/subnets/endpoints",
        **settings,
    }
    args = ExistingAzureNetworkArgs(existing=AzureExistingNetwork.model_validate(existing), provider=provider(*zones))
    return ExistingAzureNetwork("network", args)
