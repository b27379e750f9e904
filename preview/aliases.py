"""Which recorded resource a registered one continues: by its URN, by its own `aliases`, or by its parent's.

Source: pulumi/pkg v3.259.0 resource/deploy/step_generator.go (`getOldResource`, `generateAliases`), read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING

from preview import urn
from preview.plan import STACK_TYPE, Resource

if TYPE_CHECKING:
    from pulumi.runtime.proto.alias_pb2 import Alias


class OldResources:
    """The recorded resources, and which of them the program has claimed under another URN."""

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        self.by_urn = resources
        self._old_by_new: dict[str, str] = {}
        self._new_by_old: dict[str, str] = {}

    def find(
        self, resource: Resource, aliases: Sequence[Alias], registered: Container[str]
    ) -> tuple[Resource | None, str | None]:
        """Return the recorded resource that this one continues, and the alias under which it was found.

        Raises:
            AliasTaken: two registered resources claim the same recorded one.
        """
        if not self.by_urn:
            return None, None
        if resource.urn in self._new_by_old:
            claimed = self._new_by_old[resource.urn]
            raise AliasTaken(f"Duplicate resource URN {resource.urn!r}: {claimed!r} claims it as its alias")
        if resource.urn in self.by_urn:
            return self.by_urn[resource.urn], None
        alias = next((old for old in _alias_urns(resource, aliases, self._old_by_new) if old in self.by_urn), None)
        if alias is None:
            return None, None
        claimed = alias if alias in registered else self._new_by_old.get(alias)
        if claimed:
            raise AliasTaken(f"Duplicate resource alias {alias!r}: {claimed!r} has it already; remove one of the two")
        self._new_by_old[alias], self._old_by_new[resource.urn] = resource.urn, alias
        return self.by_urn[alias], alias

    def new_urn(self, old: str) -> str | None:
        """Return the URN under which the program registered the recorded resource `old`, where it is another one."""
        return self._new_by_old.get(old)


class AliasTaken(Exception):
    """Two resources of the program say that they were the same one."""


def possible(resource: Resource, aliases: Sequence[Alias], of_parent: Sequence[str]) -> tuple[str, ...]:
    """Return every URN that `resource` may continue where no record says which of them existed.

    Args:
        resource: the registered resource.
        aliases: its own `aliases`.
        of_parent: the URNs that its parent may continue.
    """
    if not aliases and not of_parent:
        return ()
    renamings: list[dict[str, str]] = [{}, *({resource.parent: old} for old in of_parent if resource.parent)]
    found = dict.fromkeys(old for renamed in renamings for old in _alias_urns(resource, aliases, renamed))
    return tuple(old for old in found if old != resource.urn)


def _alias_urns(resource: Resource, aliases: Sequence[Alias], renamed: Mapping[str, str]) -> list[str]:
    """Return every URN that `resource` may have had before, in the engine's order."""
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
    """Return a child's URN under its parent's old one.

    A name that began with the parent's name begins with the parent's old name there.
    """
    parent_name = urn.name_of(parent)
    if name.startswith(parent_name):
        name = urn.name_of(old_parent) + name.removeprefix(parent_name)
    return urn.make(urn.stack_of(old_parent), urn.project_of(old_parent), old_parent, type_, name)
