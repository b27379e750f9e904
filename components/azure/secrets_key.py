"""The key that encrypts Kubernetes secrets in etcd, and the vault it is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import containerservice, keyvault, managedidentity

from components.azure.roles import assign_to_identity, role_definition
from components.settings import AksSecretsSettings, AzureProviderSettings, ProtectionSettings, VaultAccess

_CRYPTO_USER: Final = "12338af0-0e69-4776-bea7-57ae8d297424"
_KEY_VAULT_CONTRIBUTOR: Final = "f25e0fa2-a7cd-4377-a976-54943a77a395"
"""Built-in roles: to encrypt and decrypt; and for a private vault to approve the endpoint that AKS makes to it.

Source: AKS documentation, "Add KMS etcd encryption" (2024-09-26), read 2026-11-29.
"""
_RSA_BITS: Final = 3072


@dataclass(frozen=True, kw_only=True)
class SecretsKeyArgs:
    """The settings' key or what one's own is made from, and the identity that uses it."""

    settings: AksSecretsSettings
    provider: AzureProviderSettings
    identity: managedidentity.UserAssignedIdentity
    protection: ProtectionSettings
    resource_group_name: pulumi.Output[str]
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class SecretsKey:
    """What the cluster is told of the key, and what must stand before it may use it."""

    kms: containerservice.AzureKeyVaultKmsArgs
    rights: tuple[pulumi.Resource, ...]


def secrets_key(name: str, args: SecretsKeyArgs) -> SecretsKey:
    """Take the settings' key or make one, and let the control plane's identity use it.

    Keys are made by the resource manager, which a vault without a public address answers, too (known, not tried). Who
    deletes the key makes all secrets unreadable, so the vault keeps what is deleted for 90 days, whatever the settings.
    AKS can hold its keys itself in API versions after that of this SDK (`kubernetesResourceObjectEncryptionProfile`).
    """
    private = args.settings.vault_access is VaultAccess.PRIVATE
    key_url, vault_id = _existing(args.settings) or _own(name, args, private=private)
    roles = {"use": _CRYPTO_USER, **({"endpoint": _KEY_VAULT_CONTRIBUTOR} if private else {})}
    rights = tuple(
        assign_to_identity(
            f"{name}-{key}",
            args.identity,
            role_definition_id=role_definition(args.provider, role),
            scope=vault_id,
            parent=args.parent,
        )
        for key, role in roles.items()
    )
    kms = containerservice.AzureKeyVaultKmsArgs(
        enabled=True,
        key_id=key_url,
        key_vault_network_access="Private" if private else "Public",
        key_vault_resource_id=vault_id if private else None,
    )
    return SecretsKey(kms=kms, rights=rights)


def _existing(settings: AksSecretsSettings) -> tuple[pulumi.Input[str], pulumi.Input[str]] | None:
    if settings.key_url is None or settings.vault_id is None:
        return None
    return settings.key_url, settings.vault_id


def _own(name: str, args: SecretsKeyArgs, *, private: bool) -> tuple[pulumi.Input[str], pulumi.Input[str]]:
    """A key in a vault of the cluster's own, where roles alone say who may use it."""
    kept = pulumi.ResourceOptions(parent=args.parent, protect=args.protection.protect)
    vault = keyvault.Vault(
        name,
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=args.provider.tenant_id,
            sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            soft_delete_retention_in_days=90,
            enable_purge_protection=True,
            public_network_access="Disabled" if private else "Enabled",
        ),
        tags=dict(args.tags),
        opts=kept,
    )
    key = keyvault.Key(
        name,
        resource_group_name=args.resource_group_name,
        vault_name=vault.name,
        key_name="etcd",
        properties=keyvault.KeyPropertiesArgs(kty="RSA", key_size=_RSA_BITS),
        tags=dict(args.tags),
        opts=kept,
    )
    return key.key_uri_with_version, vault.id
