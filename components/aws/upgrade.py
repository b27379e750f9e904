"""What EKS would refuse, or breaks what stands, refused at preview: guards see old and new inputs before an update.

The pure functions say what is safe; the guards are resource hooks that also run in previews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi

from components.errors import UnsafeChangeError
from components.upgrades import before_update, refuse_version_skip

ZONES_TAG: Final = "infraplatform-control-plane-zones"
"""Tag of the cluster that remembers its control plane's zones: the inputs hold subnet ids, which do not say them."""


def zones_tag(zones: Sequence[str]) -> str:
    """The value of `ZONES_TAG`: zone letters in alphabetical order, by spaces, as tags take no commas."""
    return " ".join(sorted(zones))


def refuse_other_zones(old: str, new: str) -> None:
    """Let a control plane keep its zones, each given as the value of `ZONES_TAG`.

    Raises:
        UnsafeChangeError: the zones differ.
    """
    if set(old.split()) != set(new.split()):
        before, after = ", ".join(old.split()), ", ".join(new.split())
        problem = f"cluster.zones goes from {before} to {after}, and EKS fixes them at the cluster's creation"
        raise UnsafeChangeError(
            f"{problem}; write {before} (node groups may use other zones), or build another cluster under another"
            " cluster.name"
        )


def refuse_sizes_beyond_live_count(group: str, *, live: int, min_nodes: int, max_nodes: int) -> None:
    """Let a physical node group have limits around its live count, which belongs to the autoscaler.

    `group` is its logical name: `node-group-general-a`.

    Raises:
        UnsafeChangeError: EKS would refuse the update, as the live count is below the minimum or above the maximum.
    """
    if min_nodes <= live <= max_nodes:
        return
    limit = f"at least {min_nodes}" if live < min_nodes else f"at most {max_nodes}"
    wanted = min_nodes if live < min_nodes else max_nodes
    raise UnsafeChangeError(
        f"{group} is to have {limit} nodes and has {live}, and EKS refuses limits that the live count lies"
        f" outside of; scale it to {wanted} first (aws eks update-nodegroup-config --scaling-config"
        f" desiredSize={wanted}), then run `pulumi up` again"
    )


def control_plane_guard(name: str) -> pulumi.ResourceHookBinding:
    """Hooks for the cluster of this logical name: no version skip, no downgrade, no other zones."""

    def guard(args: pulumi.ResourceHookArgs) -> None:
        old, new = args.old_inputs or {}, args.new_inputs or {}
        versions = old.get("version"), new.get("version")
        if isinstance(versions[0], str) and isinstance(versions[1], str):
            refuse_version_skip(versions[0], versions[1])
        zones = _tag(old, ZONES_TAG), _tag(new, ZONES_TAG)
        if zones[0] is not None and zones[1] is not None:
            refuse_other_zones(zones[0], zones[1])

    return before_update(f"{name}-control-plane-guard", guard)


def node_group_guard(name: str) -> pulumi.ResourceHookBinding:
    """Hooks for physical node groups: no limits that the live count lies outside of.

    One serves all groups of a stack: for each hook that a program makes at once, the SDK starts a server of its own.
    """

    def guard(args: pulumi.ResourceHookArgs) -> None:
        live = _scaling(args.old_outputs).get("desiredSize", _scaling(args.old_inputs).get("desiredSize"))
        limits = _scaling(args.new_inputs)
        min_nodes, max_nodes = limits.get("minSize"), limits.get("maxSize")
        if live is not None and min_nodes is not None and max_nodes is not None:
            refuse_sizes_beyond_live_count(args.name, live=live, min_nodes=min_nodes, max_nodes=max_nodes)

    return before_update(f"{name}-sizes-guard", guard)


def _tag(properties: Mapping[str, Any], key: str) -> str | None:
    tags = properties.get("tags")
    value = tags.get(key) if isinstance(tags, Mapping) else None
    return value if isinstance(value, str) else None


def _scaling(properties: Mapping[str, Any] | None) -> dict[str, int]:
    """The known numbers of a node group's scaling configuration; protobuf gives them as floats."""
    config = (properties or {}).get("scalingConfig")
    if not isinstance(config, Mapping):
        return {}
    return {str(key): int(value) for key, value in config.items() if isinstance(value, int | float)}
