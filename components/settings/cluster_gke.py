"""`infraplatform:cluster` on Google Cloud: a GKE control plane, who may reach it, and what grows its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from components.settings.access_gke import GcpPrincipal, GkeAccessSettings, SecurityGroup, access_faults
from components.settings.base import Fault, Settings, rule, wrong
from components.settings.cluster import reach_faults, world_faults
from components.settings.maintenance_gke import MaintenanceSettings
from components.settings.network import PRIVATE_RANGES
from components.settings.values import (
    EachOnce,
    KmsKeyName,
    LogicalName,
    PartOverrides,
    ProxyUrl,
    Range,
    Zone,
    matching,
)
from components.versions import GKE_MINORS

PODS_PER_NODE: Final = 110
"""Pods on a node that GKE plans for unasked; each node then has a /24 of the pods' range."""
MAX_AUTHORIZED_NETWORKS: Final = 100
"""Source: GKE documentation, quotas and limits, authorized networks, read 2026-11."""

GkeName = Annotated[
    str,
    matching(
        r"^[a-z]([a-z0-9-]*[a-z0-9])?$",
        "lower-case letters, digits and inner hyphens, a letter first",
        min_length=1,
        max_length=32,
        examples=["dev"],
    ),
]
"""GKE takes 40 characters for a cluster, and Pulumi's suffix uses 8.

Source: terraform-provider-google-beta 93c65b2, resource_container_cluster.go, `name`, read 2026-11-29.
"""


class ReleaseChannel(StrEnum):
    """How soon GKE brings new versions to the cluster."""

    RAPID = "rapid"
    REGULAR = "regular"
    STABLE = "stable"
    EXTENDED = "extended"


class GkeMode(StrEnum):
    """Who makes the nodes: node groups, or GKE."""

    STANDARD = "standard"
    AUTOPILOT = "autopilot"


class GkeAutoscaler(StrEnum):
    """What makes and removes nodes in a Standard cluster."""

    CLUSTER_AUTOSCALER = "cluster-autoscaler"
    NODE_AUTO_PROVISIONING = "node-auto-provisioning"
    NONE = "none"


class GkeReach(StrEnum):
    """How the deployer reaches the API server."""

    DNS_ENDPOINT = "dns-endpoint"
    PUBLIC_ENDPOINT = "public-endpoint"
    INSIDE_NETWORK = "inside-network"
    PROXY = "proxy"


class SecurityPosture(StrEnum):
    """What GKE checks workloads' configuration for."""

    DISABLED = "disabled"
    BASIC = "basic"


class NodeAutoProvisioningSettings(Settings):
    """How far GKE may go with machines of its own choice."""

    max_cpu_cores: Annotated[int, Field(ge=1, le=100000, examples=[64])]
    """Most CPU cores over all nodes of the cluster, node groups' included."""
    max_memory_gib: Annotated[int, Field(ge=1, le=1000000, examples=[256])]
    """Most memory over all nodes of the cluster, node groups' included, in GiB."""


class GkeClusterSettings(Settings):
    """A managed control plane on Google Cloud; its nodes have private addresses only."""

    kind: Literal["gke"] = "gke"
    """GKE."""
    name: GkeName = "cluster"
    """Start of the cluster's physical name; changing it makes another cluster."""
    version: Annotated[str, Field(examples=["1.35"], json_schema_extra={"enum": list(GKE_MINORS)})]
    """Kubernetes minor version, in quotes; upgrades go one minor at a time."""
    minor_upgrades_by_google: bool = False
    """Whether GKE may raise the minor version by itself before its end of support; else `version` alone does."""
    release_channel: Annotated[ReleaseChannel, Field(examples=["regular"])]
    """How soon GKE brings patches and versions: rapid, regular, stable or extended (at extra cost)."""
    mode: GkeMode = GkeMode.STANDARD
    """standard: nodes come from node groups; autopilot: GKE makes and runs them. Fixed at creation."""
    zones: Annotated[tuple[Zone, ...], EachOnce, Field(min_length=1, examples=[["a", "b"]])]
    """Zones of the nodes, of the provider's; the control plane is always the region's."""
    dns_endpoint: bool = True
    """Whether the API is reached by its DNS name from anywhere, guarded by IAM."""
    api_access: Annotated[
        tuple[Range, ...], EachOnce, Field(max_length=MAX_AUTHORIZED_NETWORKS, examples=[["203.0.113.0/24"]])
    ] = ()
    """Networks that reach the API by its addresses; only where a public one is among them has it a public address."""
    api_open_to_world: bool = False
    """Whether api_access may hold 0.0.0.0/0."""
    reach: GkeReach | None = None
    """How the deployer reaches the API; left out: by the DNS endpoint, else by the public one, where there is one."""
    proxy_url: ProxyUrl | None = None
    """The proxy by which the deployer reaches the API; only with reach: proxy."""
    deployers: Annotated[
        tuple[GcpPrincipal, ...],
        EachOnce,
        Field(min_length=1, examples=[["serviceAccount:deployer@my-project.iam.gserviceaccount.com"]]),
    ]
    """Principals that run `pulumi up`: administrators of this cluster, before anything is made in it."""
    access: Annotated[
        dict[LogicalName, GkeAccessSettings],
        Field(examples=[{"developers": {"principal": "user:developer@example.com", "policy": "view"}}]),
    ] = {}
    """Further principals' access, by a name of your choice."""
    security_group: SecurityGroup | None = None
    """The group whose member groups may stand in `access`; it must exist. Removed later, GKE keeps it."""
    max_pods_per_node: Annotated[int, Field(ge=8, le=256)] = PODS_PER_NODE
    """Most pods on a node, which says how much of the pods' range a node takes (110: a /24). Fixed at creation."""
    secrets_key: KmsKeyName | None = None
    """An existing KMS key for Kubernetes secrets; left out: a key of its own, rotated every 90 days."""
    disk_key: KmsKeyName | None = None
    """KMS key of the boot disks of nodes that no node group makes; left out: Google's own. Fixed at creation."""
    maintenance: MaintenanceSettings = MaintenanceSettings()
    """When GKE may upgrade, and when not."""
    autoscaler: GkeAutoscaler = GkeAutoscaler.CLUSTER_AUTOSCALER
    """What makes and removes nodes: cluster-autoscaler, node-auto-provisioning (it makes groups too), or none."""
    node_auto_provisioning: NodeAutoProvisioningSettings | None = None
    """How far node auto-provisioning may go; only with that autoscaler, which needs it."""
    binary_authorization: bool = False
    """Whether only images run that the project's Binary Authorization policy lets in."""
    security_posture: SecurityPosture = SecurityPosture.BASIC
    """Whether GKE checks workloads' configuration."""
    workload_logs: bool = True
    """Whether containers' output is logged; system and control plane logs always are."""
    managed_prometheus: bool = True
    """Whether Managed Service for Prometheus collects metrics. Autopilot always does."""
    cost_allocation: bool = True
    """Whether the bill is split by namespace and label."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @field_validator("version")
    @classmethod
    def _version_is_supported(cls, version: str) -> str:
        if version not in GKE_MINORS:
            raise wrong(f"GKE version {version!r} is not supported here", f"write one of {', '.join(GKE_MINORS)}")
        return version

    @property
    def public_access(self) -> tuple[IPv4Network, ...]:
        """The networks of `api_access` outside private ranges; without any, the API has no public address."""
        return tuple(
            network for network in self.api_access if not any(network.subnet_of(private) for private in PRIVATE_RANGES)
        )

    @rule
    def the_world_is_let_in_knowingly(self) -> Iterator[Fault]:
        """All of the internet, also in halves, reaches the API only where a line of its own says so."""
        yield from world_faults(self.api_access, open_to_world=self.api_open_to_world)

    @rule
    def reach_is_possible(self) -> Iterator[Fault]:
        """An endpoint is a way only where it is on, and a proxy where it has an address."""
        if self.reach is GkeReach.DNS_ENDPOINT and not self.dns_endpoint:
            yield Fault(("reach",), "is dns-endpoint, which is off", "write dns_endpoint: true, or another reach")
        yield from reach_faults(self.reach, self.public_access, self.proxy_url)

    @rule
    def a_gke_principal_has_one_entry(self) -> Iterator[Fault]:
        """Each principal's access is said once, and a group is one that the cluster can ask about."""
        yield from access_faults(self.access, self.deployers, self.security_group)

    @rule
    def the_autoscaler_knows_its_bounds(self) -> Iterator[Fault]:
        """Node auto-provisioning has bounds, and nothing else has them."""
        wanted = self.autoscaler is GkeAutoscaler.NODE_AUTO_PROVISIONING
        if wanted and self.node_auto_provisioning is None:
            remedy = "write {max_cpu_cores: 64, max_memory_gib: 256}, as far as it may go"
            yield Fault(("node_auto_provisioning",), "is missing with that autoscaler", remedy)
        if not wanted and self.node_auto_provisioning is not None:
            remedy = "remove it, or write autoscaler: node-auto-provisioning"
            yield Fault(("node_auto_provisioning",), "goes with autoscaler: node-auto-provisioning only", remedy)

    @rule
    def autopilot_decides_by_itself(self) -> Iterator[Fault]:
        """In Autopilot the nodes' number, size and density are GKE's. Source: Autopilot overview, known, not read."""
        if self.mode is not GkeMode.AUTOPILOT:
            return
        for name in ("autoscaler", "node_auto_provisioning", "max_pods_per_node"):
            if name in self.model_fields_set:
                yield Fault((name,), "is Autopilot's own choice", "remove it, or write mode: standard")
        if not self.managed_prometheus:
            yield Fault(("managed_prometheus",), "cannot be turned off in Autopilot", "remove it")
