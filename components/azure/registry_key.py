"""A key of one's own for a registry's images: the identity that uses it, and its right to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import containerregistry, managedidentity

from components.azure.roles import assign_to_identity, role_definition
from components.settings import AcrRegistrySettings, AzureProviderSettings
from components.settings.values_azure import key_url

_ENCRYPTION_USER: Final = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
"""Role Key Vault Crypto Service Encryption User. Source: Azure documentation, built-in roles, known, not read."""


@dataclass(frozen=True, kw_only=True)
class ImagesKey:
    """What a registry says of its key, and what it waits for."""

    identity: containerregistry.IdentityPropertiesArgs
    encryption: containerregistry.EncryptionPropertyArgs
    ready: Sequence[pulumi.Resource]


def images_key(
    name: str,
    provider: AzureProviderSettings,
    resource_group_name: pulumi.Output[str],
    settings: AcrRegistrySettings,
    tags: Mapping[str, str],
    parent: pulumi.Resource,
) -> ImagesKey | None:
    """Make the identity and its right to encrypt; None where Microsoft's own key encrypts.

    The key has no version here, so images follow its rotation. Source: MicrosoftDocs/azure-docs, tutorials of
    customer-managed keys for ACR, known, not read.
    """
    if settings.key is None:
        return None
    identity = managedidentity.UserAssignedIdentity(
        name,
        resource_group_name=resource_group_name,
        location=provider.region,
        tags=dict(tags),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    right = assign_to_identity(
        name,
        identity,
        role_definition_id=role_definition(provider, _ENCRYPTION_USER),
        scope=settings.key,
        parent=parent,
    )
    return ImagesKey(
        identity=containerregistry.IdentityPropertiesArgs(
            type=containerregistry.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=identity.id.apply(_one)
        ),
        encryption=containerregistry.EncryptionPropertyArgs(
            status="enabled",
            key_vault_properties=containerregistry.KeyVaultPropertiesArgs(
                identity=identity.client_id, key_identifier=key_url(settings.key)
            ),
        ),
        ready=(right,),
    )


def _one(identity_id: str) -> dict[str, containerregistry.UserIdentityPropertiesArgs]:
    return {identity_id: containerregistry.UserIdentityPropertiesArgs()}
