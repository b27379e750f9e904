"""What holds for the upgrade of every managed control plane, and how a change is refused at preview.

The pure functions say what is safe; a guard is a resource hook that also runs in previews.
"""

from __future__ import annotations

import pulumi

from components.errors import UnsafeChangeError


def refuse_version_skip(old: str, new: str) -> None:
    """Let a control plane stay on its minor or go to the next.

    Raises:
        UnsafeChangeError: `new` skips a minor, or is older.
    """
    (old_major, old_minor), (new_major, new_minor) = _numbers(old), _numbers(new)
    if (new_major, new_minor) < (old_major, old_minor):
        problem = f"cluster.version goes back from {old} to {new}, and control planes only go forward here"
        raise UnsafeChangeError(f"{problem}; write {old}, or build another cluster under another cluster.name")
    if (new_major, new_minor) > (old_major, old_minor + 1):
        next_minor = f"{old_major}.{old_minor + 1}"
        problem = f"cluster.version goes from {old} to {new}, and a control plane is upgraded one minor at a time"
        raise UnsafeChangeError(f"{problem}; write {next_minor} and run `pulumi up`, then the next")


def before_update(hook_name: str, guard: pulumi.ResourceHookFunction) -> pulumi.ResourceHookBinding:
    """Hooks that run `guard` before an update of their resource, also when it is only previewed."""
    hook = pulumi.ResourceHook(hook_name, guard, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])


def _numbers(minor_version: str) -> tuple[int, int]:
    major, minor = minor_version.split(".")
    return int(major), int(minor)
