"""A platform on AWS: its parts in their order, each knowing those before it by the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components import overrides
from components.aws.add_ons import EksAddOns, EksAddOnsArgs
from components.aws.cluster import EksCluster, EksClusterArgs
from components.aws.in_cluster import (
    Surroundings,
    autoscaler_rights,
    in_cluster,
    mirror_key,
    surroundings_in,
)
from components.aws.network import VpcNetwork, VpcNetworkArgs
from components.aws.network_existing import ExistingVpcNetwork, ExistingVpcNetworkArgs
from components.aws.node_groups import EksNodeGroup, EksNodeGroupArgs
from components.aws.registry import EcrRegistry, EcrRegistryArgs
from components.aws.storage import AwsStorage, AwsStorageArgs
from components.aws.upgrade import node_group_guard
from components.contract import Cluster, Network, NodeGroup, Registry
from components.errors import ConfigurationError, Mistake, PlatformError
from components.incluster.reference import InfrastructureReference, exports
from components.platform import EXPORTS, Platform
from components.settings import Autoscaler, AwsStack, Layer, Overrides
from components.settings.secrets import secret


def infrastructure(settings: AwsStack, tags: Mapping[str, str]) -> Platform:
    """All of a platform, or the infrastructure alone where the settings say that layer."""
    parts = _Parts(settings, tags)
    network = parts.network()
    cluster = parts.cluster(network)
    node_groups = parts.node_groups(network, cluster)
    registry = parts.registry(cluster)
    storage = parts.storage(network, cluster)
    add_ons = parts.add_ons(cluster, node_groups)
    rights = autoscaler_rights(settings, cluster, tags, parts.options({}))
    if settings.layer is Layer.ALL:
        mirror = mirror_key(settings)
        around = Surroundings(
            access=cluster,
            rights=rights,
            file_system_id=storage.file_system_id,
            image_mirror=registry.mirror_urls[mirror] if mirror is not None else None,
            node_role=cluster.node_role,
            node_subnet_ids=network.node_subnet_ids,
            node_security_group_id=cluster.security_group_ids["nodes"],
            after=[*add_ons.ready, *registry.ready],
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
            interruption_queue=rights.interruption_queue,
            autoscaler=rights.identity,
        ),
    )


def in_cluster_layer(settings: AwsStack, tags: Mapping[str, str]) -> Mapping[str, Any]:
    """What lives in the cluster of another stack, whose exports this one passes on.

    Raises:
        PlatformError: the settings name no such stack, which their rules refuse before.
    """
    if settings.infrastructure_stack is None:
        raise PlatformError("infraplatform:infrastructure_stack is missing in a stack of layer in_cluster")
    reference = InfrastructureReference(settings.infrastructure_stack)
    in_cluster(settings, tags, surroundings_in(reference, settings))
    return {**{name: reference.export(name) for name in EXPORTS}, "kubeconfig": reference.kubeconfig}


class _Parts:
    """Makes the parts. The provider refuses every account but the one that the settings name."""

    def __init__(self, settings: AwsStack, tags: Mapping[str, str]) -> None:
        self._settings = settings
        self._tags = tags
        self._aws = aws.Provider(
            "aws", region=settings.provider.region, allowed_account_ids=[settings.provider.account]
        )

    def network(self) -> Network:
        """The VPC, created or existing."""
        settings = self._settings
        options = self.options(settings.network.overrides)
        if settings.network.existing is not None:
            existing = ExistingVpcNetworkArgs(existing=settings.network.existing, provider=settings.provider)
            return ExistingVpcNetwork("network", existing, options)
        args = VpcNetworkArgs(
            settings=settings.network, provider=settings.provider, protection=settings.protection, tags=self._tags
        )
        return VpcNetwork("network", args, options)

    def cluster(self, network: Network) -> Cluster:
        """The EKS control plane, access to it, and the add-ons that nodes need."""
        settings = self._settings
        args = EksClusterArgs(
            settings=settings.cluster,
            provider=settings.provider,
            network=network,
            protection=settings.protection,
            tags=self._tags,
            volume_key_arn=settings.storage.block.key_arn,
        )
        return EksCluster("cluster", args, self.options(settings.cluster.overrides))

    def node_groups(self, network: Network, cluster: Cluster) -> Mapping[str, NodeGroup]:
        """The managed node groups."""
        settings = self._settings
        guard = node_group_guard("node-groups")
        return {
            key: EksNodeGroup(
                f"node-group-{key}",
                EksNodeGroupArgs(
                    key=key,
                    settings=group,
                    provider=settings.provider,
                    cluster_settings=settings.cluster,
                    cluster=cluster,
                    network=network,
                    tags=self._tags,
                    guard=guard,
                ),
                self.options(group.overrides),
            )
            for key, group in settings.node_groups.items()
        }

    def registry(self, cluster: Cluster) -> Registry:
        """The ECR repositories and caches."""
        settings = self._settings
        args = EcrRegistryArgs(
            settings=settings.registry,
            provider=settings.provider,
            cluster=cluster,
            protection=settings.protection,
            tags=self._tags,
            pull_through_credentials=self._pull_through_credentials(),
        )
        return EcrRegistry("registry", args, self.options(settings.registry.overrides))

    def storage(self, network: Network, cluster: Cluster) -> AwsStorage:
        """The file system, the backups, and the classes that disks are made by."""
        settings = self._settings
        args = AwsStorageArgs(
            settings=settings.storage,
            provider=settings.provider,
            network=network,
            cluster=cluster,
            protection=settings.protection,
            tags=self._tags,
            auto_mode=settings.cluster.autoscaler is Autoscaler.AUTO_MODE,
        )
        return AwsStorage("storage", args, self.options(settings.storage.overrides))

    def add_ons(self, cluster: Cluster, node_groups: Mapping[str, NodeGroup]) -> EksAddOns:
        """The add-ons that need nodes."""
        settings = self._settings
        args = EksAddOnsArgs(
            settings=settings.cluster,
            storage=settings.storage,
            provider=settings.provider,
            cluster=cluster,
            node_groups=list(node_groups.values()),
            tags=self._tags,
        )
        return EksAddOns("add-ons", args, self.options(settings.cluster.overrides))

    def _pull_through_credentials(self) -> dict[str, pulumi.Output[str]]:
        """The upstreams' credentials in ECR's own form, by the upstream's name; never a setting, always a secret."""
        found = secret("pull_through_credentials")
        wanted = [key for key, cache in self._settings.registry.pull_through.items() if cache.credentials]
        return (
            {key: found.apply(lambda by_key, key=key: ecr_credentials(by_key, key)) for key in wanted} if found else {}
        )

    def options(self, part: Overrides) -> pulumi.ResourceOptions:
        """A component's options: the provider for all in it, and the part's overrides."""
        return pulumi.ResourceOptions(providers=[self._aws], transforms=overrides.transforms(part))


def ecr_credentials(by_upstream: Mapping[str, Mapping[str, str]], upstream: str) -> str:
    """An upstream's credentials as the JSON text that ECR looks for.

    Source: ECR user guide, "Storing your upstream repository credentials", read 2026-11.

    Raises:
        ConfigurationError: the secret says nothing of the upstream, or lacks a part; no value of it is shown.
    """
    found = by_upstream.get(upstream, {})
    missing = [name for name in ("username", "access_token") if not found.get(name)]
    if missing:
        key = f"infraplatform:pull_through_credentials.{upstream}"
        raise ConfigurationError([Mistake(key, f"{' and '.join(missing)} missing", "write both for this upstream")])
    return json.dumps({"username": found["username"], "accessToken": found["access_token"]})
