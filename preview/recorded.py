"""What was recorded before: the resources of a state or of an earlier plan, which a new preview is compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from preview import digest
from preview.errors import PreviewError
from preview.plan import Resource
from preview.resource_json import resource_from_json


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


def read(path: Path) -> Record:
    """Read a state or an earlier plan; which one it is shows in the file.

    Raises:
        PreviewError: the file is missing or neither.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PreviewError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise PreviewError(f"{path}: is not JSON: {error}") from error
    fields = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    try:
        if "deployment" in fields:
            return from_state(fields)
        if "steps" in fields or "changeSummary" in fields:
            resources = digest.from_json(fields).resources
            return Record(kind=RecordKind.PLAN, resources={resource.urn: resource for resource in resources})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PreviewError(f"{path}: is not as the CLI writes it: {type(error).__name__}: {error}") from error
    raise PreviewError(f"{path}: is neither a state nor a plan; write one with `pulumi stack export` or `--json`")


def from_state(export: Mapping[str, Any]) -> Record:
    """Return the resources of a `pulumi stack export`."""
    entries: list[dict[str, Any]] = (export.get("deployment") or {}).get("resources") or []
    live = [entry for entry in entries if not entry.get("delete")]
    return Record(
        kind=RecordKind.STATE,
        resources={entry["urn"]: resource_from_json(entry) for entry in live},
        awaiting_deletion=tuple(resource_from_json(entry) for entry in entries if entry.get("delete")),
        awaiting_replacement=frozenset(entry["urn"] for entry in live if entry.get("pendingReplacement")),
        with_init_errors=frozenset(entry["urn"] for entry in live if entry.get("initErrors")),
    )
