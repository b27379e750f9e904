"""The rights of Google's services to encrypt with the keys that the settings name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.errors import PlatformError
from components.settings import (
    ArtifactRegistrySettings,
    GcpProviderSettings,
    GcpStorageSettings,
    GkeClusterSettings,
    NodeGroupSettings,
)

_DOMAINS: Final[Mapping[str, str]] = {
    "disks": "compute-system",
    "files": "cloud-filer",
    "images": "gcp-sa-artifactregistry",
    "backups": "gcp-sa-gkebackup",
}
"""Where the agents' addresses lie, `service-<number>@<this>.iam.gserviceaccount.com`, by what they encrypt.

Source: cloud-foundation-fabric, modules/project/service-agents.yaml, commit 0da839c, read 2026-11-29.
"""
_ASKED_FOR: Final[Mapping[str, str]] = {"files": "file", "backups": "gkebackup"}
"""The services whose agents a project may not have yet though their API is on; IAM takes no grant to nobody.

Compute Engine makes its agent with its API, and Artifact Registry's is always asked for. Source: public runbooks on
`gcp-sa-gkebackup ... does not exist`, read 2026-11-29.
"""


@dataclass(frozen=True, kw_only=True)
class KeyGrantsArgs:
    """The settings that may name keys."""

    provider: GcpProviderSettings
    cluster: GkeClusterSettings
    node_groups: Mapping[str, NodeGroupSettings]
    registry: ArtifactRegistrySettings
    storage: GcpStorageSettings


class KeyGrants(pulumi.ComponentResource):
    """One grant for each key and service that encrypts with it, however many parts name the key.

    In one place because a grant has no owner: were two parts to make the same one, the first that goes would take it
    from the other. The cluster's key for secrets is the cluster's own affair.
    """

    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: KeyGrantsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the grants."""
        super().__init__("infraplatform:gcp:KeyGrants", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        known = gcp.projects.ServiceIdentity(
            f"{name}-agent", service="artifactregistry.googleapis.com", project=args.provider.project, opts=child
        )
        keys = keys_by_use(args)
        agents = {
            use: gcp.projects.ServiceIdentity(
                f"{name}-agent-{use}", service=f"{service}.googleapis.com", project=args.provider.project, opts=child
            )
            for use, service in _ASKED_FOR.items()
            if use in dict(keys)
        }
        self.ready = [
            gcp.kms.CryptoKeyIAMMember(
                f"{name}-{use}-{logical_part(key)}",
                crypto_key_id=key,
                role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
                member=known.email.apply(partial(agent_of, use)),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[agents[use]] if use in agents else None),
            )
            for use, key in keys
        ]
        self.register_outputs({})


def keys_by_use(args: KeyGrantsArgs) -> list[tuple[str, str]]:
    """What is encrypted with which key, each pair once, in a stable order."""
    storage = args.storage
    named = {("disks", group.gcp.disk_key) for group in args.node_groups.values()}
    named |= {("disks", storage.block.key), ("disks", args.cluster.disk_key), ("images", args.registry.key)}
    named |= {("files", storage.file.key if storage.file else None)}
    named |= {("backups", storage.backup.key if storage.backup else None)}
    return sorted((use, key) for use, key in named if key is not None)


def logical_part(key: str) -> str:
    """The part of a logical name that stands for a key; no two keys share one."""
    _, project, _, location, _, ring, _, name = key.split("/")
    return "--".join((project, location, ring, name))


def agent_of(use: str, known: str) -> str:
    """The agent that encrypts `use`, as IAM names members, by the address of another agent of the same project.

    Raises:
        PlatformError: that address is not a service agent's, so the project's number is unknown.
    """
    number = known.partition("@")[0].removeprefix("service-")
    if not number.isdigit():
        raise PlatformError(f"{known!r} is not a service agent's address, so the project's number is unknown")
    return f"serviceAccount:service-{number}@{_DOMAINS[use]}.iam.gserviceaccount.com"
