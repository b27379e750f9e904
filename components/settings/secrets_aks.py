"""`infraplatform:cluster.secrets` on AKS: the key that encrypts Kubernetes secrets in etcd, and its vault."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from components.settings.base import Fault, Settings, rule
from components.settings.values import matching

VaultKeyUrl = Annotated[
    str,
    matching(
        r"^https://[a-z0-9-]{3,24}\.vault\.azure\.net/keys/[A-Za-z0-9-]{1,127}/[0-9a-f]{32}$",
        "a key's URL with its version: https://<vault>.vault.azure.net/keys/<key>/<version>",
        examples=["https://central.vault.azure.net/keys/aks/0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d"],
    ),
]
VaultId = Annotated[
    str,
    matching(
        r"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[A-Za-z0-9-]{3,24}$",
        "a key vault's resource id",
        examples=[
            "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/central"
        ],
    ),
]


class VaultAccess(StrEnum):
    """From where the key vault is reached."""

    PRIVATE = "private"
    PUBLIC = "public"


class AksSecretsSettings(Settings):
    """How Kubernetes secrets are encrypted: always, by a key in a key vault.

    A vault whose firewall lets some networks in serves no cluster: it is open to all networks, guarded by roles alone,
    or has no public address. Source: AKS documentation, "Add KMS etcd encryption" (2024-09-26), read 2026-11-29.
    """

    vault_access: VaultAccess = VaultAccess.PRIVATE
    """private: the vault answers by AKS's private endpoint alone; public: to any network. Fixed at creation."""
    key_url: VaultKeyUrl | None = None
    """An existing key, with its version; left out: a key of the cluster's own."""
    vault_id: VaultId | None = None
    """The existing key's vault, which allows roles (RBAC); with key_url only."""

    @property
    def needs_vnet_integration(self) -> bool:
        """Whether the API server must stand in the network to reach the vault. Same source."""
        return self.vault_access is VaultAccess.PRIVATE

    @rule
    def a_key_and_its_vault_come_together(self) -> Iterator[Fault]:
        """The cluster's identity gets its right on the vault, so both are needed."""
        if self.key_url is not None and self.vault_id is None:
            yield Fault(("vault_id",), "is missing with key_url", "write the resource id of the key's vault")
        if self.vault_id is not None and self.key_url is None:
            yield Fault(("key_url",), "is missing with vault_id", "write the key's URL with its version")
        if self.key_url is not None and self.vault_id is not None:
            vault = self.vault_id.rpartition("/")[2].lower()
            if not self.key_url.startswith(f"https://{vault}."):
                yield Fault(("vault_id",), f"is {vault}, which does not hold that key", "write the key's own vault")
