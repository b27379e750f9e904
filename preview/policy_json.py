"""What policy packs said, as JSON in a plan, and back from it; the CLI's `--json` leaves it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preview.policy_results import PackResult, Remediation, Violation, order
from preview.wire import mask


def to_json(pack: PackResult) -> dict[str, Any]:
    """Return one pack's results; secrets are masked."""
    return {
        "name": pack.name,
        "version": pack.version,
        "folder": pack.folder,
        "violations": [
            {
                "policy": item.policy,
                "enforcementLevel": item.level,
                "severity": item.severity,
                "urn": item.urn,
                "message": item.message,
            }
            for item in sorted(pack.violations, key=order)
        ],
        "remediations": [
            {
                "policy": item.policy,
                "urn": item.urn,
                "changes": {
                    path: {"before": mask(before), "after": mask(after)}
                    for path, (before, after) in item.changes.items()
                },
            }
            for item in pack.remediations
        ],
    }


def from_json(entry: Mapping[str, Any]) -> PackResult:
    """Return the results that `to_json` wrote.

    Raises:
        KeyError: something that every result has is missing.
    """
    return PackResult(
        name=str(entry["name"]),
        version=str(entry["version"]),
        folder=str(entry["folder"]),
        violations=tuple(
            Violation(
                policy=str(item["policy"]),
                level=str(item["enforcementLevel"]),
                severity=str(item["severity"]),
                urn=str(item["urn"]),
                message=str(item["message"]),
            )
            for item in entry["violations"]
        ),
        remediations=tuple(
            Remediation(
                policy=str(item["policy"]),
                urn=str(item["urn"]),
                changes={path: (change["before"], change["after"]) for path, change in item["changes"].items()},
            )
            for item in entry["remediations"]
        ),
    )
