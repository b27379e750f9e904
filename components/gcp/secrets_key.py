"""The key that wraps the keys of Kubernetes secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.settings import GcpProviderSettings, ProtectionSettings
from components.tags import labels

ROTATION: Final = "7776000s"
"""90 days, which CIS asks for. Source: CIS Google Cloud Foundations, 1.10, read 2026-11."""


@dataclass(frozen=True, kw_only=True)
class SecretsKeyArgs:
    """What a key of one's own is made from."""

    provider: GcpProviderSettings
    protection: ProtectionSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class SecretsKey:
    """A key, and what must stand before GKE may use it."""

    name: pulumi.Output[str]
    rights: tuple[pulumi.Resource, ...]


def secrets_key(name: str, args: SecretsKeyArgs) -> SecretsKey:
    """Make the key and let GKE's own service agent of the project use it.

    The agent is named by the project's number, which no setting and no other resource tells: `ServiceIdentity` asks
    for it when it is made, and makes the agent where the project never had a cluster. A key ring stays for ever;
    Google Cloud deletes none, and its autonamed name is in nobody's way.
    """
    child = pulumi.ResourceOptions(parent=args.parent)
    kept = pulumi.ResourceOptions(parent=args.parent, protect=args.protection.protect)
    ring = gcp.kms.KeyRing(name, project=args.provider.project, location=args.provider.region, opts=kept)
    key = gcp.kms.CryptoKey(
        name,
        key_ring=ring.id,
        purpose="ENCRYPT_DECRYPT",
        rotation_period=ROTATION,
        labels=labels(args.tags),
        opts=kept,
    )
    agent = gcp.projects.ServiceIdentity(
        f"{name}-agent", project=args.provider.project, service="container.googleapis.com", opts=child
    )
    use = gcp.kms.CryptoKeyIAMMember(
        f"{name}-use",
        crypto_key_id=key.id,
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=agent.member,
        opts=child,
    )
    return SecretsKey(name=key.id, rights=(use,))
