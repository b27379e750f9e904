"""Earlier URNs of a resource: from its own `aliases` and from its parent's.

Source: pulumi/pkg v3.259.0 resource/deploy/step_generator.go (`generateAliases`), read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from preview import urn
from preview.plan import STACK_TYPE, Resource

if TYPE_CHECKING:
    from pulumi.runtime.proto.alias_pb2 import Alias


def alias_urns(resource: Resource, aliases: Sequence[Alias], renamed: Mapping[str, str]) -> list[str]:
    """Return every URN that `resource` may have had before, in the engine's order.

    Args:
        resource: the resource as it is registered now.
        aliases: what the program declared for it.
        renamed: the old URN of each resource of this run that was found under an alias.
    """
    parent = resource.parent
    own = [_own_urn(resource, alias, renamed) for alias in aliases]
    found = dict.fromkeys(own)
    if parent and parent in renamed:
        old_parent = renamed[parent]
        found[_inherited(resource.type, resource.name, parent, old_parent)] = None
        for old in own:
            found[_inherited(urn.type_of(old), urn.name_of(old), parent, old_parent)] = None
    return list(found)


def _own_urn(resource: Resource, alias: Alias, renamed: Mapping[str, str]) -> str:
    if alias.WhichOneof("alias") == "urn":
        return alias.urn
    spec = alias.spec
    parent = spec.parentUrn
    parent = renamed.get(parent, parent) if parent else (resource.parent or "")
    if spec.noParent or (parent and urn.qualified_type(parent) == STACK_TYPE):
        parent = ""
    stack, project = spec.stack or urn.stack_of(resource.urn), spec.project or urn.project_of(resource.urn)
    return urn.make(stack, project, parent or None, spec.type or resource.type, spec.name or resource.name)


def _inherited(type_: str, name: str, parent: str, old_parent: str) -> str:
    """Return a child's URN under its parent's old one; a name that began with the parent's name begins with the old name."""
    parent_name = urn.name_of(parent)
    if name.startswith(parent_name):
        name = urn.name_of(old_parent) + name.removeprefix(parent_name)
    return urn.make(urn.stack_of(old_parent), urn.project_of(old_parent), old_parent, type_, name)
