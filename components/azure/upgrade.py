"""What AKS would refuse of an upgrade, refused at preview.

A guard sees old and new inputs before an update; it is a resource hook that also runs in previews.
"""

from __future__ import annotations

import pulumi

from components.upgrades import before_update, refuse_version_skip


def minor(version: str) -> str:
    """The minor of a version: AKS writes the patch into it when it brings one (`1.35.4`)."""
    return ".".join(version.split(".")[:2])


def control_plane_guard(name: str) -> pulumi.ResourceHookBinding:
    """Hooks for the cluster of this logical name: no version skip, no downgrade.

    Where AKS raises the minor by itself (`upgrade_channel`), the old version is what the refresh before each update
    found, and the settings' older one is a downgrade until they say the new one.
    """

    def guard(args: pulumi.ResourceHookArgs) -> None:
        versions = (args.old_inputs or {}).get("kubernetesVersion"), (args.new_inputs or {}).get("kubernetesVersion")
        if isinstance(versions[0], str) and isinstance(versions[1], str):
            refuse_version_skip(minor(versions[0]), minor(versions[1]))

    return before_update(f"{name}-control-plane-guard", guard)
