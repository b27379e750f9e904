"""A platform on Google Cloud: its parts in their order, each knowing those before it by the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components import overrides
from components.contract import Cluster, Network, NodeGroup, Registry
from components.errors import ConfigurationError, Mistake, PlatformError
from components.gcp.cluster import GkeCluster, GkeClusterArgs
from components.gcp.in_cluster import Surroundings, in_cluster, surroundings_in
from components.gcp.key_grants import KeyGrants, KeyGrantsArgs, keys_by_use
from components.gcp.network import GcpNetwork, GcpNetworkArgs
from components.gcp.network_existing import ExistingGcpNetwork, ExistingGcpNetworkArgs
from components.gcp.node_groups import GkeNodeGroup, GkeNodeGroupArgs
from components.gcp.node_machines import any_node_streams_images
from components.gcp.project_apis import ProjectApis
from components.gcp.registry import ArtifactRegistry, ArtifactRegistryArgs
from components.gcp.registry_cache import UpstreamCredentials
from components.gcp.storage import GcpStorage, GcpStorageArgs
from components.incluster.reference import InfrastructureReference, exports
from components.platform import EXPORTS, Platform
from components.settings import GcpProviderSettings, GcpStack, Layer, Overrides
from components.settings.secrets import secret
from components.tags import labels


def infrastructure(settings: GcpStack, tags: Mapping[str, str]) -> Platform:
    """All of a platform, or the infrastructure alone where the settings say that layer.

    Raises:
        ConfigurationError: tags that Google Cloud takes for no labels.
    """
    parts = _Parts(settings, labels(tags))
    network = parts.network()
    cluster = parts.cluster(network)
    node_groups = parts.node_groups(network, cluster)
    registry = parts.registry(cluster)
    storage = parts.storage(network, cluster)
    if settings.layer is Layer.ALL:
        around = Surroundings(
            access=cluster, network_id=network.network_id, after=[*_ready(node_groups), *storage.ready]
        )
        in_cluster(settings, labels(tags), around)
    return Platform(
        network=network,
        cluster=cluster,
        node_groups=node_groups,
        registry=registry,
        storage=storage,
        in_cluster=exports(file_system_id=None, interruption_queue=None, autoscaler=None),
    )


def in_cluster_layer(settings: GcpStack, tags: Mapping[str, str]) -> Mapping[str, Any]:
    """What lives in the cluster of another stack, whose exports this one passes on.

    Raises:
        PlatformError: the settings name no such stack, which their rules refuse before.
    """
    if settings.infrastructure_stack is None:
        raise PlatformError("infraplatform:infrastructure_stack is missing in a stack of layer in_cluster")
    reference = InfrastructureReference(settings.infrastructure_stack)
    in_cluster(settings, labels(tags), surroundings_in(reference))
    return {**{name: reference.export(name) for name in EXPORTS}, "kubeconfig": reference.kubeconfig}


class _Parts:
    """Makes the parts. Provider and resources name the project and region: whoever runs Pulumi changes neither.

    Every resource waits for its provider, so the provider waits for the APIs: nothing calls one before it is on.
    """

    def __init__(self, settings: GcpStack, tags: Mapping[str, str]) -> None:
        self._settings = settings
        self._tags = tags
        self._gcp = _provider("gcp", settings.provider, _apis(settings))
        keys = KeyGrantsArgs(
            provider=settings.provider,
            cluster=settings.cluster,
            node_groups=settings.node_groups,
            registry=settings.registry,
            storage=settings.storage,
        )
        self._keys = KeyGrants("key-grants", keys, self.options({})).ready if keys_by_use(keys) else ()

    def network(self) -> Network:
        """The VPC, created or existing."""
        settings = self._settings
        options = self.options(settings.network.overrides)
        if settings.network.existing is not None:
            existing = ExistingGcpNetworkArgs(existing=settings.network.existing, provider=settings.provider)
            return ExistingGcpNetwork("network", existing, options)
        args = GcpNetworkArgs(
            settings=settings.network, provider=settings.provider, protection=settings.protection, tags=self._tags
        )
        return GcpNetwork("network", args, options)

    def cluster(self, network: Network) -> GkeCluster:
        """The GKE control plane, access to it, and the nodes' service account."""
        settings = self._settings
        args = GkeClusterArgs(
            settings=settings.cluster,
            provider=settings.provider,
            network=network,
            protection=settings.protection,
            tags=self._tags,
            storage=settings.storage,
            dual_stack=settings.network.has_ipv6,
            streams_images=any_node_streams_images(settings),
            after=self._keys if settings.cluster.disk_key is not None else (),
        )
        return GkeCluster("cluster", args, self.options(settings.cluster.overrides))

    def node_groups(self, network: Network, cluster: Cluster) -> Mapping[str, NodeGroup]:
        """The node pools."""
        settings = self._settings
        return {
            key: GkeNodeGroup(
                f"node-group-{key}",
                GkeNodeGroupArgs(
                    key=key,
                    settings=group,
                    provider=settings.provider,
                    cluster_settings=settings.cluster,
                    cluster=cluster,
                    network=network,
                    tags=self._tags,
                    after=self._keys,
                ),
                self.options(group.overrides),
            )
            for key, group in settings.node_groups.items()
        }

    def registry(self, cluster: Cluster) -> Registry:
        """The repositories of Artifact Registry."""
        settings = self._settings
        args = ArtifactRegistryArgs(
            settings=settings.registry,
            provider=settings.provider,
            cluster=cluster,
            protection=settings.protection,
            tags=self._tags,
            pull_through_credentials=self._pull_through_credentials(),
            after=self._keys,
        )
        return ArtifactRegistry("registry", args, self.options(settings.registry.overrides))

    def storage(self, network: Network, cluster: GkeCluster) -> GcpStorage:
        """The backups, and the classes that disks and files are made by."""
        settings = self._settings
        args = GcpStorageArgs(
            settings=settings.storage,
            provider=settings.provider,
            network=network,
            cluster_id=cluster.cluster_id,
            protection=settings.protection,
            tags=self._tags,
            after=self._keys,
        )
        return GcpStorage("storage", args, self.options(settings.storage.overrides))

    def _pull_through_credentials(self) -> dict[str, UpstreamCredentials]:
        """The upstreams' credentials by the upstream's name; never a setting, always a secret."""
        found = secret("pull_through_credentials")
        wanted = [key for key, cache in self._settings.registry.pull_through.items() if cache.credentials]
        return {key: upstream_credentials(found, key) for key in wanted} if found is not None else {}

    def options(self, part: Overrides) -> pulumi.ResourceOptions:
        """A component's options: the provider for all in it, and the part's overrides."""
        return pulumi.ResourceOptions(providers=[self._gcp], transforms=overrides.transforms(part))


def _apis(settings: GcpStack) -> Sequence[pulumi.Resource]:
    """The APIs that the stack turns on, through a provider of their own, as the other one waits for them."""
    if not settings.provider.enable_apis:
        return ()
    own = _provider("gcp-apis", settings.provider, ())
    return ProjectApis("apis", settings, pulumi.ResourceOptions(providers=[own])).ready


def _provider(name: str, place: GcpProviderSettings, after: Sequence[pulumi.Resource]) -> gcp.Provider:
    return gcp.Provider(
        name,
        project=place.project,
        region=place.region,
        add_pulumi_attribution_label=False,  # labels are the resources' own, so that previews show all of them
        opts=pulumi.ResourceOptions(depends_on=list(after)),
    )


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
