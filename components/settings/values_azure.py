"""Whole ids of Azure resources that several parts take, each of one type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from components.settings.base import Fault
from components.settings.values import matching

_GROUP: Final = r"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[A-Za-z0-9_.()-]{1,90}/providers/"
_EXAMPLE: Final = "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/resourceGroups/shared/providers/"

KeyVaultKeyId = Annotated[
    str,
    matching(
        _GROUP + r"Microsoft\.KeyVault/vaults/[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]/keys/[A-Za-z0-9-]{1,127}$",
        "a key's whole id, /subscriptions/.../Microsoft.KeyVault/vaults/<vault>/keys/<key>, without a version",
        examples=[_EXAMPLE + "Microsoft.KeyVault/vaults/platform-keys/keys/images"],
    ),
]
"""A key in a vault with Azure role-based access control and purge protection; its newest version is used."""
DiskEncryptionSetId = Annotated[
    str,
    matching(
        _GROUP + r"Microsoft\.Compute/diskEncryptionSets/[A-Za-z0-9_-]{1,80}$",
        "a disk encryption set's whole id, /subscriptions/.../Microsoft.Compute/diskEncryptionSets/<name>",
        examples=[_EXAMPLE + "Microsoft.Compute/diskEncryptionSets/platform"],
    ),
]
PrivateDnsZoneId = Annotated[
    str,
    matching(
        _GROUP + r"Microsoft\.Network/privateDnsZones/[a-z0-9.-]+$",
        "a private DNS zone's whole id, /subscriptions/.../Microsoft.Network/privateDnsZones/<zone>",
        examples=[_EXAMPLE + "Microsoft.Network/privateDnsZones/privatelink.azurecr.io"],
    ),
]


def key_url(key_id: str) -> str:
    """Where a vault answers for its key: `https://<vault>.vault.azure.net/keys/<key>`."""
    *_, vault, _, key = key_id.split("/")
    return f"https://{vault}.vault.azure.net/keys/{key}"


def zone_faults(zone_id: str | None, wanted: str) -> Iterator[Fault]:
    """A fault where a zone is not of the name that Azure looks up."""
    zone = (zone_id or "").rpartition("/")[2]
    if zone and zone != wanted:
        yield Fault(("private_dns_zone",), f"is zone {zone}", f"write the id of a zone {wanted}")
