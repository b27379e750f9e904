"""What was recorded before: the resources of a state or of an earlier plan, which a new preview is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from preview.plan import Resource


class RecordKind(StrEnum):
    """A state holds what exists, with its outputs; a plan only what a program once asked for."""

    STATE = "state"
    PLAN = "plan"


@dataclass(frozen=True, kw_only=True)
class Record:
    """The resources that stood, in dependency order, and what an interrupted update left behind in a state."""

    kind: RecordKind
    resources: Mapping[str, Resource] = field(default_factory=dict[str, Resource])
    awaiting_deletion: tuple[Resource, ...] = ()
    awaiting_replacement: frozenset[str] = frozenset()
    with_init_errors: frozenset[str] = frozenset()
    replacement_triggers: Mapping[str, object] = field(default_factory=dict[str, object])
