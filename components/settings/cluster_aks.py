"""`infraplatform:cluster` on Azure: an AKS control plane, who may reach it, and what grows its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, by_environment, rule, wrong
from components.settings.cluster import Reach, reach_faults, world_faults
from components.settings.cluster_aks_choices import (
    AksAutoscaler,
    AksMode,
    AksSupport,
    AksTier,
    NodeOsChannel,
    UpgradeChannel,
    automatic_faults,
)
from components.settings.maintenance_aks import AksMaintenanceSettings
from components.settings.network import PRIVATE_RANGES
from components.settings.secrets_aks import AksSecretsSettings
from components.settings.values import EachOnce, PartOverrides, ProxyUrl, Range, Zone, matching
from components.settings.values_azure import DiskEncryptionSetId
from components.versions import AKS_MINORS

PODS_PER_NODE: Final = 110
"""Pods on a node that AKS plans for unasked; in the overlay each node has a /24 of the pods' range all the same."""
MAX_PODS_PER_NODE: Final = 250
"""Source: AKS documentation, Azure CNI Overlay, known, not read."""
MAX_AUTHORIZED_RANGES: Final = 200
"""Source: AKS documentation, API server authorized IP ranges, limitations, known, not read."""
LOG_RETENTION_DAYS: Final = (30, 730)
"""What a Log Analytics workspace keeps. Source: Log Analytics API, Workspace.retentionInDays, known, not read."""

AzurePrincipal = Annotated[
    str,
    matching(
        r"^(user|group|service-principal):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "user:<object id>, group:<object id> or service-principal:<object id>, as Entra ID lists them",
        examples=["service-principal:0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"],
    ),
]
"""Who Azure gives roles to: the kind, and the object id; a service principal's is not its application's."""
AksName = Annotated[
    str,
    matching(
        r"^[a-z]([a-z0-9-]*[a-z0-9])?$",
        "lower-case letters, digits and inner hyphens, a letter first",
        min_length=1,
        max_length=20,
        examples=["dev"],
    ),
]
"""What the nodes' own resource group leaves: `MC_<resource group>_<cluster>_<region>` has 80 characters at most.

Source: AKS documentation, FAQ on the node resource group, known, not read.
"""
WorkspaceId = Annotated[
    str,
    matching(
        r"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.OperationalInsights/workspaces/[^/]+$",
        "a Log Analytics workspace's resource id",
        examples=[
            "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central"
        ],
    ),
]


class AksClusterSettings(Settings):
    """A managed control plane on Azure; its nodes have private addresses only."""

    kind: Literal["aks"] = "aks"
    """AKS."""
    name: AksName = "cluster"
    """Start of the cluster's physical name; changing it makes another cluster."""
    version: Annotated[str, Field(examples=["1.35"], json_schema_extra={"enum": list(AKS_MINORS)})]
    """Kubernetes minor version, in quotes; upgrades go one minor at a time."""
    tier: AksTier = by_environment(dev=AksTier.FREE, staging=AksTier.STANDARD, prod=AksTier.STANDARD)
    """free: no service level; standard: one for the API server; premium: and long-term support."""
    support: AksSupport = AksSupport.STANDARD
    """standard: a minor for about a year; long-term: for two, with tier: premium."""
    mode: AksMode = AksMode.STANDARD
    """standard: nodes come from node groups; automatic: AKS makes and runs them. Fixed at creation."""
    zones: Annotated[tuple[Zone, ...], EachOnce, Field(min_length=1, examples=[["1", "2"]])]
    """Zones of the nodes, of the provider's; the control plane is always the region's."""
    api_access: Annotated[
        tuple[Range, ...], EachOnce, Field(max_length=MAX_AUTHORIZED_RANGES, examples=[["203.0.113.0/24"]])
    ] = ()
    """Public networks that reach the API's public address; left out: the API has a private address alone."""
    api_open_to_world: bool = False
    """Whether api_access may hold 0.0.0.0/0."""
    api_server_vnet_integration: bool = True
    """Whether the API server stands in a subnet of the network, so that nodes reach it by no public address."""
    reach: Reach | None = None
    """How the deployer reaches a private API; left out: by the public address, where there is one."""
    proxy_url: ProxyUrl | None = None
    """The proxy by which the deployer reaches the API; only with reach: proxy."""
    deployers: Annotated[
        tuple[AzurePrincipal, ...],
        EachOnce,
        Field(min_length=1, examples=[["service-principal:0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"]]),
    ]
    """Principals that run `pulumi up`: administrators of this cluster, before anything is made in it."""
    pod_cidr: Annotated[Range, Field(examples=["10.240.0.0/12"])] = IPv4Network("10.244.0.0/16")
    """Private range of the pods' overlay, a /24 of it for each node, outside the network. Fixed at creation."""
    service_cidr: Annotated[Range, Field(examples=["10.100.0.0/16"])] = IPv4Network("172.20.0.0/16")
    """Private range of services, /24 to /12, outside the network and the pods' range. Fixed at creation."""
    max_pods_per_node: Annotated[int, Field(ge=30, le=MAX_PODS_PER_NODE)] = PODS_PER_NODE
    """Most pods on a node, unless its group says another number."""
    secrets: AksSecretsSettings = AksSecretsSettings()
    """The key that encrypts Kubernetes secrets in etcd, and the vault it is in."""
    upgrade_channel: UpgradeChannel = UpgradeChannel.PATCH
    """What AKS upgrades by itself: none, patch, stable, rapid (minors, too, with these two) or node-image."""
    node_os_channel: NodeOsChannel = NodeOsChannel.NODE_IMAGE
    """How nodes get security fixes: node-image (a new image), security-patch, unmanaged, or none."""
    maintenance: AksMaintenanceSettings = AksMaintenanceSettings()
    """When AKS may upgrade, and when not."""
    disk_encryption_set: DiskEncryptionSetId | None = None
    """Disk encryption set with the key of all nodes' disks; left out: Microsoft's own keys. Fixed at creation."""
    autoscaler: AksAutoscaler = AksAutoscaler.CLUSTER_AUTOSCALER
    """What makes and removes nodes: cluster-autoscaler, node-auto-provisioning (it chooses machine types), or none."""
    log_workspace_id: WorkspaceId | None = None
    """An existing Log Analytics workspace for control plane logs; left out: one of the cluster's own."""
    log_retention_days: Annotated[int, Field(ge=LOG_RETENTION_DAYS[0], le=LOG_RETENTION_DAYS[1])] = by_environment(
        dev=30, staging=30, prod=365, ge=LOG_RETENTION_DAYS[0], le=LOG_RETENTION_DAYS[1]
    )
    """Days that the cluster's own workspace keeps logs."""
    defender: bool = by_environment(dev=False, staging=False, prod=True)
    """Whether Microsoft Defender watches the nodes, at extra cost."""
    azure_policy: bool = by_environment(dev=False, staging=True, prod=True)
    """Whether Azure Policy's add-on checks what comes into the cluster."""
    image_cleaner_hours: Annotated[int | None, Field(ge=24, le=2160, examples=[168])] = 168
    """Hours between removals of unused, vulnerable images from the nodes; null: none are removed."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @field_validator("version")
    @classmethod
    def _version_is_supported(cls, version: str) -> str:
        if version not in AKS_MINORS:
            raise wrong(f"AKS version {version!r} is not supported here", f"write one of {', '.join(AKS_MINORS)}")
        return version

    @field_validator("pod_cidr", "service_cidr")
    @classmethod
    def _range_is_private(cls, cidr: IPv4Network) -> IPv4Network:
        if not any(cidr.subnet_of(private) for private in PRIVATE_RANGES) or not 12 <= cidr.prefixlen <= 24:
            raise wrong(f"{cidr} is no private range of /12 to /24", "write one, as 172.20.0.0/16")
        return cidr

    @property
    def private(self) -> bool:
        """Whether the API has a private address alone."""
        return not self.api_access

    @rule
    def the_world_is_let_in_knowingly(self) -> Iterator[Fault]:
        """All of the internet, also in halves, reaches the API only where a line of its own says so."""
        yield from world_faults(self.api_access, open_to_world=self.api_open_to_world)

    @rule
    def authorized_ranges_are_public(self) -> Iterator[Fault]:
        """Azure's authorised ranges hold for the public address; from inside the network nobody needs them."""
        for index, network in enumerate(self.api_access):
            if any(network.subnet_of(private) for private in PRIVATE_RANGES):
                problem = f"{network} is private, and these ranges are for the API's public address"
                yield Fault(("api_access", index), problem, "remove it; what is in the network needs no entry")

    @rule
    def reach_is_possible(self) -> Iterator[Fault]:
        """The public address is a way only where there is one, and a proxy where it has an address."""
        yield from reach_faults(self.reach, self.api_access, self.proxy_url)

    @rule
    def long_term_support_has_its_tier(self) -> Iterator[Fault]:
        """Long-term support is sold with the premium tier. Source: AKS documentation, pricing tiers, read 2026-11."""
        if self.support is AksSupport.LONG_TERM and self.tier is not AksTier.PREMIUM:
            yield Fault(("support",), f"is long-term, and the tier is {self.tier.value}", "write tier: premium")

    @rule
    def a_private_vault_is_reached_from_the_network(self) -> Iterator[Fault]:
        """The API server reaches a vault without a public address from a subnet. Source: as `AksSecretsSettings`."""
        if self.secrets.needs_vnet_integration and not self.api_server_vnet_integration:
            problem = "is off, and the key vault for secrets has no public address"
            remedy = "write true, or secrets: {vault_access: public}"
            yield Fault(("api_server_vnet_integration",), problem, remedy)

    @rule
    def provisioned_nodes_have_plain_disks(self) -> Iterator[Fault]:
        """Node auto-provisioning makes no disks with keys of one's own.

        Source: AKS documentation, "Node auto provisioning" (2025-06-30), limitations, read 2026-11-29.
        """
        provisions = self.mode is AksMode.AUTOMATIC or self.autoscaler is AksAutoscaler.NODE_AUTO_PROVISIONING
        if self.disk_encryption_set is not None and provisions:
            problem = "cannot be with nodes that AKS provisions"
            yield Fault(("disk_encryption_set",), problem, "remove it, or write autoscaler: cluster-autoscaler")

    @rule
    def provisioned_nodes_find_the_api_server_in_the_network(self) -> Iterator[Fault]:
        """Node auto-provisioning in a network of one's own wants the API server's subnet. Source: as above."""
        provisions = self.autoscaler is AksAutoscaler.NODE_AUTO_PROVISIONING
        if provisions and not self.api_server_vnet_integration:
            problem = "is off, and node auto-provisioning wants the API server in the network"
            yield Fault(("api_server_vnet_integration",), problem, "write true, or autoscaler: cluster-autoscaler")

    @rule
    def automatic_decides_by_itself(self) -> Iterator[Fault]:
        """In AKS Automatic much is AKS's own choice."""
        if self.mode is AksMode.AUTOMATIC:
            yield from automatic_faults(self.model_fields_set, self.tier)

    @rule
    def pods_and_services_have_ranges_of_their_own(self) -> Iterator[Fault]:
        """The two ranges share no address."""
        if self.service_cidr.overlaps(self.pod_cidr):
            problem = f"{self.service_cidr} overlaps the pods' {self.pod_cidr}"
            yield Fault(("service_cidr",), problem, "write another private range, as 10.100.0.0/16")
