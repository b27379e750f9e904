"""What a program wants of one resource: the registration after inheritance, transforms and provider resolution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from preview.plan import Resource

if TYPE_CHECKING:
    from pulumi.runtime.proto.alias_pb2 import Alias


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A registered resource with what only the engine needs of it.

    `protect`, `retain_on_delete` and `deleted_with` keep the difference between "no" and "not said", which children
    inherit.
    """

    resource: Resource
    aliases: tuple[Alias, ...] = ()
    protect: bool | None = None
    retain_on_delete: bool | None = None
    providers: Mapping[str, str] = field(default_factory=dict[str, str])  # references by package, for children
    import_id: str = ""
    remote: bool = False


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What the program is told: the URN, the id where it is known, and the outputs that are."""

    urn: str
    id: str | None = None
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    failed: bool = False
