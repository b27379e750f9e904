"""What the tests of registry and storage on Azure build upon: where all stands, and doubles of network and cluster."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import managedidentity

from components.settings import AzureProviderSettings
from tests.components.doubles import ClusterDouble, NetworkDouble, Stand

SUBSCRIPTION: Final = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
TENANT: Final = "1b2c3d4e-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
PROVIDER: Final = AzureProviderSettings(
    subscription_id=SUBSCRIPTION, tenant_id=TENANT, region="westeurope", zones=("1", "2")
)
GROUP: Final = "platform-1a2b3c4d"
NODES: Final = "2c3d4e5f-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
SUBNET: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/subnets/private-endpoints"
CLUSTER_ID: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/managedClusters/cluster-1a2b3c"


def role(guid: str) -> str:
    """A built-in role as assignments name it."""
    return f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{guid}"


def group_name() -> pulumi.Output[str]:
    """The platform's resource group."""
    return pulumi.Output.from_input(GROUP)


def subnet_id(*, there: bool = True) -> pulumi.Output[str] | None:
    """Where private endpoints get their address."""
    return pulumi.Output.from_input(SUBNET) if there else None


def azure_network() -> NetworkDouble:
    """A network with one subnet for its zones."""
    return NetworkDouble(zones=("1", "2"))


def azure_cluster(*, nodes_have_an_identity: bool = True) -> ClusterDouble:
    """A cluster whose nodes act as one identity, and have one right."""
    role_of_nodes = pulumi.Output.from_input(NODES) if nodes_have_an_identity else None
    return ClusterDouble(node_role=role_of_nodes, node_prerequisites=(Stand("nodes-right"),))


def cluster_identity(**tags: str) -> managedidentity.UserAssignedIdentity:
    """What the control plane acts as."""
    return managedidentity.UserAssignedIdentity(
        "control-plane", resource_group_name=GROUP, location=PROVIDER.region, tags=tags
    )
