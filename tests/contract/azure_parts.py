"""The node groups, registries and storage on Azure that the suites look at, each to what `wanted.py` asks for.

They stand on doubles of network and cluster: `azure.py` has the real ones.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi_azure_native import managedidentity

from components.azure.node_groups import AksNodeGroup, AksNodeGroupArgs
from components.azure.registry import AcrRegistry, AcrRegistryArgs
from components.azure.registry_cache import UpstreamCredentials
from components.azure.storage import AzureStorage, AzureStorageArgs
from components.settings import AcrRegistrySettings, AzureStorageSettings, NodeGroupSettings
from tests.components.doubles import ClusterDouble, NetworkDouble, Stand
from tests.contract import wanted
from tests.contract.azure import PROTECTION, PROVIDER, SUBSCRIPTION, TAGS, VNET, aks_settings, group_name

_NODES: Final = "a1a2a3a4-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
_CLUSTER_ID: Final = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform-1a2b3c4d"
    "/providers/Microsoft.ContainerService/managedClusters/dev-1a2b3c4d"
)


def _network() -> NetworkDouble:
    return NetworkDouble(zones=PROVIDER.zones)


def _cluster() -> ClusterDouble:
    return ClusterDouble(node_role=pulumi.Output.from_input(_NODES), node_prerequisites=(Stand("nodes-right"),))


def _endpoint_subnet() -> pulumi.Output[str]:
    return pulumi.Output.from_input(f"{VNET}/subnets/endpoints")


def aks_node_group(machine_type: str, image: str) -> AksNodeGroup:
    """A node pool with the nodes that every row has."""
    settings = NodeGroupSettings.model_validate(
        {
            "machine_types": [machine_type],
            "image": image,
            "min_nodes": wanted.MIN_NODES,
            "max_nodes": wanted.MAX_NODES,
            "labels": wanted.LABELS,
            "taints": {taint.key: {"value": taint.value, "effect": taint.effect} for taint in wanted.TAINTS},
        }
    )
    args = AksNodeGroupArgs(
        key=wanted.GROUP,
        settings=settings,
        provider=PROVIDER,
        cluster_settings=aks_settings(),
        cluster=_cluster(),
        network=_network(),
        tags=TAGS,
        resource_group_name=group_name(),
    )
    return AksNodeGroup(f"node-group-{wanted.GROUP}", args)


def acr_registry(tier: str) -> AcrRegistry:
    """A registry, and caches of which one wants credentials."""
    upstreams = {
        name: {"upstream": upstream, "credentials": upstream in wanted.UPSTREAMS_WITH_CREDENTIALS}
        for name, upstream in wanted.UPSTREAMS.items()
    }
    settings = {"tier": tier, "repositories": list(wanted.REPOSITORIES), "pull_through": upstreams}
    secret = pulumi.Output.secret("made-up")
    args = AcrRegistryArgs(
        settings=AcrRegistrySettings.model_validate(settings),
        provider=PROVIDER,
        resource_group_name=group_name(),
        network=_network(),
        private_endpoint_subnet_id=_endpoint_subnet(),
        cluster=_cluster(),
        protection=PROTECTION,
        tags=TAGS,
        pull_through_credentials={
            name: UpstreamCredentials(username=secret, access_token=secret)
            for name, upstream in upstreams.items()
            if upstream["credentials"]
        },
    )
    return AcrRegistry("registry", args)


def azure_storage(**settings: Any) -> AzureStorage:
    """Disks, and what `settings` adds."""
    args = AzureStorageArgs(
        settings=AzureStorageSettings.model_validate(settings),
        provider=PROVIDER,
        resource_group_name=group_name(),
        network=_network(),
        private_endpoint_subnet_id=_endpoint_subnet(),
        cluster=_cluster(),
        cluster_id=pulumi.Output.from_input(_CLUSTER_ID),
        cluster_identity=managedidentity.UserAssignedIdentity("control-plane", resource_group_name=group_name()),
        protection=PROTECTION,
        tags=TAGS,
    )
    return AzureStorage("storage", args)
