"""A stack's settings as a whole, and the rules that hold between its parts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Environment, Settings, by_environment
from components.settings.cluster import EksClusterSettings
from components.settings.cluster_aks import AksClusterSettings
from components.settings.cluster_gke import GkeClusterSettings
from components.settings.cluster_kubeadm import KubeadmClusterSettings
from components.settings.network import AwsNetworkSettings
from components.settings.network_azure import AzureNetworkSettings
from components.settings.network_gcp import GcpNetworkSettings
from components.settings.network_servers import ServersNetworkSettings
from components.settings.node_groups import NodeGroupSettings
from components.settings.provider import AwsProviderSettings
from components.settings.provider_azure import AzureProviderSettings
from components.settings.provider_gcp import GcpProviderSettings
from components.settings.provider_servers import ServersProviderSettings
from components.settings.registry import EcrRegistrySettings
from components.settings.registry_azure import AcrRegistrySettings
from components.settings.registry_gcp import ArtifactRegistrySettings
from components.settings.registry_harbor import HarborRegistrySettings
from components.settings.registry_servers import ExternalRegistrySettings, SelfHostedRegistrySettings
from components.settings.storage import AwsStorageSettings
from components.settings.storage_azure import AzureStorageSettings
from components.settings.storage_gcp import GcpStorageSettings
from components.settings.storage_servers import ServersStorageSettings
from components.settings.tags import MAX_TAGS, TagKey, TagValue
from components.settings.values import LogicalName, matching
from policies.settings import PolicySettings

CLUSTER_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws": ("eks",),
    "azure": ("aks",),
    "gcp": ("gke",),
    "servers": ("kubeadm",),
}
"""Kinds of clusters by the provider's kind."""
KINDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "aws": {"network": ("aws",), "registry": ("ecr",), "storage": ("aws",)},
    "azure": {"network": ("azure",), "registry": ("acr",), "storage": ("azure",)},
    "gcp": {"network": ("gcp",), "registry": ("artifact-registry",), "storage": ("gcp",)},
    "servers": {"network": ("servers",), "registry": ("external", "self-hosted", "harbor"), "storage": ("servers",)},
}
"""The kinds of parts by the provider's kind; the first is meant where none is written."""
FOLLOWING: Final = frozenset(part for kinds in KINDS.values() for part in kinds)
"""The parts whose kind need not be written."""
_BY_KIND: Final = Field(discriminator="kind")


class Layer(StrEnum):
    """Which part of the platform a stack holds."""

    ALL = "all"
    INFRASTRUCTURE = "infrastructure"
    IN_CLUSTER = "in_cluster"


class ProtectionSettings(Settings):
    """What stands between a mistake and lost data."""

    protect: bool = by_environment(dev=False, staging=False, prod=True)
    """Whether Pulumi refuses to delete or replace what is stateful: network, cluster, keys, repositories, storage."""
    deletion_protection: bool = by_environment(dev=False, staging=True, prod=True)
    """Whether the cloud refuses to delete the cluster."""
    keep_data: bool = by_environment(dev=False, staging=True, prod=True)
    """Whether file systems, backup vaults and images outlive the stack."""


class StackSettings(Settings):
    """All that a stack's configuration says: one key per part, each under `infraplatform:`."""

    environment: Environment = Environment.DEV
    """How much the stack matters; chooses defaults."""
    layer: Layer = Layer.ALL
    """Which part the stack holds: all of it, the infrastructure, or what lives in the cluster."""
    infrastructure_stack: Annotated[
        str | None,
        matching(
            r"^[^/\s]+/[^/\s]+/[^/\s]+$",
            "a stack's whole name: organization/project/stack",
            examples=["organization/infraplatform/dev-infrastructure"],
        ),
    ] = None
    """The stack that holds the infrastructure; only with layer: in_cluster."""
    provider: Annotated[
        AwsProviderSettings | AzureProviderSettings | GcpProviderSettings | ServersProviderSettings, _BY_KIND
    ]
    """Where the platform stands."""
    network: Annotated[
        AwsNetworkSettings | AzureNetworkSettings | GcpNetworkSettings | ServersNetworkSettings, _BY_KIND
    ]
    """Address ranges and egress."""
    cluster: Annotated[EksClusterSettings | AksClusterSettings | GkeClusterSettings | KubeadmClusterSettings, _BY_KIND]
    """The Kubernetes control plane."""
    node_groups: Annotated[
        dict[LogicalName, NodeGroupSettings],
        Field(examples=[{"general": {"machine_types": ["m7g.large"], "min_nodes": 2, "max_nodes": 6}}]),
    ] = {}
    """Node groups by name; at least one unless the cluster makes its nodes itself."""
    registry: Annotated[
        EcrRegistrySettings
        | AcrRegistrySettings
        | ArtifactRegistrySettings
        | ExternalRegistrySettings
        | SelfHostedRegistrySettings
        | HarborRegistrySettings,
        _BY_KIND,
    ] = EcrRegistrySettings()
    """Container image repositories."""
    storage: Annotated[
        AwsStorageSettings | AzureStorageSettings | GcpStorageSettings | ServersStorageSettings, _BY_KIND
    ] = AwsStorageSettings()
    """Persistent storage."""
    tags: Annotated[dict[TagKey, TagValue], Field(max_length=MAX_TAGS, examples=[{"team": "platform"}])] = {}
    """Tags on everything that can be tagged; labels on Google Cloud."""
    protection: ProtectionSettings = ProtectionSettings()
    """What stands between a mistake and lost data."""
    policies: PolicySettings = PolicySettings()
    """Which rules the policy pack enforces, and where a resource may break one; nothing is built from it."""
