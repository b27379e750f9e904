"""The compliance report as text for a terminal, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policies.judge import Finding
from policies.report_verdicts import Compliance, Evidence, Status, Verdict


@dataclass(frozen=True, kw_only=True)
class Report:
    """Frameworks' verdicts on one plan, and what a reader must know of it."""

    project: str
    stack: str
    as_of: str
    compliances: Sequence[Compliance]
    left_out: Sequence[str] = ()
    """Frameworks of a family about which the plan has nothing."""


def as_text(report: Report) -> str:
    """The report for a terminal: what is broken first, each with what to do; what is outside as a number."""
    return "\n".join(_lines(report)) + "\n"


def as_json(report: Report) -> str:
    """The report for programs."""
    document = {
        "project": report.project,
        "stack": report.stack,
        "asOf": report.as_of,
        "frameworks": [_framework(compliance) for compliance in report.compliances],
        "leftOut": list(report.left_out),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def share(compliance: Compliance) -> str:
    """How much of a framework infrastructure code can show: `40 of 101 controls (40 %)`."""
    judgeable, total = len(compliance.framework.judgeable), len(compliance.framework.controls)
    return f"{judgeable} of {total} controls ({judgeable / total:.0%})"


def place(urn: str) -> str:
    """A resource as people name it: its type's last word and its name."""
    *_, types, name = urn.split("::", 3)
    return f"{types.rpartition(':')[2]} {name}"


def excepted(evidence: Evidence, finding: Finding) -> str:
    """What the configuration says of an exception, or nothing."""
    found = [item for item in evidence.exceptions if item.urn == finding.urn]
    return f" (excepted until {found[0].until}: {found[0].reason})" if found else ""


def _lines(report: Report) -> Iterator[str]:
    yield f"Stack {report.stack} of {report.project}, as of {report.as_of}"
    for compliance in report.compliances:
        yield ""
        yield f"{compliance.framework.title} {compliance.framework.version}"
        counts = ", ".join(f"{count} {status}" for status, count in compliance.counts.items())
        yield f"  {counts}; infrastructure code can show {share(compliance)}"
        for status in (Status.BROKEN, Status.CANNOT_TELL, Status.MET):
            chosen = [verdict for verdict in compliance.verdicts if verdict.status is status]
            if chosen:
                yield ""
                yield f"  {status}"
                yield from (line for verdict in chosen for line in _of_verdict(verdict))
    if report.left_out:
        yield ""
        yield f"Left out, since the stack has nothing that they speak of: {', '.join(report.left_out)}"


def _of_verdict(verdict: Verdict) -> Iterator[str]:
    rules = ", ".join(evidence.rule.id for evidence in verdict.evidence) or verdict.reason
    yield f"    {verdict.control.id:<8} {verdict.control.title} [{rules}]"
    for evidence in verdict.evidence:
        for finding in evidence.findings:
            yield f"             {place(finding.urn)}: {finding.message}{excepted(evidence, finding)}"


def _framework(compliance: Compliance) -> dict[str, Any]:
    framework = compliance.framework
    return {
        "id": framework.id,
        "title": framework.title,
        "version": framework.version,
        "sources": list(framework.sources),
        "notRead": framework.not_read,
        "summary": {
            "total": len(framework.controls),
            "judgeable": len(framework.judgeable),
            **{status.name.lower(): count for status, count in compliance.counts.items()},
        },
        "controls": [_control(verdict) for verdict in compliance.verdicts],
    }


def _control(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.control.id,
        "title": verdict.control.title,
        "section": verdict.control.section,
        "status": verdict.status,
        "reason": verdict.reason,
        "rules": [_rule(evidence) for evidence in verdict.evidence],
    }


def _rule(evidence: Evidence) -> dict[str, Any]:
    return {
        "id": evidence.rule.id,
        "severity": evidence.rule.severity,
        "judged": list(evidence.judged),
        "findings": [
            {
                "urn": finding.urn,
                "outcome": finding.outcome,
                "message": finding.message,
                "exception": excepted(evidence, finding).strip(" ()"),
            }
            for finding in evidence.findings
        ],
    }
