"""The changed properties of a step, each with its old and new value: what `--diff` adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preview.changes import is_mapping, is_sequence
from preview.look import STYLES, SYMBOLS, Paint, shown
from preview.paths import parse_path
from preview.plan import Secret, Step
from preview.urn import display_type


def differences(step: Step, paint: Paint) -> str:
    """Return the changed properties of one step, each with its old and new value."""
    if not step.changes or step.old is None or step.new is None:
        return ""
    lines = [f"{SYMBOLS[step.operation]}{display_type(step.resource.type)} ({step.resource.name}):"]
    for path, change in step.changes.items():
        old, new = (shown(shown_at(resource.inputs, path)) for resource in (step.old, step.new))
        replaces = " (replaces)" if change.value.endswith("-replace") else ""
        lines.append(f"    {paint(path, STYLES[step.operation])}: {old} => {new}{replaces}")
    return "\n".join(lines) + "\n"


def shown_at(values: Mapping[str, Any], path: str) -> Any:
    """Return what is at `path`: None where nothing is, and the secret for what lies inside one."""
    found: Any = values
    for key in parse_path(path):
        if isinstance(found, Secret):
            return found
        if is_mapping(found) and isinstance(key, str):
            found = found.get(key)
        elif is_sequence(found) and isinstance(key, int) and key < len(found):
            found = found[key]
        else:
            return None
    return found
