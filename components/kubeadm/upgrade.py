"""What must not be done to a node in place, refused at preview by a hook that sees the old and the new version."""

from __future__ import annotations

import shlex
from typing import Any

import pulumi

from components.errors import UnsafeChangeError
from components.kubeadm.program import PROGRAM
from components.upgrades import before_update


def refuse_version_change(node: str, old: str, new: str) -> None:
    """Let a node stay at its version.

    Raises:
        UnsafeChangeError: the versions differ; `pulumi up` does not upgrade kubeadm nodes yet.
    """
    if old != new:
        problem = f"{node}: cluster.version goes from {old} to {new}, and nodes are not upgraded by `pulumi up` yet"
        raise UnsafeChangeError(f"{problem}; write {old}")


def member_guard(name: str) -> pulumi.ResourceHookBinding:
    """Hooks for the members of all nodes."""

    def guard(args: pulumi.ResourceHookArgs) -> None:
        old, new = version_in(args.old_inputs), version_in(args.new_inputs)
        if old is not None and new is not None:
            refuse_version_change(args.name.removesuffix("-member"), old, new)

    return before_update(f"{name}-member-guard", guard)


def version_in(inputs: Any) -> str | None:
    """The version that a member's command names; None where it is not known."""
    command = (inputs or {}).get("create")
    if not isinstance(command, str):
        return None
    words = shlex.split(command)
    place = words.index(PROGRAM) if PROGRAM in words else len(words)
    return words[place + 2] if words[place + 1 : place + 2] == ["member"] else None
