"""What an AKS cluster may be: its choices, and what AKS Automatic leaves of them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from enum import StrEnum
from typing import Final

from components.settings.base import Fault


class AksTier(StrEnum):
    """What is paid for the control plane."""

    FREE = "free"
    STANDARD = "standard"
    PREMIUM = "premium"


class AksSupport(StrEnum):
    """How long Microsoft supports the cluster's minor."""

    STANDARD = "standard"
    LONG_TERM = "long-term"


class AksMode(StrEnum):
    """Who makes the nodes: node groups, or AKS."""

    STANDARD = "standard"
    AUTOMATIC = "automatic"


class AksAutoscaler(StrEnum):
    """What makes and removes nodes in a standard cluster."""

    CLUSTER_AUTOSCALER = "cluster-autoscaler"
    NODE_AUTO_PROVISIONING = "node-auto-provisioning"
    NONE = "none"


class UpgradeChannel(StrEnum):
    """What of Kubernetes AKS upgrades by itself."""

    NONE = "none"
    PATCH = "patch"
    STABLE = "stable"
    RAPID = "rapid"
    NODE_IMAGE = "node-image"


class NodeOsChannel(StrEnum):
    """How the nodes' operating system is kept up to date."""

    NONE = "none"
    UNMANAGED = "unmanaged"
    NODE_IMAGE = "node-image"
    SECURITY_PATCH = "security-patch"


OF_AUTOMATIC: Final = (
    "autoscaler",
    "image_cleaner_hours",
    "max_pods_per_node",
    "node_os_channel",
    "support",
    "upgrade_channel",
)
"""Settings that AKS Automatic decides by itself.

Source: Azure verified module for AKS, locals.resource_body.tf, the properties it sends with that SKU, read 2026-11-29;
that AKS refuses others' values is known, not read.
"""


def automatic_faults(written: Set[str], tier: AksTier) -> Iterator[Fault]:
    """A fault for each setting that is AKS Automatic's own."""
    for name in OF_AUTOMATIC:
        if name in written:
            yield Fault((name,), "is AKS Automatic's own choice", "remove it, or write mode: standard")
    if "tier" in written and tier is not AksTier.STANDARD:
        yield Fault(("tier",), f"is {tier.value}, and AKS Automatic has the standard tier alone", "remove it")
    if written & {"api_server_vnet_integration"}:
        problem = "is always on in AKS Automatic"
        yield Fault(("api_server_vnet_integration",), problem, "remove it, or write mode: standard")
