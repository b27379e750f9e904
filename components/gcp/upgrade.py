"""What GKE would refuse, or do otherwise than the settings say, refused at preview.

A guard sees old and new inputs before an update; it is a resource hook that also runs in previews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.errors import UnsafeChangeError
from components.upgrades import before_update, refuse_version_skip


def refuse_other_zones(old: Sequence[str], new: Sequence[str]) -> None:
    """Let a Standard cluster keep its nodes' zones, which are full names.

    Changing them would change every pool's, also of pools whose zones the settings name: GKE adds and removes their
    nodes at once. Source: GKE API, ClusterUpdate.desiredLocations, read 2026-11.

    Raises:
        UnsafeChangeError: the zones differ.
    """
    if set(old) != set(new):
        before, after = (", ".join(sorted(name.rpartition("-")[2] for name in names)) for names in (old, new))
        problem = f"cluster.zones goes from {before} to {after}, and GKE would move the nodes of every group at once"
        raise UnsafeChangeError(f"{problem}; write {before}, and other zones in the node groups")


def refuse_one_family_less(old: object, new: object) -> None:
    """Let a cluster with IPv6 addresses keep them: its subnet, which changes before it, cannot lose what it uses.

    Raises:
        UnsafeChangeError: the addresses would go.
    """
    if (old, new) == ("IPV4_IPV6", "IPV4"):
        problem = "the network's dual_stack goes from true to false, and the cluster's nodes have IPv6 addresses"
        raise UnsafeChangeError(f"{problem}; write true, or build another cluster in another network")


def control_plane_guard(name: str) -> pulumi.ResourceHookBinding:
    """Hooks for the cluster of this logical name: no version skip or downgrade, no other zones, no addresses less.

    A downgrade must not reach the provider: it lets a lower version pass and changes nothing. Source:
    terraform-provider-google-beta, resource_container_cluster.go, commit 93c65b2, read 2026-11-23.
    """

    def guard(args: pulumi.ResourceHookArgs) -> None:
        old, new = args.old_inputs or {}, args.new_inputs or {}
        versions = old.get("minMasterVersion"), new.get("minMasterVersion")
        if isinstance(versions[0], str) and isinstance(versions[1], str):
            refuse_version_skip(versions[0], versions[1])
        zones = _texts(old.get("nodeLocations")), _texts(new.get("nodeLocations"))
        if zones[0] and zones[1] and new.get("enableAutopilot") is not True:
            refuse_other_zones(zones[0], zones[1])
        refuse_one_family_less(_stack_type(old), _stack_type(new))

    return before_update(f"{name}-control-plane-guard", guard)


def _stack_type(inputs: Mapping[str, Any]) -> object:
    policy = inputs.get("ipAllocationPolicy")
    return policy.get("stackType") if isinstance(policy, Mapping) else None


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, (list, tuple)) else []
