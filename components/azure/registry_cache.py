"""Pull-through caches: cache rules, which keep an upstream's images when a node first pulls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import authorization, containerregistry, keyvault

from components.azure.roles import assign_to_holder, principal, role_definition
from components.settings import AcrPullThroughSettings, AzureProviderSettings
from components.settings.registry_azure import upstream_host

_SECRETS_USER: Final = "4633458b-17de-408a-874b-0445c86b69e6"
"""Role Key Vault Secrets User. Source: Azure documentation, built-in roles, known, not read."""
_RESTORABLE_DAYS: Final = 7  # the least; the credentials are in the stack's configuration, too


@dataclass(frozen=True, kw_only=True)
class UpstreamCredentials:
    """What an upstream registry knows its user by."""

    username: pulumi.Output[str]
    access_token: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    """What the caches of one registry are made from; `upstreams` and `credentials` are by the images' prefix."""

    upstreams: Mapping[str, AcrPullThroughSettings]
    credentials: Mapping[str, UpstreamCredentials]
    registry: containerregistry.Registry
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    tags: Mapping[str, str]
    parent: pulumi.Resource


class PullThroughCache:
    """A cache rule for each upstream, and where wanted its credentials in a key vault.

    Images have their upstream's path: `library/nginx` of Docker Hub is `<mirror url>/library/nginx`. ACR takes
    credentials from a key vault alone, which it reaches by the vault's public endpoint: Azure's list of services that
    pass a vault's firewall names ACR for keys, not for these (known, not read). So the vault answers everybody, and
    only the rule's own identity may read in it.
    """

    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: CacheArgs) -> None:
        """Make the rules; logical names start with `name`."""
        self._name = name
        self._args = args
        wanted = {key: args.credentials[key] for key, upstream in args.upstreams.items() if upstream.credentials}
        vault = self._vault() if wanted else None
        sets = {key: self._credentials(key, found, vault) for key, found in wanted.items() if vault is not None}
        self.ready = [self._rule(key, upstream, sets.get(key)) for key, upstream in args.upstreams.items()]

    def _rule(
        self, key: str, upstream: AcrPullThroughSettings, credentials: _Credentials | None
    ) -> containerregistry.CacheRule:
        """The rule; whose source and target are fixed, so another one takes its place.

        Source: MicrosoftDocs/azure-docs, articles/container-registry/container-registry-artifact-cache.md, wildcards,
        read 2026-11-29.
        """
        return containerregistry.CacheRule(
            f"{self._name}-{key}",
            resource_group_name=self._args.resource_group_name,
            registry_name=self._args.registry.name,
            cache_rule_name=f"cache-{key}",
            source_repository=f"{upstream_host(upstream.upstream)}/*",
            target_repository=f"{key}/*",
            credential_set_resource_id=credentials.set_.id if credentials is not None else None,
            opts=pulumi.ResourceOptions(
                parent=self._args.parent,
                depends_on=[credentials.readable] if credentials is not None else [],
                deleted_with=self._args.registry,
                replace_on_changes=["sourceRepository", "targetRepository"],
                delete_before_replace=True,
            ),
        )

    def _vault(self) -> keyvault.Vault:
        """Where the credentials are; of a name that Pulumi makes, as a deleted vault's stays taken for some days."""
        return keyvault.Vault(
            self._name,
            resource_group_name=self._args.resource_group_name,
            location=self._args.provider.region,
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=self._args.provider.tenant_id,
                sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
                enable_rbac_authorization=True,
                soft_delete_retention_in_days=_RESTORABLE_DAYS,
            ),
            tags=dict(self._args.tags),
            opts=pulumi.ResourceOptions(parent=self._args.parent),
        )

    def _credentials(self, key: str, credentials: UpstreamCredentials, vault: keyvault.Vault) -> _Credentials:
        """An upstream's credentials in the vault, and the identity that may read them."""
        name, args = f"{self._name}-{key}", self._args
        parts = {"username": credentials.username, "access-token": credentials.access_token}
        secrets = {part: self._secret(f"{name}-{part}", f"{key}-{part}", value, vault) for part, value in parts.items()}
        # A preview of an update knows the vault's name again, and not its address.
        urls = {
            part: pulumi.Output.concat("https://", vault.name, f".vault.azure.net/secrets/{key}-{part}")
            for part in parts
        }
        set_ = containerregistry.CredentialSet(
            name,
            resource_group_name=args.resource_group_name,
            registry_name=args.registry.name,
            credential_set_name=f"cache-{key}",
            login_server=upstream_host(args.upstreams[key].upstream),
            identity=containerregistry.IdentityPropertiesArgs(
                type=containerregistry.ResourceIdentityType.SYSTEM_ASSIGNED
            ),
            auth_credentials=[
                containerregistry.AuthCredentialArgs(
                    name=containerregistry.CredentialName.CREDENTIAL1,
                    username_secret_identifier=urls["username"],
                    password_secret_identifier=urls["access-token"],
                )
            ],
            opts=pulumi.ResourceOptions(
                parent=args.parent, depends_on=list(secrets.values()), deleted_with=args.registry
            ),
        )
        reader = assign_to_holder(
            name,
            set_,
            set_.identity.apply(_principal),
            role_definition_id=role_definition(args.provider, _SECRETS_USER),
            scope=vault.id,
            parent=args.parent,
        )
        return _Credentials(set_, reader)

    def _secret(
        self, logical_name: str, name: str, value: pulumi.Output[str], vault: keyvault.Vault
    ) -> keyvault.Secret:
        """One secret in the vault, written by Azure's own API, which needs no way to the vault."""
        return keyvault.Secret(
            logical_name,
            resource_group_name=self._args.resource_group_name,
            vault_name=vault.name,
            secret_name=name,
            properties=keyvault.SecretPropertiesArgs(value=pulumi.Output.secret(value)),
            tags=dict(self._args.tags),
            opts=pulumi.ResourceOptions(parent=self._args.parent, deleted_with=vault),
        )


def _principal(identity: containerregistry.outputs.IdentityPropertiesResponse | None) -> str:
    """The principal of an identity that Azure made with its resource."""
    return principal(identity.principal_id if identity is not None else None, "credential set")


@dataclass(frozen=True)
class _Credentials:
    """Credentials that ACR may read."""

    set_: containerregistry.CredentialSet
    readable: authorization.RoleAssignment
