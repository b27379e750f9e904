"""The APIs of Google Cloud that a platform's project must have on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.gcp.node_machines import any_node_streams_images
from components.settings import GcpStack, SecurityPosture

FIRST: Final = "cloudresourcemanager"
"""What the provider reads a project by before it says of any other API that it is on.

Source: terraform-provider-google-beta 93c65b2, resource_google_project_service.go, read 2026-11-29.
"""
_ALWAYS: Final = (
    "artifactregistry",
    "cloudkms",
    "compute",
    "container",
    "iam",
    "iamcredentials",  # pods get their tokens there
    "logging",
    "monitoring",
)


class ProjectApis(pulumi.ComponentResource):
    """Turns on what the stack uses, and leaves it on when the stack goes: others in the project may use it too.

    Google takes some minutes to let an API be used that was off. Non-goals: Service Usage itself, which turns on the
    others and is on in every new project; quotas.
    """

    ready: Sequence[pulumi.Resource]

    def __init__(self, name: str, settings: GcpStack, opts: pulumi.ResourceOptions | None = None) -> None:
        """Turn the APIs on."""
        super().__init__("infraplatform:gcp:ProjectApis", name, None, opts)
        first = self._on(name, FIRST, settings)
        others = [self._on(name, api, settings, after=[first]) for api in needed_apis(settings)]
        self.ready = [first, *others]
        self.register_outputs({})

    def _on(
        self, name: str, api: str, settings: GcpStack, after: Sequence[pulumi.Resource] = ()
    ) -> gcp.projects.Service:
        return gcp.projects.Service(
            f"{name}-{api}",
            project=settings.provider.project,
            service=f"{api}.googleapis.com",
            disable_on_destroy=False,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )


def needed_apis(settings: GcpStack) -> list[str]:
    """What the stack's parts call, without `FIRST`, by the first part of the service's name.

    Images are streamed through an API of its own. Source: GKE documentation, "Use Image streaming to pull container
    images", requirements, read 2026-11-29.
    """
    cluster, registry, storage = settings.cluster, settings.registry, settings.storage
    chosen = {
        "binaryauthorization": cluster.binary_authorization,
        "containerfilesystem": any_node_streams_images(settings),
        "containerscanning": registry.scanning,
        "containersecurity": cluster.security_posture is not SecurityPosture.DISABLED,
        "file": storage.file is not None,
        "gkebackup": storage.backup is not None,
        "secretmanager": any(cache.credentials for cache in registry.pull_through.values()),
    }
    return sorted([*_ALWAYS, *(api for api, wanted in chosen.items() if wanted)])
