"""`infraplatform:cluster.upgrade` by kubeadm: how nodes follow a new version."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.settings.base import Settings


class KubeadmUpgradeSettings(Settings):
    """How nodes follow a new version; control planes always go one at a time, and first."""

    max_unavailable: Annotated[int, Field(ge=1, le=100)] = 1
    """Workers that are upgraded at a time."""
    drain_minutes: Annotated[int, Field(ge=1, le=240)] = 10
    """How long a node's pods may take to move elsewhere; after that `up` stops, and the next one goes on."""
