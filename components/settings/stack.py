"""A stack's settings as a whole, and the rules that hold between its parts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.settings.base import Environment, LogicalName, Settings, by_environment
from components.settings.cluster import EksClusterSettings
from components.settings.network import NetworkSettings
from components.settings.node_groups import NodeGroupSettings
from components.settings.provider import AwsProviderSettings
from components.settings.registry import EcrRegistrySettings
from components.settings.storage import StorageSettings


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
        str | None, Field(pattern=r"^[^/]+/[^/]+/[^/]+$", examples=["organization/infraplatform/dev-infrastructure"])
    ] = None
    """The stack that holds the infrastructure; only with layer: in_cluster."""
    provider: AwsProviderSettings
    """Where the platform stands."""
    network: NetworkSettings
    """Address ranges and egress."""
    cluster: EksClusterSettings
    """The Kubernetes control plane."""
    node_groups: dict[LogicalName, NodeGroupSettings] = {}
    """Node groups by name; at least one unless the cluster is in Auto Mode."""
    registry: EcrRegistrySettings = EcrRegistrySettings()
    """Container image repositories."""
    storage: StorageSettings = StorageSettings()
    """Persistent storage."""
    tags: dict[Annotated[str, Field(max_length=128)], Annotated[str, Field(max_length=256)]] = {}
    """Tags on everything that can be tagged."""
    protection: ProtectionSettings = ProtectionSettings()
    """What stands between a mistake and lost data."""


SECRET_KEYS: dict[str, str] = {
    "pull_through_credentials": "user name and access token by upstream: {docker-hub: {username: ..., access_token: ...}}",
}
"""Secret keys beside the parts, each with its meaning; read as Outputs where they are used, never as settings."""
