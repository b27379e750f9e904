"""What tests ask of a stack's state."""

from __future__ import annotations

from preview.plan import Resource
from preview.recorded import Record


def of_type(state: Record, token: str) -> list[Resource]:
    """All resources of one type."""
    return [resource for resource in state.resources.values() if resource.type == token]


def by_output(state: Record, token: str, output: str = "id") -> dict[str, Resource]:
    """All resources of one type by one of their outputs, or by their id."""
    return {str(item.id if output == "id" else item.outputs[output]): item for item in of_type(state, token)}
