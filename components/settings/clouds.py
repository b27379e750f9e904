"""A stack's settings as one cloud's: its parts narrowed to that cloud's models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from components.settings.base import Environment, Settings
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
from components.settings.sound import UnsoundError
from components.settings.stack import Layer, ProtectionSettings, StackSettings
from components.settings.storage import AwsStorageSettings
from components.settings.storage_azure import AzureStorageSettings
from components.settings.storage_gcp import GcpStorageSettings
from components.settings.storage_servers import ServersStorageSettings

_Model = TypeVar("_Model", bound=Settings)


class _CloudStack:
    """What every stack says, whatever its cloud."""

    def __init__(self, stack: StackSettings) -> None:
        self._stack = stack

    @property
    def environment(self) -> Environment:
        """How much the stack matters."""
        return self._stack.environment

    @property
    def layer(self) -> Layer:
        """Which part the stack holds."""
        return self._stack.layer

    @property
    def infrastructure_stack(self) -> str | None:
        """The stack that holds the infrastructure."""
        return self._stack.infrastructure_stack

    @property
    def node_groups(self) -> Mapping[str, NodeGroupSettings]:
        """Node groups by name."""
        return self._stack.node_groups

    @property
    def tags(self) -> Mapping[str, str]:
        """Tags on everything that can be tagged."""
        return self._stack.tags

    @property
    def protection(self) -> ProtectionSettings:
        """What stands between a mistake and lost data."""
        return self._stack.protection


class AwsStack(_CloudStack):
    """A stack with EKS on AWS. Asking for a part of another kind is an `UnsoundError`; `load()` refuses such stacks."""

    @property
    def provider(self) -> AwsProviderSettings:
        """Where the platform stands."""
        return _narrowed(self._stack.provider, AwsProviderSettings)

    @property
    def network(self) -> AwsNetworkSettings:
        """Address ranges and egress."""
        return _narrowed(self._stack.network, AwsNetworkSettings)

    @property
    def cluster(self) -> EksClusterSettings:
        """The Kubernetes control plane."""
        return _narrowed(self._stack.cluster, EksClusterSettings)

    @property
    def registry(self) -> EcrRegistrySettings:
        """Container image repositories."""
        return _narrowed(self._stack.registry, EcrRegistrySettings)

    @property
    def storage(self) -> AwsStorageSettings:
        """Persistent storage."""
        return _narrowed(self._stack.storage, AwsStorageSettings)


class AzureStack(_CloudStack):
    """A stack with AKS on Azure; as `AwsStack`."""

    @property
    def provider(self) -> AzureProviderSettings:
        """Where the platform stands."""
        return _narrowed(self._stack.provider, AzureProviderSettings)

    @property
    def network(self) -> AzureNetworkSettings:
        """Address ranges and egress."""
        return _narrowed(self._stack.network, AzureNetworkSettings)

    @property
    def cluster(self) -> AksClusterSettings:
        """The Kubernetes control plane."""
        return _narrowed(self._stack.cluster, AksClusterSettings)

    @property
    def registry(self) -> AcrRegistrySettings:
        """Container image repositories."""
        return _narrowed(self._stack.registry, AcrRegistrySettings)

    @property
    def storage(self) -> AzureStorageSettings:
        """Persistent storage."""
        return _narrowed(self._stack.storage, AzureStorageSettings)


class GcpStack(_CloudStack):
    """A stack with GKE on Google Cloud; as `AwsStack`."""

    @property
    def provider(self) -> GcpProviderSettings:
        """Where the platform stands."""
        return _narrowed(self._stack.provider, GcpProviderSettings)

    @property
    def network(self) -> GcpNetworkSettings:
        """Address ranges and egress."""
        return _narrowed(self._stack.network, GcpNetworkSettings)

    @property
    def cluster(self) -> GkeClusterSettings:
        """The Kubernetes control plane."""
        return _narrowed(self._stack.cluster, GkeClusterSettings)

    @property
    def registry(self) -> ArtifactRegistrySettings:
        """Container image repositories."""
        return _narrowed(self._stack.registry, ArtifactRegistrySettings)

    @property
    def storage(self) -> GcpStorageSettings:
        """Persistent storage."""
        return _narrowed(self._stack.storage, GcpStorageSettings)


class ServersStack(_CloudStack):
    """A stack with kubeadm on own servers; as `AwsStack`."""

    @property
    def provider(self) -> ServersProviderSettings:
        """Where the platform stands."""
        return _narrowed(self._stack.provider, ServersProviderSettings)

    @property
    def network(self) -> ServersNetworkSettings:
        """Address ranges."""
        return _narrowed(self._stack.network, ServersNetworkSettings)

    @property
    def cluster(self) -> KubeadmClusterSettings:
        """The Kubernetes control plane."""
        return _narrowed(self._stack.cluster, KubeadmClusterSettings)

    @property
    def registry(self) -> ExternalRegistrySettings | SelfHostedRegistrySettings | HarborRegistrySettings:
        """Container image repositories."""
        registry = self._stack.registry
        if isinstance(registry, (SelfHostedRegistrySettings, HarborRegistrySettings)):
            return registry
        return _narrowed(registry, ExternalRegistrySettings)

    @property
    def storage(self) -> ServersStorageSettings:
        """Persistent storage."""
        return _narrowed(self._stack.storage, ServersStorageSettings)

    @property
    def charts(self) -> tuple[str, ...]:
        """The downloads that control planes need beside those of every host: Helm, and the charts of all parts."""
        registry = self.registry
        own = registry.charts if isinstance(registry, HarborRegistrySettings) else ()
        charts = (*self.cluster.charts, *self.storage.charts, *own)
        return ("helm", *charts) if charts else ()


def _narrowed(part: Settings, model: type[_Model]) -> _Model:
    if not isinstance(part, model):
        raise UnsoundError(f"{type(part).__name__} is no {model.__name__}")
    return part
