"""Values that GKE computes inside objects which the program gives as inputs."""

from __future__ import annotations

from typing import cast

import pulumi


def computed(value: str | None, what: str) -> str:
    """`value`, which GKE gives for every cluster though the SDK's type says optional; unknown in a preview without it.

    Raises:
        ValueError: the cluster stands, and GKE gave none.
    """
    if value:
        return value
    if pulumi.runtime.is_dry_run():  # an object given as input may come back without what the provider adds to it
        return cast("str", pulumi.UNKNOWN)
    raise ValueError(f"GKE gave no {what} for the cluster")
