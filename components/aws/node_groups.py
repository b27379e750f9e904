"""EKS managed node groups: nodes of one shape, one physical group per zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws.node_images import ami_type, disks
from components.aws.upgrade import node_group_guard
from components.cidr import split_evenly
from components.contract import Cluster, Network
from components.errors import ConfigurationError, Mistake
from components.settings import (
    Autoscaler,
    AwsProviderSettings,
    Capacity,
    EksClusterSettings,
    NodeGroupSettings,
)
from components.tags import named
from components.terms import Taint, TaintEffect

_CAPACITY_TYPES: Final = {Capacity.ON_DEMAND: "ON_DEMAND", Capacity.SPOT: "SPOT"}
_TAINT_EFFECTS: Final = {
    TaintEffect.NO_SCHEDULE: "NO_SCHEDULE",
    TaintEffect.PREFER_NO_SCHEDULE: "PREFER_NO_SCHEDULE",
    TaintEffect.NO_EXECUTE: "NO_EXECUTE",
}
_TAGGED: Final = ("instance", "volume", "network-interface")
"""What a launch template's own tags do not reach."""


@dataclass(frozen=True, kw_only=True)
class EksNodeGroupArgs:
    """What a node group is made from; `key` is its key in the settings.

    `guard` is what the groups of a stack share (`upgrade.node_group_guard`); left out, the group has one of its own.
    """

    key: str
    settings: NodeGroupSettings
    provider: AwsProviderSettings
    cluster_settings: EksClusterSettings
    cluster: Cluster
    network: Network
    tags: Mapping[str, str]
    guard: pulumi.ResourceHookBinding | None = None


@dataclass(frozen=True)
class ZoneSize:
    """Limits of a physical group."""

    min_nodes: int
    max_nodes: int


class EksNodeGroup(pulumi.ComponentResource):
    """A managed node group, physically one per zone; fulfils `contract.NodeGroup`.

    One group per zone lets the autoscaler follow a volume to its zone. Between the limits the count is the
    autoscaler's: it starts at the minimum, and no update sets it back. What AWS cannot change on a group (machine
    types, image, capacity) makes a new group, and its nodes stand before the old ones are drained and go.
    All else, a new image or disk size too, replaces nodes in place, `max_unavailable_percent` of a zone at a time.
    Non-goals: images of one's own, Windows, SSH access to nodes, Auto Mode (where EKS makes the nodes).
    """

    name: str
    group_names: Mapping[str, pulumi.Output[str]]
    min_nodes: int
    max_nodes: int
    labels: Mapping[str, str]
    taints: Sequence[Taint]
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: EksNodeGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the group.

        Raises:
            ConfigurationError: fewer nodes at most than zones, no fitting image, or a cluster in Auto Mode.
        """
        settings = args.settings
        shown = {"machine_types": list(settings.machine_types), "zones": list(zones_of(args))}
        super().__init__("infraplatform:aws:EksNodeGroup", name, shown, opts)
        mistakes = node_group_mistakes(args)
        if mistakes:
            raise ConfigurationError(mistakes)
        args = replace(args, guard=args.guard or node_group_guard(name))
        template = self._launch_template(f"{name}-template", args)
        groups = {
            zone: self._zone_group(f"{name}-{zone}", zone, size, template, args)
            for zone, size in sizes_by_zone(settings, zones_of(args)).items()
        }
        self.name = args.key
        self.group_names = {zone: group.node_group_name for zone, group in groups.items()}
        self.min_nodes = settings.min_nodes
        self.max_nodes = settings.max_nodes
        self.labels = dict(settings.labels)
        self.taints = taints_of(settings)
        self.ready = list(groups.values())
        self.register_outputs({"group_names": self.group_names})

    def _launch_template(self, name: str, args: EksNodeGroupArgs) -> aws.ec2.LaunchTemplate:
        """How each machine starts: encrypted disks, metadata by token for the host alone, no public address.

        EKS adds no security group to those of a template, so the cluster's own is named. With one hop, metadata ends at
        the host: the CNI and the Pod Identity agent are in its network, the EBS driver falls back to the Kubernetes API
        and then does not correct a node's volume limit while it runs. Sources: EKS user guide of 2024-12, "Customize
        managed nodes with launch templates"; EBS CSI driver, docs/install.md and docs/faq.md; read 2026-11-23.
        """
        tags = named(args.tags, name)
        return aws.ec2.LaunchTemplate(
            name,
            description=f"nodes of group {args.key}",
            block_device_mappings=disks(args.settings),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            network_interfaces=[
                aws.ec2.LaunchTemplateNetworkInterfaceArgs(
                    device_index=0,
                    associate_public_ip_address="false",
                    delete_on_termination="true",
                    security_groups=[args.cluster.security_group_ids["nodes"]],
                )
            ],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags) for kind in _TAGGED
            ],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _zone_group(
        self, name: str, zone: str, size: ZoneSize, template: aws.ec2.LaunchTemplate, args: EksNodeGroupArgs
    ) -> aws.eks.NodeGroup:
        """The physical group of one zone."""
        settings = args.settings
        return aws.eks.NodeGroup(
            name,
            cluster_name=args.cluster.cluster_name,
            version=args.cluster.version,
            release_version=settings.aws.release_version,
            node_role_arn=_node_role(args),
            subnet_ids=[args.network.node_subnet_ids[zone]],
            ami_type=ami_type(args.key, settings),
            capacity_type=_CAPACITY_TYPES[settings.capacity],
            instance_types=list(settings.machine_types),
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                desired_size=size.min_nodes, min_size=size.min_nodes, max_size=size.max_nodes
            ),
            labels=dict(settings.labels),
            taints=[
                aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=_TAINT_EFFECTS[taint.effect])
                for taint in taints_of(settings)
            ],
            update_config=aws.eks.NodeGroupUpdateConfigArgs(
                max_unavailable_percentage=settings.aws.max_unavailable_percent
            ),
            node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=settings.aws.node_repair),
            tags=named(args.tags, name),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*args.cluster.node_prerequisites, *args.network.ready],
                ignore_changes=["scalingConfig.desiredSize"],
                hooks=args.guard,
            ),
        )


def zones_of(args: EksNodeGroupArgs) -> tuple[str, ...]:
    """The group's zones: its own, or the cluster's."""
    return args.settings.zones or args.cluster_settings.zones


def sizes_by_zone(settings: NodeGroupSettings, zones: Sequence[str]) -> dict[str, ZoneSize]:
    """Each zone's share of the group's limits, by the zone's letter, so that the order in the settings moves nothing.

    The shares differ by one node at most, earlier letters first; no zone's minimum is above its maximum.
    """
    letters = sorted(zones)
    least = split_evenly(settings.min_nodes, len(letters))
    most = split_evenly(settings.max_nodes, len(letters))
    return {zone: ZoneSize(least[place], most[place]) for place, zone in enumerate(letters)}


def taints_of(settings: NodeGroupSettings) -> tuple[Taint, ...]:
    """The group's taints in the words of the contract."""
    return tuple(
        Taint(key=key, value=taint.value, effect=taint.effect) for key, taint in sorted(settings.taints.items())
    )


def node_group_mistakes(args: EksNodeGroupArgs) -> list[Mistake]:
    """What of the settings cannot be made on EKS."""
    key = f"infraplatform:node_groups.{args.key}"
    mistakes: list[Mistake] = []
    zones = zones_of(args)
    if args.settings.max_nodes < len(zones):
        problem = f"max_nodes {args.settings.max_nodes} gives no node to some of {len(zones)} zones"
        mistakes.append(Mistake(f"{key}.max_nodes", problem, f"write {len(zones)} or more, or fewer zones"))
    if args.cluster_settings.autoscaler is Autoscaler.AUTO_MODE:
        problem = "EKS makes the nodes of a cluster in Auto Mode, and what a managed node needs is not there"
        mistakes.append(Mistake(key, problem, "remove the node group, or write another cluster.autoscaler"))
    return mistakes


def _node_role(args: EksNodeGroupArgs) -> pulumi.Output[str]:
    """The role that the cluster's nodes act as.

    Raises:
        ConfigurationError: the cluster has none, so it is not EKS's.
    """
    if args.cluster.node_role is None:
        problem = "the cluster has no role for nodes"
        raise ConfigurationError(
            [Mistake(f"infraplatform:node_groups.{args.key}", problem, "use a cluster of kind eks")]
        )
    return args.cluster.node_role
