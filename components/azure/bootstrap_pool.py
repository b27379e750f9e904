"""The node pool that AKS wants in a cluster's first request, and how it goes again.

AKS makes no cluster without a system pool, and by a cluster's own request no pool comes or goes later. All node groups,
system pods' too, are `AgentPool` resources; so the pool of the first request stands for minutes, and is removed. Why
so, and what it means for later requests: docs/adr/0006-aks-bootstrap-pool.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_command as command
from pulumi_azure_native import containerservice

from components.azure.scripts import REMOVE_POOL, place
from components.contract import Cluster, Network
from components.settings import AksClusterSettings, AksMode, AzureProviderSettings

BOOTSTRAP_POOL: Final = "bootstrap"
"""Nine letters: no group's pool, whose name ends in four of its hash, is called so."""
_SIZE: Final = "Standard_D2s_v5"
"""Two vCPUs and 8 GiB, for minutes; its host can encrypt.

Source: AKS documentation, "Use system node pools": 2 vCPUs; Azure documentation, "Dsv5 series": known, not read.
"""
_AUTOMATIC_NODES: Final = 3


def first_pools(
    settings: AksClusterSettings, network: Network, *, encryption_at_host: bool
) -> list[containerservice.ManagedClusterAgentPoolProfileArgs]:
    """What the first request says of pools; later ones leave it as it is found.

    In AKS Automatic the pool stays, and is AKS's to size and run; `encryption_at_host` is for the others.
    """
    subnet = network.node_subnet_ids[network.zones[0]]
    if settings.mode is AksMode.AUTOMATIC:
        pool = containerservice.ManagedClusterAgentPoolProfileArgs(
            name="systempool", mode="System", count=_AUTOMATIC_NODES, vnet_subnet_id=subnet
        )
    else:
        pool = containerservice.ManagedClusterAgentPoolProfileArgs(
            name=BOOTSTRAP_POOL,
            mode="System",
            type="VirtualMachineScaleSets",
            count=1,
            vm_size=_SIZE,
            os_type="Linux",
            os_sku="AzureLinux3",
            os_disk_size_gb=64,
            vnet_subnet_id=subnet,
            enable_auto_scaling=False,
            enable_encryption_at_host=encryption_at_host,
        )
    return [pool]


def remove_bootstrap_pool(
    name: str,
    cluster: Cluster,
    provider: AzureProviderSettings,
    resource_group_name: pulumi.Output[str],
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> command.local.Command:
    """Remove the first pool once the node groups stand; `after` are theirs.

    It runs again for another cluster, and finds nothing to do where the pool is gone. With the cluster it just goes.
    """
    return command.local.Command(
        name,
        create=REMOVE_POOL,
        environment=place(provider, resource_group_name, cluster.cluster_name, BOOTSTRAP_POOL),
        triggers=[cluster.cluster_name],
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after), deleted_with=cluster.control_plane),
    )
