"""A plan as the JSON of `pulumi preview --json --show-sames` and back, and states as `pulumi stack export` writes them.

Secrets are masked and unknowns are the engine's placeholder, so what is written may be shown. Beyond the CLI's own keys a resource
has `deleteBeforeReplace`, which only a program knows, and an operation may be `may-change`.
Source: pulumi/pkg v3.259.0 display/json.go, sdk go/common/apitype/core.go, read 2026-11-23.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from preview import urn
from preview.durations import duration_seconds, seconds_text
from preview.errors import PreviewError
from preview.plan import (
    STACK_TYPE,
    Diagnostic,
    Operation,
    Plan,
    PropertyChange,
    Resource,
    Severity,
    SourcePosition,
    Step,
)
from preview.recorded import Record, RecordKind
from preview.wire import from_json as from_wire
from preview.wire import mask

_SOURCE_PREFIX: Final = "project:///"


def to_json(plan: Plan, *, show_sames: bool = True) -> dict[str, Any]:
    """Return the plan as the CLI would print it."""
    shown = [step for step in plan.steps if show_sames or step.operation is not Operation.SAME]
    digest = {
        "config": dict(plan.config),
        "steps": [_step_to_json(step) for step in shown],
        "diagnostics": [_diagnostic_to_json(item) for item in plan.diagnostics],
        "duration": int(plan.duration_seconds * 1e9),
        "changeSummary": change_summary(plan),
    }
    return {key: value for key, value in digest.items() if value}


def change_summary(plan: Plan) -> dict[str, int]:
    """Return how many resources each operation concerns, in the CLI's own order."""
    counts = Counter(step.operation for step in plan.steps)
    return {operation.value: counts[operation] for operation in Operation if counts[operation]}


def from_json(digest: Mapping[str, Any]) -> Plan:
    """Return the plan that `pulumi preview --json` or `to_json` wrote."""
    steps = tuple(_step_from_json(step) for step in digest.get("steps") or ())
    stack = next((step.resource for step in steps if step.resource.type == STACK_TYPE), None)
    named = stack.urn if stack else steps[0].urn if steps else ""
    return Plan(
        project=urn.project_of(named) if named else "",
        stack=urn.stack_of(named) if named else "",
        config=dict(digest.get("config") or {}),
        steps=steps,
        outputs=dict(stack.outputs) if stack else {},
        diagnostics=tuple(_diagnostic_from_json(item) for item in digest.get("diagnostics") or ()),
        duration_seconds=float(digest.get("duration") or 0) / 1e9,
    )


def read(path: Path) -> Plan | Record:
    """Read an earlier plan or a state; which one it is shows in the file.

    Raises:
        PreviewError: the file is missing or neither.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PreviewError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise PreviewError(f"{path}: is not JSON: {error}") from error
    if isinstance(document, dict):
        fields = cast("dict[str, Any]", document)
        if "deployment" in fields:
            return state_from_json(fields)
        if "steps" in fields or "changeSummary" in fields:
            return from_json(fields)
    raise PreviewError(f"{path}: is neither a state nor a plan; write one with `pulumi stack export` or `--json`")


def read_record(path: Path) -> Record:
    """Read what a preview is compared with: a state, or the resources that an earlier plan would leave.

    Raises:
        PreviewError: as `read`.
    """
    found = read(path)
    if isinstance(found, Record):
        return found
    return Record(kind=RecordKind.PLAN, resources={resource.urn: resource for resource in found.resources})


def state_from_json(export: Mapping[str, Any]) -> Record:
    """Return the resources of a `pulumi stack export`."""
    entries: list[dict[str, Any]] = (export.get("deployment") or {}).get("resources") or []
    live = [entry for entry in entries if not entry.get("delete")]
    return Record(
        kind=RecordKind.STATE,
        resources={entry["urn"]: resource_from_json(entry) for entry in live},
        awaiting_deletion=tuple(resource_from_json(entry) for entry in entries if entry.get("delete")),
        awaiting_replacement=frozenset(entry["urn"] for entry in live if entry.get("pendingReplacement")),
        with_init_errors=frozenset(entry["urn"] for entry in live if entry.get("initErrors")),
        replacement_triggers={
            entry["urn"]: from_wire(entry["replacementTrigger"]) for entry in live if entry.get("replacementTrigger")
        },
    )


def resource_from_json(entry: Mapping[str, Any]) -> Resource:
    """Return a resource of a state or of a step."""
    dependencies: Mapping[str, list[str] | None] = entry.get("propertyDependencies") or {}
    times: Mapping[str, float] = entry.get("customTimeouts") or {}
    return Resource(
        urn=entry["urn"],
        type=entry["type"],
        custom=entry["custom"],
        parent=entry.get("parent"),
        id=entry.get("id") or None,
        inputs={key: from_wire(value) for key, value in (entry.get("inputs") or {}).items()},
        outputs={key: from_wire(value) for key, value in (entry.get("outputs") or {}).items()},
        provider=entry.get("provider"),
        dependencies=tuple(entry.get("dependencies") or ()),
        property_dependencies={key: tuple(urns or ()) for key, urns in dependencies.items()},
        aliases=tuple(entry.get("aliases") or ()),
        protect=entry.get("protect", False),
        retain_on_delete=entry.get("retainOnDelete", False),
        deleted_with=entry.get("deletedWith"),
        replace_with=tuple(entry.get("replaceWith") or ()),
        delete_before_replace=entry.get("deleteBeforeReplace"),
        ignore_changes=tuple(entry.get("ignoreChanges") or ()),
        replace_on_changes=tuple(entry.get("replaceOnChanges") or ()),
        additional_secret_outputs=tuple(entry.get("additionalSecretOutputs") or ()),
        custom_timeouts={key: seconds_text(seconds) for key, seconds in times.items() if seconds},
        hooks={kind: tuple(names) for kind, names in (entry.get("resourceHooks") or {}).items()},
        external=entry.get("external", False),
        source=_source_from_json(entry.get("sourcePosition")),
    )


def resource_to_json(resource: Resource) -> dict[str, Any]:
    """Return a resource as a state and a step hold it; what is empty is left out."""
    source = resource.source
    entry: dict[str, Any] = {
        "urn": resource.urn,
        "custom": resource.custom,
        "id": resource.id,
        "type": resource.type,
        "inputs": mask(resource.inputs),
        "outputs": mask(resource.outputs),
        "parent": resource.parent,
        "protect": resource.protect,
        "external": resource.external,
        "dependencies": list(resource.dependencies),
        "provider": resource.provider,
        "propertyDependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
        "additionalSecretOutputs": list(resource.additional_secret_outputs),
        "aliases": list(resource.aliases),
        "customTimeouts": {key: duration_seconds(text) for key, text in resource.custom_timeouts.items()},
        "retainOnDelete": resource.retain_on_delete,
        "deletedWith": resource.deleted_with,
        "replaceWith": list(resource.replace_with),
        "deleteBeforeReplace": resource.delete_before_replace,
        "ignoreChanges": list(resource.ignore_changes),
        "replaceOnChanges": list(resource.replace_on_changes),
        "resourceHooks": {kind: list(names) for kind, names in resource.hooks.items()},
        "sourcePosition": f"{_SOURCE_PREFIX}{source.file.lstrip('/')}#{source.line}" if source else None,
    }
    return {key: value for key, value in entry.items() if value or key == "custom" or (key == "deleteBeforeReplace" and value is False)}


def _source_from_json(text: str | None) -> SourcePosition | None:
    if not text:
        return None
    file, _, position = text.removeprefix(_SOURCE_PREFIX).rpartition("#")
    return SourcePosition(file, int(position.partition(",")[0]))


def _step_to_json(step: Step) -> dict[str, Any]:
    entry: dict[str, Any] = {"op": step.operation.value, "urn": step.urn, "provider": step.resource.provider}
    if step.old is not None:
        entry["oldState"] = resource_to_json(step.old)
    if step.new is not None:
        entry["newState"] = resource_to_json(step.new)
    entry["diffReasons"] = sorted({path.partition(".")[0].partition("[")[0] for path in step.changes})
    entry["replaceReasons"] = list(step.replace_reasons)
    entry = {key: value for key, value in entry.items() if value}
    changes = {path: {"kind": change.value, "inputDiff": True} for path, change in sorted(step.changes.items())}
    return {**entry, "detailedDiff": changes or None}


def _step_from_json(entry: Mapping[str, Any]) -> Step:
    old, new = entry.get("oldState"), entry.get("newState")
    changes: Mapping[str, Any] = entry.get("detailedDiff") or {}
    return Step(
        operation=Operation(entry["op"]),
        old=resource_from_json(old) if old else None,
        new=resource_from_json(new) if new else None,
        changes={path: PropertyChange(change["kind"]) for path, change in changes.items()},
        replace_reasons=tuple(entry.get("replaceReasons") or ()),
    )


def _diagnostic_to_json(item: Diagnostic) -> dict[str, Any]:
    prefix = "" if item.severity is Severity.INFO else f"{item.severity.value}: "
    entry = {"urn": item.urn, "message": prefix + diagnostic_text(item), "severity": item.severity.value}
    return {key: value for key, value in entry.items() if value is not None}


def _diagnostic_from_json(entry: Mapping[str, Any]) -> Diagnostic:
    known = {severity.value for severity in Severity}
    severity = Severity(entry["severity"]) if entry.get("severity") in known else Severity.INFO
    return Diagnostic(severity=severity, message=str(entry.get("message", "")).removeprefix(f"{severity.value}: "), urn=entry.get("urn"))


def diagnostic_text(item: Diagnostic) -> str:
    """Return a diagnostic's text with the user's own line before it."""
    return f"{item.source}: {item.message}" if item.source else item.message
