"""Values that AKS computes inside objects which the program gives as inputs."""

from __future__ import annotations

from typing import cast

import pulumi

from components.errors import PlatformError


def computed(value: str | None, what: str) -> str:
    """`value`, which AKS gives for every cluster though the SDK's type says optional; unknown in a preview without it.

    Raises:
        PlatformError: the cluster stands, and AKS gave none.
    """
    if value:
        return value
    if pulumi.runtime.is_dry_run():  # an object given as input may come back without what the provider adds to it
        return cast("str", pulumi.UNKNOWN)
    raise PlatformError(f"AKS gave no {what} for the cluster")
