"""What a cloud makes of a plan: a value for everything that only the update tells."""

from __future__ import annotations

from typing import Any

from preview.changes import is_mapping, is_sequence
from preview.plan import UNKNOWN, Secret


def carried_out(planned: Any, recorded: Any, made: Any) -> Any:
    """Return `planned` with a known value in place of every unknown one.

    Args:
        planned: what a preview answered.
        recorded: what stands before the update; a number that is computed again becomes the next one.
        made: made-up values of the right shape; None where there is none, and then the key stays out.
    """
    if planned is UNKNOWN:
        is_number = isinstance(recorded, int | float) and not isinstance(recorded, bool)
        return recorded + 1 if is_number else made
    if isinstance(planned, Secret):
        return Secret(carried_out(planned.value, recorded.value if isinstance(recorded, Secret) else recorded, made))
    if is_mapping(planned):
        known = {key: carried_out(item, _in(recorded, key), _in(made, key)) for key, item in planned.items()}
        return {key: value for key, value in known.items() if value is not None or planned[key] is not UNKNOWN}
    if is_sequence(planned):
        return [carried_out(item, _at(recorded, index), _at(made, 0)) for index, item in enumerate(planned)]
    return planned


def _in(value: Any, key: str) -> Any:
    return value.get(key) if is_mapping(value) else None


def _at(value: Any, index: int) -> Any:
    return value[index] if is_sequence(value) and index < len(value) else None
