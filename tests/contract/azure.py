"""The networks and the clusters on Azure that the suites look at, each built as a stack would.

What stands on them is in `azure_parts.py`.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi

from components.azure.cluster import AksCluster, AksClusterArgs
from components.azure.network import AzureNetwork, AzureNetworkArgs
from components.azure.network_existing import ExistingAzureNetwork, ExistingAzureNetworkArgs
from components.contract import Network
from components.settings import (
    AksClusterSettings,
    AzureExistingNetwork,
    AzureNetworkSettings,
    AzureProviderSettings,
    ProtectionSettings,
)
from components.tags import platform_tags

SUBSCRIPTION: Final = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
PROVIDER: Final = AzureProviderSettings(
    subscription_id=SUBSCRIPTION,
    tenant_id="5f4e3d2c-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
    region="westeurope",
    zones=("1", "2"),
)
PROTECTION: Final = ProtectionSettings(keep_data=True)
TAGS: Final = platform_tags("infraplatform", "test", "dev", {})
VNET: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/spokes/providers/Microsoft.Network/virtualNetworks/shared"


def group_name() -> pulumi.Output[str]:
    """The resource group that all of a platform is in."""
    return pulumi.Output.from_input("platform-1a2b3c4d")


def azure_network(**settings: Any) -> AzureNetwork:
    """A virtual network with a NAT gateway."""
    return AzureNetwork(
        "network",
        AzureNetworkArgs(
            settings=AzureNetworkSettings.model_validate({"cidr": "10.20.0.0/16", **settings}),
            provider=PROVIDER,
            resource_group_name=group_name(),
            protection=PROTECTION,
            tags=TAGS,
        ),
    )


def azure_network_behind_a_load_balancer() -> AzureNetwork:
    """A virtual network whose nodes lead out by AKS's own load balancer."""
    return azure_network(egress="load-balancer")


def existing_azure_network() -> ExistingAzureNetwork:
    """A virtual network that stands already."""
    existing = AzureExistingNetwork.model_validate(
        {
            "network_id": VNET,
            "cidrs": ["10.60.0.0/16", "10.70.0.0/16"],
            "node_subnet_id": f"{VNET}/subnets/nodes",
            "node_cidr": "10.60.0.0/20",
            "control_plane_subnet_id": f"{VNET}/subnets/api",
            "private_endpoint_subnet_id": f"{VNET}/subnets/endpoints",
        }
    )
    return ExistingAzureNetwork("network", ExistingAzureNetworkArgs(existing=existing, provider=PROVIDER))


def aks_settings(**settings: Any) -> AksClusterSettings:
    """A cluster of node groups that is reached by its public address."""
    required = {
        "version": "1.35",
        "zones": ["1", "2"],
        "api_access": ["203.0.113.0/24"],
        "deployers": ["service-principal:d1d2d3d4-0a1b-0a1b-0a1b-0a1b2c3d4e5f"],
    }
    return AksClusterSettings.model_validate({**required, **settings})


def aks(network: Network, **settings: Any) -> AksCluster:
    """A cluster of `aks_settings(**settings)`."""
    return AksCluster(
        "cluster",
        AksClusterArgs(
            settings=aks_settings(**settings),
            provider=PROVIDER,
            network=network,
            protection=PROTECTION,
            tags=TAGS,
            resource_group_name=group_name(),
            outbound_type="userAssignedNATGateway",
            encryption_at_host=True,
        ),
    )


def aks_cluster() -> AksCluster:
    """An AKS cluster for node groups."""
    return aks(azure_network())


def aks_cluster_at_a_private_address() -> AksCluster:
    """An AKS cluster whose API is reached from inside its network alone."""
    return aks(azure_network(), api_access=[], reach="inside-network")


def aks_automatic_cluster() -> AksCluster:
    """An AKS cluster whose nodes AKS makes."""
    return aks(azure_network(), mode="automatic")
