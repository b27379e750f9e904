"""A plan as the JSON of `pulumi preview --json --show-sames`, and back.

Secrets are masked and unknowns are the engine's placeholder, so what is written may be shown. Beyond the CLI's own
operations there is `may-change`, and beyond its keys `policies`, which the CLI leaves out.
Source: pulumi/pkg v3.259.0 display/json.go, read 2026-11-23.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from preview import urn
from preview.plan import STACK_TYPE, Diagnostic, Operation, Plan, PropertyChange, Severity, Step
from preview.policy_results import PackResult
from preview.resource_json import resource_from_json, resource_to_json

# What the CLI adds with --show-replacement-steps and after an interrupted update says nothing that other steps do not.
_PARTS_OF_OTHERS: Final = frozenset(
    {"create-replacement", "delete-replaced", "discard", "discard-replaced", "refresh", "remove-pending-replace"}
)
_LIKE_OTHERS: Final = {"import-replacement": Operation.IMPORT, "read-replacement": Operation.READ}


def to_json(plan: Plan, *, show_sames: bool = True) -> dict[str, Any]:
    """Return the plan as the CLI would print it."""
    shown = [step for step in plan.steps if show_sames or step.operation is not Operation.SAME]
    digest = {
        "config": dict(plan.config),
        "steps": [_step_to_json(step) for step in shown],
        "diagnostics": [_diagnostic_to_json(item) for item in plan.diagnostics],
        "duration": int(plan.duration_seconds * 1e9),
        "changeSummary": change_summary(plan),
        "policies": _policies_to_json(plan),
    }
    return {key: value for key, value in digest.items() if value}


def _policies_to_json(plan: Plan) -> list[dict[str, Any]]:
    if not plan.policies:
        return []
    from preview import policy_json  # only with --policy-pack

    return [policy_json.to_json(pack) for pack in plan.policies]


def _policies_from_json(digest: Mapping[str, Any]) -> tuple[PackResult, ...]:
    entries: list[Mapping[str, Any]] = digest.get("policies") or []
    if not entries:
        return ()
    from preview import policy_json  # as above

    return tuple(policy_json.from_json(entry) for entry in entries)


def change_summary(plan: Plan) -> dict[str, int]:
    """Return how many resources each operation concerns, in the CLI's own order; as there, reads do not count."""
    counts = Counter(step.operation for step in plan.steps if step.operation is not Operation.READ)
    return {operation.value: counts[operation] for operation in Operation if counts[operation]}


def from_json(digest: Mapping[str, Any]) -> Plan:
    """Return the plan that `pulumi preview --json` or `to_json` wrote.

    Raises:
        KeyError: a step lacks what every step has.
        ValueError: an operation or a kind of change is not known.
    """
    entries: list[Mapping[str, Any]] = digest.get("steps") or []
    steps = tuple(_step_from_json(entry) for entry in entries if entry["op"] not in _PARTS_OF_OTHERS)
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
        policies=_policies_from_json(digest),
    )


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
        operation=_LIKE_OTHERS.get(entry["op"]) or Operation(entry["op"]),
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
    return Diagnostic(
        severity=severity,
        message=str(entry.get("message", "")).removeprefix(f"{severity.value}: "),
        urn=entry.get("urn"),
    )


def diagnostic_text(item: Diagnostic) -> str:
    """Return a diagnostic's text with the user's own line before it."""
    return f"{item.source}: {item.message}" if item.source else item.message
