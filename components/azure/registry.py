"""The container registry of a platform on Azure, and the nodes' right to pull from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
from pulumi_azure_native import containerregistry

from components.azure.private_endpoints import PrivateEndpointArgs, private_endpoint
from components.azure.registry_cache import CacheArgs, PullThroughCache, UpstreamCredentials
from components.azure.registry_key import ImagesKey, images_key
from components.azure.roles import assign_to_nodes, role_definition
from components.contract import Cluster, Network
from components.errors import ConfigurationError, Mistake
from components.settings import AcrRegistrySettings, AcrTier, AzureProviderSettings, ProtectionSettings
from components.settings.registry_azure import DEFAULT_UNTAGGED_DAYS

_ACR_PULL: Final = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
"""Role AcrPull. Source: Azure documentation, built-in roles, known, not read."""
_ZONE: Final = "privatelink.azurecr.io"


@dataclass(frozen=True, kw_only=True)
class AcrRegistryArgs:
    """What a registry is made from.

    `private_endpoint_subnet_id` is where a premium registry gets its address, None where the network has no such
    subnet; `pull_through_credentials` are by the upstream's name in the settings.
    """

    settings: AcrRegistrySettings
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    network: Network
    private_endpoint_subnet_id: pulumi.Output[str] | None
    cluster: Cluster
    protection: ProtectionSettings
    tags: Mapping[str, str]
    pull_through_credentials: Mapping[str, UpstreamCredentials] = field(default_factory=dict[str, UpstreamCredentials])


class AcrRegistry(pulumi.ComponentResource):
    """A registry in Azure Container Registry; fulfils `contract.Registry`.

    Every name of `repositories` is a path in it, and is there with its first image. It has no admin user and no
    anonymous pull: whoever pushes or pulls has a role. Nodes pull as the kubelet's identity, so there are no pull
    credentials. A premium registry answers inside the network, on its public endpoint to named networks only, and its
    copies are in three zones; a registry that was made in another tier gets no zones later. The registry's name, where
    the program gives it, is what others push to: then a change that replaces the registry deletes the old one first.
    Non-goals: replicas in other regions, quarantine, which hides images until a scanner of one's own releases them,
    tokens, rights to push.
    """

    registry_url: pulumi.Output[str]
    repository_urls: Mapping[str, pulumi.Output[str]]
    mirror_urls: Mapping[str, pulumi.Output[str]]
    pull_credentials: pulumi.Output[str] | None
    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: AcrRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the registry.

        Raises:
            ConfigurationError: caches lack their credentials, nodes have no identity that could pull, or the network
                has no subnet for a private endpoint.
        """
        settings = args.settings
        mistakes = [
            *missing_credentials(settings, args.pull_through_credentials.keys()),
            *_no_pullers(args.cluster),
            *_no_place(args),
        ]
        if mistakes:
            raise ConfigurationError(mistakes)
        super().__init__("infraplatform:azure:AcrRegistry", name, {"kind": settings.kind}, opts)
        registry = self._registry(name, args)
        endpoint = self._endpoint(f"{name}-endpoint", registry, args)
        cache = PullThroughCache(f"{name}-cache", self._cache_args(registry, args))

        # A preview of an update knows the registry's name again, and not its login server.
        host = pulumi.Output.concat(settings.name or registry.name, ".azurecr.io")
        self.registry_url = host
        self.repository_urls = {path: pulumi.Output.concat(host, "/", path) for path in settings.repositories}
        self.mirror_urls = {prefix: pulumi.Output.concat(host, "/", prefix) for prefix in settings.pull_through}
        self.pull_credentials = None
        puller = assign_to_nodes(
            f"{name}-nodes",
            args.cluster,
            role_definition_id=role_definition(args.provider, _ACR_PULL),
            scope=registry.id,
            parent=self,
        )
        self.ready = (registry, puller, *endpoint, *cache.ready)
        self.register_outputs({"registry_url": self.registry_url, "repository_urls": self.repository_urls})

    def _registry(self, logical_name: str, args: AcrRegistryArgs) -> containerregistry.Registry:
        settings, protection = args.settings, args.protection
        premium = settings.tier is AcrTier.PREMIUM
        key = images_key(f"{logical_name}-key", args.provider, args.resource_group_name, settings, args.tags, self)
        return containerregistry.Registry(
            logical_name,
            resource_group_name=args.resource_group_name,
            registry_name=settings.name,
            location=args.provider.region,
            sku=containerregistry.SkuArgs(name=settings.tier.value.capitalize()),
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            public_network_access="Disabled" if premium and not settings.public_access else "Enabled",
            network_rule_set=_network_rules(settings),
            policies=_policies(settings),
            zone_redundancy="Enabled" if premium else "Disabled",
            identity=key.identity if key is not None else None,
            encryption=key.encryption if key is not None else None,
            tags=dict(args.tags),
            opts=self._registry_options(key, settings, protection),
        )

    def _registry_options(
        self, key: ImagesKey | None, settings: AcrRegistrySettings, protection: ProtectionSettings
    ) -> pulumi.ResourceOptions:
        """Whether images have a key of one's own, and their zones, are fixed at the registry's creation."""
        # A preview forgets an identity with each of its changes, and would make another registry of a new tag.
        forgotten = ["encryption.keyVaultProperties.identity"] if key is not None else []
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=list(key.ready) if key is not None else [],
            ignore_changes=["zoneRedundancy", *forgotten],
            replace_on_changes=["encryption"],  # which the provider would try in place
            delete_before_replace=settings.name is not None or None,
            protect=protection.protect,
            retain_on_delete=protection.keep_data,
        )

    def _endpoint(
        self, name: str, registry: containerregistry.Registry, args: AcrRegistryArgs
    ) -> Sequence[pulumi.Resource]:
        """A premium registry's address inside the network."""
        if args.settings.tier is not AcrTier.PREMIUM or args.private_endpoint_subnet_id is None:
            return ()
        return private_endpoint(
            name,
            PrivateEndpointArgs(
                service_id=registry.id,
                group="registry",
                zone=_ZONE,
                zone_id=args.settings.private_dns_zone,
                network=args.network,
                subnet_id=args.private_endpoint_subnet_id,
                provider=args.provider,
                resource_group_name=args.resource_group_name,
                tags=args.tags,
                parent=self,
            ),
        )

    def _cache_args(self, registry: containerregistry.Registry, args: AcrRegistryArgs) -> CacheArgs:
        return CacheArgs(
            upstreams=args.settings.pull_through,
            credentials=args.pull_through_credentials,
            registry=registry,
            provider=args.provider,
            resource_group_name=args.resource_group_name,
            tags=args.tags,
            parent=self,
        )


def _network_rules(settings: AcrRegistrySettings) -> containerregistry.NetworkRuleSetArgs | None:
    """Who reaches the public endpoint; None where nobody does, or everybody with a role."""
    if not settings.public_access:
        return None
    return containerregistry.NetworkRuleSetArgs(
        default_action="Deny",
        ip_rules=[
            containerregistry.IPRuleArgs(action="Allow", i_p_address_or_range=str(network))
            for network in settings.public_access
        ],
    )


def _policies(settings: AcrRegistrySettings) -> containerregistry.PoliciesArgs | None:
    """How long deleted images can be restored, or else untagged ones stay; ACR has one of the two."""
    if settings.keep_deleted_days is not None:
        return containerregistry.PoliciesArgs(
            soft_delete_policy=containerregistry.SoftDeletePolicyArgs(
                status="enabled", retention_days=settings.keep_deleted_days
            )
        )
    if settings.tier is not AcrTier.PREMIUM:
        return None
    days = settings.keep_untagged_days or DEFAULT_UNTAGGED_DAYS
    return containerregistry.PoliciesArgs(
        retention_policy=containerregistry.RetentionPolicyArgs(status="enabled", days=days)
    )


def missing_credentials(settings: AcrRegistrySettings, credentials: Collection[str]) -> Iterator[Mistake]:
    """Upstreams whose credentials are wanted and not there; the settings cannot see secrets."""
    for key, cache in settings.pull_through.items():
        if cache.credentials and key not in credentials:
            problem = f"{cache.upstream} wants credentials, and there are none"
            remedy = f"set {key} in the secret infraplatform:pull_through_credentials"
            yield Mistake(f"infraplatform:registry.pull_through.{key}", problem, remedy)


def _no_pullers(cluster: Cluster) -> Iterator[Mistake]:
    if cluster.node_role is None:
        problem = "the cluster's nodes have no identity, so they could not pull"
        yield Mistake("infraplatform:registry", problem, "use a cluster of kind aks")


def _no_place(args: AcrRegistryArgs) -> Iterator[Mistake]:
    if args.settings.tier is AcrTier.PREMIUM and args.private_endpoint_subnet_id is None:
        problem = "is premium, which wants a private endpoint, and the network has no subnet for it"
        yield Mistake("infraplatform:registry.tier", problem, "name such a subnet in network.existing, or write basic")
