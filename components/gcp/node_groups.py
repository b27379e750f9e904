"""GKE node pools: nodes of one shape, one pool over its zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.contract import Cluster, Network
from components.errors import ConfigurationError, Mistake
from components.gcp.node_machines import node_config
from components.settings import (
    Capacity,
    GcpNodeGroupSettings,
    GcpProviderSettings,
    GkeAutoscaler,
    GkeClusterSettings,
    GkeMode,
    Limits,
    NodeGroupSettings,
    UpgradeStrategy,
)
from components.tags import labels
from components.terms import Taint

MAX_POOL_NAME: Final = 40
"""Longest name of a node pool; `rules_gcp.MAX_GROUP_NAME` has the source."""
AUTONAMING: Final = 8
"""What Pulumi adds to a logical name: a hyphen and seven digits."""


@dataclass(frozen=True, kw_only=True)
class GkeNodeGroupArgs:
    """What a node group is made from.

    `key` is its key in the settings, `after` what disks with a key of one's own wait for.
    """

    key: str
    settings: NodeGroupSettings
    provider: GcpProviderSettings
    cluster_settings: GkeClusterSettings
    cluster: Cluster
    network: Network
    tags: Mapping[str, str]
    after: Sequence[pulumi.Resource] = ()


class GkeNodeGroup(pulumi.ComponentResource):
    """A node pool over one or more zones; fulfils `contract.NodeGroup`.

    Its limits are totals over the zones, and zones stay level as far as they can (spot: wherever there are machines);
    with `gcp.limits: per-zone` each zone has its equal share of them.
    Between the limits the count is the autoscaler's: no update sets it back. Nodes follow the control plane's version
    by themselves, in the cluster's maintenance windows, as every release channel wants it; so the pool names no
    version, and `node_repair` is always on. A new machine type, image or disk replaces nodes in place, by
    `gcp.upgrade`; what GKE cannot change (capacity, keys, GPUs) makes a new pool, which stands before the old one is
    drained and goes, pods' disruption budgets respected.
    Non-goals: Windows, TPUs, SSH access to nodes, Autopilot (where GKE makes the nodes).
    """

    name: str
    group_names: Mapping[str, pulumi.Output[str]]
    min_nodes: int
    max_nodes: int
    labels: Mapping[str, str]
    taints: Sequence[Taint]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: GkeNodeGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the group.

        Raises:
            ConfigurationError: a cluster in Autopilot, several machine types, sizes that GKE cannot start with, a key
                too long for a pool's name, or a cluster without a service account for nodes.
        """
        settings, zones = args.settings, zones_of(args)
        shown = {"machine_types": list(settings.machine_types), "zones": list(zones)}
        super().__init__("infraplatform:gcp:GkeNodeGroup", name, shown, opts)
        mistakes = node_group_mistakes(args)
        if mistakes:
            raise ConfigurationError(mistakes)
        pool = self._pool(args, zones)
        self.name = args.key
        self.group_names = dict.fromkeys(zones, pool.name)
        self.min_nodes = settings.min_nodes
        self.max_nodes = settings.max_nodes
        self.labels = dict(settings.labels)
        self.taints = taints_of(settings)
        self.ready = [pool]
        self.register_outputs({"group_names": self.group_names})

    def _pool(self, args: GkeNodeGroupArgs, zones: Sequence[str]) -> gcp.container.NodePool:
        """The pool; its logical name is the bare key, as GKE's limit leaves no room for more.

        `initial_node_count` is for each zone and fixed at creation: it may not follow the settings later, or a new
        minimum would replace the pool. Source: terraform-provider-google-beta, resource_container_node_pool.go, commit
        93c65b2 of 2026-08-21, read 2026-11-23.
        """
        settings = args.settings
        return gcp.container.NodePool(
            args.key,
            cluster=args.cluster.cluster_name,
            project=args.provider.project,
            location=args.provider.region,
            node_locations=[args.provider.zone_name(zone) for zone in sorted(zones)],
            initial_node_count=initial_nodes_per_zone(settings, len(zones)),
            ignore_node_count_changes=True,
            autoscaling=_autoscaling(args),
            max_pods_per_node=settings.gcp.pods_per_node or args.cluster_settings.max_pods_per_node,
            management=gcp.container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
            upgrade_settings=_upgrade(settings.gcp),
            node_drain_configs=[gcp.container.NodePoolNodeDrainConfigArgs(respect_pdb_during_node_pool_deletion=True)],
            network_config=gcp.container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
            node_config=node_config(settings, taints_of(settings), _service_account(args), labels(args.tags)),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*args.cluster.node_prerequisites, *args.network.ready, *args.after],
                ignore_changes=["initialNodeCount"],
            ),
        )


def zones_of(args: GkeNodeGroupArgs) -> tuple[str, ...]:
    """The group's zones: its own, or the cluster's."""
    return args.settings.zones or args.cluster_settings.zones


def initial_nodes_per_zone(settings: NodeGroupSettings, zones: int) -> int:
    """Nodes that each zone starts with: enough for the group's minimum, unless that is above its maximum.

    Then as many as fit, and the autoscaler makes the rest.
    """
    enough = -(-settings.min_nodes // zones)
    return enough if enough * zones <= settings.max_nodes else settings.max_nodes // zones


def taints_of(settings: NodeGroupSettings) -> tuple[Taint, ...]:
    """The group's taints in the words of the contract."""
    return tuple(
        Taint(key=key, value=taint.value, effect=taint.effect) for key, taint in sorted(settings.taints.items())
    )


def node_group_mistakes(args: GkeNodeGroupArgs) -> list[Mistake]:
    """What of the settings cannot be made on GKE."""
    key, settings = f"infraplatform:node_groups.{args.key}", args.settings
    zones = len(zones_of(args))
    mistakes: list[Mistake] = []
    if args.cluster_settings.mode is GkeMode.AUTOPILOT:
        problem = "GKE makes the nodes of a cluster in Autopilot"
        mistakes.append(Mistake(key, problem, "remove the node group, or write cluster.mode: standard"))
    if len(args.key) > MAX_POOL_NAME - AUTONAMING:
        problem = f"the key has {len(args.key)} characters, and a node pool's name has room for 32 of them"
        mistakes.append(Mistake(key, problem, "write a shorter key"))
    if len(settings.machine_types) != 1:
        problem = f"names {len(settings.machine_types)} machine types, and a node pool has one"
        mistakes.append(Mistake(f"{key}.machine_types", problem, "write one, or a node group for each"))
    if args.cluster_settings.autoscaler is GkeAutoscaler.NONE and settings.min_nodes % zones:
        problem = f"is {settings.min_nodes}, and without an autoscaler each of {zones} zones has as many nodes"
        remedy = f"write a multiple of {zones}, or cluster.autoscaler: cluster-autoscaler"
        mistakes.append(Mistake(f"{key}.min_nodes", problem, remedy))
    return mistakes


def _autoscaling(args: GkeNodeGroupArgs) -> gcp.container.NodePoolAutoscalingArgs | None:
    """Limits for the cluster autoscaler, as totals or in each zone; None where nothing scales the pool."""
    settings, zones = args.settings, len(zones_of(args))
    policy = "ANY" if settings.capacity is Capacity.SPOT else "BALANCED"
    if args.cluster_settings.autoscaler is GkeAutoscaler.NONE:
        return None
    if settings.gcp.limits is Limits.PER_ZONE:
        return gcp.container.NodePoolAutoscalingArgs(
            min_node_count=settings.min_nodes // zones,
            max_node_count=settings.max_nodes // zones,
            location_policy=policy,
        )
    return gcp.container.NodePoolAutoscalingArgs(
        total_min_node_count=settings.min_nodes,
        total_max_node_count=settings.max_nodes,
        location_policy=policy,
    )


def _upgrade(settings: GcpNodeGroupSettings) -> gcp.container.NodePoolUpgradeSettingsArgs:
    """How nodes are replaced in place: by some at a time, or by a second set that stands beside the first."""
    upgrade = settings.upgrade
    match upgrade.strategy:
        case UpgradeStrategy.SURGE:
            return gcp.container.NodePoolUpgradeSettingsArgs(
                strategy="SURGE", max_surge=upgrade.max_surge, max_unavailable=upgrade.max_unavailable
            )
        case UpgradeStrategy.BLUE_GREEN:
            rollout = gcp.container.NodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgs(
                batch_percentage=upgrade.batch_percent / 100, batch_soak_duration=f"{upgrade.batch_soak_minutes * 60}s"
            )
            return gcp.container.NodePoolUpgradeSettingsArgs(
                strategy="BLUE_GREEN",
                blue_green_settings=gcp.container.NodePoolUpgradeSettingsBlueGreenSettingsArgs(
                    standard_rollout_policy=rollout, node_pool_soak_duration=f"{upgrade.soak_minutes * 60}s"
                ),
            )


def _service_account(args: GkeNodeGroupArgs) -> pulumi.Output[str]:
    """The service account that the cluster's nodes act as; never Compute Engine's default.

    Raises:
        ConfigurationError: the cluster has none, so it is not GKE's.
    """
    if args.cluster.node_role is None:
        problem = "the cluster has no service account for nodes"
        raise ConfigurationError(
            [Mistake(f"infraplatform:node_groups.{args.key}", problem, "use a cluster of kind gke")]
        )
    return args.cluster.node_role
