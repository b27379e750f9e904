"""Whether a plan that others wrote has the shape that its types promise."""

from __future__ import annotations

from collections.abc import Mapping

from preview import urn
from preview.plan import Plan, Resource


def check_sound(plan: Plan) -> None:
    """Raise where a field of a plan is not of its type; what is inside inputs and outputs may be anything.

    Raises:
        TypeError: a field is of another type.
        ValueError: a URN is none, or a resource is its own parent's parent.
    """
    for step in plan.steps:
        for resource in (step.old, step.new):
            if resource is not None:
                _check(resource)
    _check_parents({step.urn: step.resource.parent for step in plan.steps})
    for item in plan.diagnostics:
        if not isinstance(item.message, str) or not isinstance(item.urn, str | None):
            raise TypeError("a diagnostic's message or URN is no text")


def _check_parents(parents: Mapping[str, str | None]) -> None:
    """Raise where someone who climbs from parent to parent would climb for ever."""
    sound = set[str]()
    for start in parents:
        path = dict[str, None]()
        above: str | None = start
        while above in parents and above not in sound:
            if above in path:
                raise ValueError(f"{above}: is its own parent's parent")
            path[above] = None
            above = parents[above]
        sound.update(path)


def _check(resource: Resource) -> None:
    texts = (resource.urn, resource.type, resource.parent, resource.id, resource.provider, resource.deleted_with)
    if not isinstance(resource.urn, str) or not all(isinstance(text, str | None) for text in texts):
        raise TypeError("a resource's URN, type, parent, id or provider is no text")
    urn.name_of(resource.urn)
    if resource.provider:
        urn.name_of(urn.provider_urn(resource.provider))
    fed = [item for urns in resource.property_dependencies.values() for item in urns]
    lists = (*resource.dependencies, *resource.aliases, *resource.possible_aliases, *resource.replace_with, *fed)
    patterns = (*resource.ignore_changes, *resource.replace_on_changes)
    if not all(isinstance(text, str) for text in (*lists, *patterns)):
        raise TypeError(f"{resource.urn}: a list of texts holds something else")
    flags = (resource.custom, resource.protect, resource.retain_on_delete, resource.external)
    if not all(isinstance(flag, bool) for flag in flags):
        raise TypeError(f"{resource.urn}: an option is neither true nor false")
    if not isinstance(resource.type, str):
        raise TypeError(f"{resource.urn}: has no type")
