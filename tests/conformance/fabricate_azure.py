"""The shapes of what Azure computes, where programs look at them; see `fabricate.py`."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Mapping
from typing import Any, Final

SUBSCRIPTION: Final = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
GROUP: Final = "platform-1a2b3c4d"
REGION: Final = "westeurope"
ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "azure-native:kubernetesconfiguration:Extension": ("aksAssignedIdentity",),
}
"""Outputs that the SDK calls optional and Azure gives without being asked, by type."""
_NAMESPACE: Final = uuid.UUID(SUBSCRIPTION)
_GUIDS: Final = ("clientId", "principalId", "objectId", "tenantId", "customerId", "resourceGuid")


def identifier(name: str, type_token: str) -> str:
    """A resource's whole id, by its made-up name and its type, such as `azure-native:network:Subnet`."""
    _, service, kind = type_token.split(":")
    if kind == "ResourceGroup":
        return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}"
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.{service}/{kind}/{name}"


def besides(name: str, type_token: str) -> dict[str, Any]:
    """What Azure answers of a resource beside what its SDK's types demand: the identity that AKS makes for nodes."""
    if type_token != "azure-native:containerservice:ManagedCluster":
        return {}
    made = {"clientId": "", "objectId": ""}
    kubelet = {key: text(name, ("containerservice", "identityProfile", "kubeletidentity", key)) for key in made}
    return {"identityProfile": {"kubeletidentity": kubelet}}


def text(name: str, path: tuple[str, ...]) -> str | None:
    """The text of a computed property, or None where its shape does not matter.

    Args:
        name: the resource's made-up physical name.
        path: the property's place, with the service first, such as `("containerservice", "fqdn")`.
    """
    last = path[-1]
    if last in _GUIDS:
        return str(uuid.uuid5(_NAMESPACE, f"{name}-{'-'.join(path[1:])}"))
    if last == "location":
        return REGION
    if last in ("fqdn", "privateFQDN", "azurePortalFQDN"):
        return f"{name}-{zlib.crc32(last.encode()):08x}.hcp.{REGION}.azmk8s.io"
    if last == "ipAddress":
        return f"203.0.113.{zlib.crc32(name.encode()) % 256}"  # RFC 5737
    return None
