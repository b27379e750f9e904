"""What policy packs said, as text in the CLI's "Policies:" section.

Beyond the CLI's default, each fix is listed with the value before and after. Source: pulumi/pkg v3.259.0
backend/display (progress.go `printPolicies`, diff.go), read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from preview.look import Paint, shown
from preview.policy_results import ADVISORY, MANDATORY, PackResult, Remediation, Violation, order
from preview.urn import display_type, name_of, type_of

_STYLES: Final = {MANDATORY: "bold red", ADVISORY: "yellow"}
_PASSED, _WARNED, _FORBIDDEN = "✅", "⚠️", "❌"


def policies_text(packs: Iterable[PackResult], paint: Paint) -> str:
    """The section of all packs."""
    lines = [paint("Policies:", "bold blue")]
    for pack in packs:
        mark = _FORBIDDEN if pack.forbids else _WARNED if pack.violations else _PASSED
        lines.append(f"    {mark} {paint(f'{pack.name}@v{pack.version}', 'cyan')} (local: {pack.folder})")
        for remediation in pack.remediations:
            lines += [f"        {line}" for line in _remediation(remediation, paint)]
        for violation in sorted(pack.violations, key=order):
            lines += [f"        {line}" for line in _violation(violation, paint)]
    return "\n".join(lines) + "\n"


def _remediation(item: Remediation, paint: Paint) -> Iterator[str]:
    yield f"- {paint(f'[remediate]  {item.policy}', 'cyan')}{_about(item.urn)}"
    for path, (before, after) in item.changes.items():
        yield f"  {path}: {_value(before)} => {_value(after)}"


def _value(value: Any) -> str:
    return "(absent)" if value is None else shown(value)


def _violation(item: Violation, paint: Paint) -> Iterator[str]:
    severity = f" [severity: {item.severity}]" if item.severity else ""
    yield f"- {paint(f'[{item.level}]{severity}  {item.policy}', _STYLES.get(item.level, ''))}{_about(item.urn)}"
    yield from (f"  {line}" for line in item.message.splitlines())


def _about(urn: str) -> str:
    """What the policy speaks of; a URN that a pack made up is shown as it is."""
    try:
        return f"  ({display_type(type_of(urn))}: {name_of(urn)})" if urn else ""
    except ValueError:
        return f"  ({urn})"
