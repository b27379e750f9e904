"""AKS node pools: nodes of one shape, one pool over its zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_command as command
from pulumi_azure_native import containerservice

from components.azure.node_machines import SPOT_TAINT, Machines, machines, taint_text
from components.azure.pool_names import ROOM, pool_name
from components.azure.scripts import DRAIN_POOL, NOTHING, place
from components.contract import Cluster, Network
from components.errors import ConfigurationError, Mistake
from components.settings import (
    AksAutoscaler,
    AksClusterSettings,
    AksMode,
    AzureProviderSettings,
    AzureUpgradeSettings,
    Capacity,
    NodeGroupSettings,
    UndrainableNodes,
)
from components.settings.node_groups import runs_system_pods
from components.terms import Taint

_UNDRAINABLE: Final = {UndrainableNodes.STOP: "Schedule", UndrainableNodes.CORDON: "Cordon"}


@dataclass(frozen=True, kw_only=True)
class AksNodeGroupArgs:
    """What a node group is made from. `key` is its key in the settings."""

    key: str
    settings: NodeGroupSettings
    provider: AzureProviderSettings
    cluster_settings: AksClusterSettings
    cluster: Cluster
    network: Network
    tags: Mapping[str, str]
    resource_group_name: pulumi.Output[str]


class AksNodeGroup(pulumi.ComponentResource):
    """A node pool over one or more zones; fulfils `contract.NodeGroup`.

    Its limits are totals over the zones, which AKS keeps level as far as it can. Between the limits the count is the
    autoscaler's: no update sets it back. A group whose nodes are always there, on demand, and let system pods in is a
    system pool. Labels, taints, limits and a new version change the pool that stands, nodes one after another by
    `azure.upgrade`; what AKS cannot change (`Machines.fixed`) makes a new pool under another name, which stands before
    the old one's pods leave it, disruption budgets respected, and it goes. A spot group has AKS's own taint, too.
    Non-goals: Windows, FIPS, proximity placement, public addresses for nodes, SSH, AKS Automatic (which makes nodes).
    """

    name: str
    group_names: Mapping[str, pulumi.Output[str]]
    min_nodes: int
    max_nodes: int
    labels: Mapping[str, str]
    taints: Sequence[Taint]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: AksNodeGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the group.

        Raises:
            ConfigurationError: AKS makes the cluster's nodes, several machine types, or a key too long for a pool.
        """
        settings, zones = args.settings, zones_of(args)
        shown = {"machine_types": list(settings.machine_types), "zones": list(zones)}
        super().__init__("infraplatform:azure:AksNodeGroup", name, shown, opts)
        mistakes = node_group_mistakes(args)
        if mistakes:
            raise ConfigurationError(mistakes)
        pods_per_node = settings.azure.pods_per_node or args.cluster_settings.max_pods_per_node
        machine = machines(settings, zones, pods_per_node)
        pool = self._pool(args, machine)
        self._drain(args, pool_name(args.key, machine.fixed), pool)
        self.name = args.key
        self.group_names = dict.fromkeys(zones, pool.name)
        self.min_nodes = settings.min_nodes
        self.max_nodes = settings.max_nodes
        self.labels = dict(settings.labels)
        self.taints = taints_of(settings)
        self.ready = [pool]
        self.register_outputs({"group_names": self.group_names})

    def _pool(self, args: AksNodeGroupArgs, machine: Machines) -> containerservice.AgentPool:
        """The pool; its logical name is the bare key.

        AKS demands `count` in each request. Where an autoscaler scales the pool, ours is ignored from the second on,
        and the state's goes out instead, which the refresh before each update has made the live one (Pulumi.yaml).
        AKS takes limits that the live count lies outside of, and keeps to them when it scales next. Sources:
        pulumi-azure-native#2943, Azure/AKS#1758, read 2026-11-29.
        """
        settings, fixed, scaled = args.settings, machine.fixed, _is_scaled(args)
        return containerservice.AgentPool(
            args.key,
            resource_group_name=args.resource_group_name,
            resource_name_=args.cluster.cluster_name,
            agent_pool_name=pool_name(args.key, fixed),
            mode="System" if runs_system_pods(settings) else "User",
            orchestrator_version=args.cluster.version,
            count=settings.min_nodes,
            enable_auto_scaling=scaled,
            min_count=settings.min_nodes if scaled else None,
            max_count=settings.max_nodes if scaled else None,
            vm_size=fixed["vmSize"],
            availability_zones=fixed["availabilityZones"],
            os_type="Linux",
            os_sku=fixed["osSKU"],
            os_disk_type=fixed["osDiskType"],
            os_disk_size_gb=fixed["osDiskSizeGB"],
            max_pods=fixed["maxPods"],
            vnet_subnet_id=args.network.node_subnet_ids[args.network.zones[0]],
            enable_encryption_at_host=fixed["enableEncryptionAtHost"],
            security_profile=_security_profile(machine),
            scale_set_priority=fixed["scaleSetPriority"],
            scale_set_eviction_policy=fixed["scaleSetEvictionPolicy"],
            spot_max_price=machine.spot_max_price,
            gpu_profile=_gpu_profile(machine),
            node_labels=dict(settings.labels),
            node_taints=[taint_text(taint) for taint in taints_of(settings)],
            upgrade_settings=_upgrade(settings),
            tags=dict(args.tags),
            opts=self._pool_options(args),
        )

    def _pool_options(self, args: AksNodeGroupArgs) -> pulumi.ResourceOptions:
        """A pool comes before its predecessor goes. It goes with its cluster: AKS deletes no last system pool alone."""
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=[*args.cluster.node_prerequisites, *args.network.ready],
            deleted_with=args.cluster.control_plane,
            delete_before_replace=False,
            ignore_changes=["count"] if _is_scaled(args) else None,
        )

    def _drain(
        self, args: AksNodeGroupArgs, physical_name: str, pool: containerservice.AgentPool
    ) -> command.local.Command:
        """What is deleted before its pool is, and in being deleted makes the pool's pods leave; see the ADR.

        A new pool gets a new one. It is made of what no preview forgets; with the cluster it just goes. It stands, too,
        where the settings want no drain, and does nothing: were it removed for that, its removal would be a drain.
        """
        return command.local.Command(
            f"{args.key}-drain",
            create=NOTHING,
            delete=DRAIN_POOL if args.settings.azure.drain else NOTHING,
            environment={
                **place(args.provider, args.resource_group_name, args.cluster.cluster_name, physical_name),
                "MINUTES": str(args.settings.azure.upgrade.drain_timeout_minutes),
                "PROXY": args.cluster_settings.proxy_url or "",
            },
            triggers=[args.cluster.cluster_name, physical_name],
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[pool],
                deleted_with=args.cluster.control_plane,
                delete_before_replace=False,
            ),
        )


def zones_of(args: AksNodeGroupArgs) -> tuple[str, ...]:
    """The group's zones: its own, or the cluster's."""
    return args.settings.zones or args.cluster_settings.zones


def taints_of(settings: NodeGroupSettings) -> tuple[Taint, ...]:
    """The taints that nodes carry, in the words of the contract: the group's, and AKS's own on spot machines."""
    own = [Taint(key=key, value=taint.value, effect=taint.effect) for key, taint in sorted(settings.taints.items())]
    return (*own, SPOT_TAINT) if settings.capacity is Capacity.SPOT else tuple(own)


def node_group_mistakes(args: AksNodeGroupArgs) -> list[Mistake]:
    """What of the settings cannot be made on AKS."""
    key, settings = f"infraplatform:node_groups.{args.key}", args.settings
    mistakes: list[Mistake] = []
    if args.cluster_settings.mode is AksMode.AUTOMATIC:
        problem = "AKS makes the nodes of a cluster in AKS Automatic"
        mistakes.append(Mistake(key, problem, "remove the node group, or write cluster.mode: standard"))
    if not args.key.isalnum() or len(args.key) > ROOM:
        problem = f"the key is no start of a node pool's name, which has room for {ROOM} letters and digits"
        mistakes.append(Mistake(key, problem, "write a shorter key, without hyphens"))
    if len(settings.machine_types) != 1:
        problem = f"names {len(settings.machine_types)} machine types, and a node pool has one"
        mistakes.append(Mistake(f"{key}.machine_types", problem, "write one, or a node group for each"))
    return mistakes


def _is_scaled(args: AksNodeGroupArgs) -> bool:
    """Whether the cluster autoscaler has the pool's count; else it is the group's least, by the settings."""
    return args.cluster_settings.autoscaler is AksAutoscaler.CLUSTER_AUTOSCALER


def _security_profile(machine: Machines) -> containerservice.AgentPoolSecurityProfileArgs:
    return containerservice.AgentPoolSecurityProfileArgs(
        enable_secure_boot=machine.fixed["enableSecureBoot"], enable_vtpm=machine.fixed["enableVTPM"]
    )


def _gpu_profile(machine: Machines) -> containerservice.GPUProfileArgs | None:
    """Whose driver GPUs get; None where there are none."""
    driver = machine.fixed["gpuDriver"]
    return containerservice.GPUProfileArgs(driver=driver) if driver is not None else None


def _upgrade(settings: NodeGroupSettings) -> containerservice.AgentPoolUpgradeSettingsArgs:
    """How nodes are replaced in the pool that stands. Spot pools have no surge: their machines may not come."""
    upgrade: AzureUpgradeSettings = settings.azure.upgrade
    spot = settings.capacity is Capacity.SPOT
    return containerservice.AgentPoolUpgradeSettingsArgs(
        max_surge=None if spot else upgrade.max_surge,
        max_unavailable=upgrade.max_unavailable,
        drain_timeout_in_minutes=upgrade.drain_timeout_minutes,
        node_soak_duration_in_minutes=upgrade.soak_minutes,
        undrainable_node_behavior=_UNDRAINABLE[upgrade.undrainable_nodes],
    )
