"""A platform on Azure: its parts in their order, each knowing those before it by the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_azure_native as azure_native

from components import overrides
from components.azure.bootstrap_pool import remove_bootstrap_pool
from components.azure.cluster import AksCluster, AksClusterArgs
from components.azure.in_cluster import Surroundings, in_cluster, surroundings_in
from components.azure.network import AzureNetwork, AzureNetworkArgs
from components.azure.network_existing import ExistingAzureNetwork, ExistingAzureNetworkArgs
from components.azure.node_groups import AksNodeGroup, AksNodeGroupArgs
from components.azure.registry import AcrRegistry, AcrRegistryArgs
from components.azure.registry_cache import UpstreamCredentials
from components.azure.resource_group import PlatformGroup, PlatformGroupArgs
from components.azure.storage import AzureStorage, AzureStorageArgs
from components.contract import NodeGroup
from components.errors import ConfigurationError, Mistake, PlatformError
from components.incluster.reference import InfrastructureReference, exports
from components.platform import EXPORTS, Platform
from components.settings import AzureEgress, AzureStack, Layer, Overrides
from components.settings.secrets import secret

OUTBOUND_TYPES: Final[Mapping[AzureEgress, str]] = {
    AzureEgress.NAT_GATEWAY: "userAssignedNATGateway",
    AzureEgress.LOAD_BALANCER: "loadBalancer",
    AzureEgress.USER_DEFINED_ROUTING: "userDefinedRouting",
}
"""Ways to the internet in AKS's words. Source: pulumi-azure-native 3.29.0, `OutboundType`, read 2026-11-29."""
_AnyNetwork = AzureNetwork | ExistingAzureNetwork


def infrastructure(settings: AzureStack, tags: Mapping[str, str]) -> Platform:
    """All of a platform, or the infrastructure alone where the settings say that layer."""
    parts = _Parts(settings, tags)
    network = parts.network()
    cluster = parts.cluster(network)
    node_groups = parts.node_groups(network, cluster)
    registry = parts.registry(network, cluster)
    storage = parts.storage(network, cluster)
    if settings.layer is Layer.ALL:
        around = Surroundings(
            access=cluster,
            file_account_id=storage.file_system_id,
            volume_group=storage.volume_group_name,
            after=[*_ready(node_groups), *storage.ready],
        )
        in_cluster(settings, tags, around)
    return Platform(
        network=network,
        cluster=cluster,
        node_groups=node_groups,
        registry=registry,
        storage=storage,
        in_cluster=exports(
            file_system_id=storage.file_system_id,
            interruption_queue=None,
            autoscaler=None,
            volume_group=storage.volume_group_name,
        ),
    )


def in_cluster_layer(settings: AzureStack, tags: Mapping[str, str]) -> Mapping[str, Any]:
    """What lives in the cluster of another stack, whose exports this one passes on.

    Raises:
        PlatformError: the settings name no such stack, which their rules refuse before.
    """
    if settings.infrastructure_stack is None:
        raise PlatformError("infraplatform:infrastructure_stack is missing in a stack of layer in_cluster")
    reference = InfrastructureReference(settings.infrastructure_stack)
    in_cluster(settings, tags, surroundings_in(settings, reference))
    return {**{name: reference.export(name) for name in EXPORTS}, "kubeconfig": reference.kubeconfig}


class _Parts:
    """Makes the parts, all in one resource group. The provider acts in the settings' subscription and tenant alone."""

    def __init__(self, settings: AzureStack, tags: Mapping[str, str]) -> None:
        self._settings = settings
        self._tags = tags
        self._azure = azure_native.Provider(
            "azure",
            subscription_id=settings.provider.subscription_id,
            tenant_id=settings.provider.tenant_id,
            location=settings.provider.region,
            environment="public",  # else a variable of whoever runs Pulumi could choose another cloud
        )
        group = PlatformGroupArgs(provider=settings.provider, protection=settings.protection, tags=tags)
        self._group_name = PlatformGroup("platform", group, self.options({})).resource_group_name

    def network(self) -> _AnyNetwork:
        """The virtual network, created or existing."""
        settings = self._settings
        options = self.options(settings.network.overrides)
        if settings.network.existing is not None:
            existing = ExistingAzureNetworkArgs(existing=settings.network.existing, provider=settings.provider)
            return ExistingAzureNetwork("network", existing, options)
        args = AzureNetworkArgs(
            settings=settings.network,
            provider=settings.provider,
            resource_group_name=self._group_name,
            protection=settings.protection,
            tags=self._tags,
        )
        return AzureNetwork("network", args, options)

    def cluster(self, network: _AnyNetwork) -> AksCluster:
        """The AKS control plane, access to it, and what it and its nodes act as."""
        settings = self._settings
        args = AksClusterArgs(
            settings=settings.cluster,
            provider=settings.provider,
            network=network,
            protection=settings.protection,
            tags=self._tags,
            resource_group_name=self._group_name,
            outbound_type=OUTBOUND_TYPES[settings.network.egress],
            encryption_at_host=any(group.azure.encryption_at_host for group in settings.node_groups.values()),
        )
        return AksCluster("cluster", args, self.options(settings.cluster.overrides))

    def node_groups(self, network: _AnyNetwork, cluster: AksCluster) -> Mapping[str, NodeGroup]:
        """The node pools; once they stand, the one that the cluster was made with goes."""
        settings = self._settings
        groups = {
            key: AksNodeGroup(
                f"node-group-{key}",
                AksNodeGroupArgs(
                    key=key,
                    settings=group,
                    provider=settings.provider,
                    cluster_settings=settings.cluster,
                    cluster=cluster,
                    network=network,
                    tags=self._tags,
                    resource_group_name=self._group_name,
                ),
                self.options(group.overrides),
            )
            for key, group in settings.node_groups.items()
        }
        if groups:
            remove_bootstrap_pool(
                "cluster-bootstrap", cluster, settings.provider, self._group_name, _ready(groups), parent=cluster
            )
        return groups

    def registry(self, network: _AnyNetwork, cluster: AksCluster) -> AcrRegistry:
        """The registry."""
        settings = self._settings
        args = AcrRegistryArgs(
            settings=settings.registry,
            provider=settings.provider,
            resource_group_name=self._group_name,
            network=network,
            private_endpoint_subnet_id=network.private_endpoint_subnet_id,
            cluster=cluster,
            protection=settings.protection,
            tags=self._tags,
            pull_through_credentials=self._pull_through_credentials(),
        )
        return AcrRegistry("registry", args, self.options(settings.registry.overrides))

    def storage(self, network: _AnyNetwork, cluster: AksCluster) -> AzureStorage:
        """The account of files, the backups, and the classes that volumes are made by."""
        settings = self._settings
        args = AzureStorageArgs(
            settings=settings.storage,
            provider=settings.provider,
            resource_group_name=self._group_name,
            network=network,
            private_endpoint_subnet_id=network.private_endpoint_subnet_id,
            cluster=cluster,
            cluster_id=cluster.cluster_id,
            cluster_identity=cluster.identity,
            protection=settings.protection,
            tags=self._tags,
            readable_disk_encryption_set=settings.cluster.disk_encryption_set,
        )
        return AzureStorage("storage", args, self.options(settings.storage.overrides))

    def _pull_through_credentials(self) -> dict[str, UpstreamCredentials]:
        """The upstreams' credentials by the upstream's name; never a setting, always a secret."""
        found = secret("pull_through_credentials")
        wanted = [key for key, cache in self._settings.registry.pull_through.items() if cache.credentials]
        return {key: upstream_credentials(found, key) for key in wanted} if found is not None else {}

    def options(self, part: Overrides) -> pulumi.ResourceOptions:
        """A component's options: the provider for all in it, and the part's overrides."""
        return pulumi.ResourceOptions(providers=[self._azure], transforms=overrides.transforms(part))


def upstream_credentials(by_upstream: pulumi.Output[Any], upstream: str) -> UpstreamCredentials:
    """What the stack's secret says of one upstream."""

    def part(name: str) -> pulumi.Output[str]:
        return by_upstream.apply(lambda found: credential(found, upstream, name))

    return UpstreamCredentials(username=part("username"), access_token=part("access_token"))


def credential(by_upstream: Mapping[str, Mapping[str, str]], upstream: str, name: str) -> str:
    """One part of an upstream's credentials.

    Raises:
        ConfigurationError: the secret does not say it; no value of it is shown.
    """
    found = by_upstream.get(upstream, {}).get(name)
    if not found:
        key = f"infraplatform:pull_through_credentials.{upstream}.{name}"
        raise ConfigurationError([Mistake(key, "is missing", "write username and access_token for this upstream")])
    return found


def _ready(node_groups: Mapping[str, NodeGroup]) -> list[pulumi.Resource]:
    return [resource for group in node_groups.values() for resource in group.ready]
