"""A change report as plain text, for a terminal and a job's log."""

from __future__ import annotations

from collections.abc import Iterator

from preview.plan import Operation
from preview.report.model import Impact, Report, StackReport, StackStatus, Standing

_WORDS = {
    StackStatus.COMPARED: "",
    StackStatus.NEW: "is new",
    StackStatus.REMOVED: "is not there any more: its resources stay until someone destroys them",
    StackStatus.UNCHANGED: "does not change: no file of its own differs",
    StackStatus.BASE_FAILED: "could not be planned at the base, so all of the head is shown and nothing is guarded",
    StackStatus.HEAD_FAILED: "cannot be planned",
}
_UNCHANGED = (Operation.SAME, Operation.READ)
_MARKS = {Standing.BLOCKED: "BLOCKED", Standing.ACKNOWLEDGED: "acknowledged", Standing.WARNED: "warning"}


def verdict(report: Report) -> str:
    """Return the whole report in one line."""
    failing = [stack.stack for stack in report.stacks if stack.failed]
    claimed = " Claimed by this pull request." if report.claimed else ""
    if report.failed:
        return f"FAILED: {', '.join(failing) or 'an acknowledgement'}.{claimed}"
    entries = [entry for stack in report.stacks for entry in stack.blast_radius]
    worst = max((list(Impact).index(entry.impact) for entry in entries), default=0)
    changed = sum(any(change.operation not in _UNCHANGED for change in stack.changes) for stack in report.stacks)
    return f"passed: {changed} of {len(report.stacks)} stacks change, {list(Impact)[worst]}.{claimed}"


def render(report: Report) -> str:
    """Return the report; each line says one thing."""
    lines = [f"{report.base} -> {report.head}", verdict(report)]
    lines += [f"note: {note}" for note in report.notes]
    lines += [f"{_MARKS[item.standing]}: {item.urn}: {item.message}" for item in report.findings]
    for stack in report.touched:
        lines += ["", *_stack(stack)]
    if report.untouched:
        lines += ["", f"stacks that load nothing that differs: {', '.join(report.untouched)}"]
    return "\n".join(map(_plain, lines)) + "\n"


def _stack(stack: StackReport) -> Iterator[str]:
    counts = ", ".join(f"{count} {operation}" for operation, count in stack.counts.items())
    yield " ".join(part for part in (f"{stack.stack}:", _WORDS[stack.status], counts) if part)
    for side, errors in (("base", stack.base_errors), ("head", stack.errors)):
        yield from (f"  error at the {side}: {line}" for item in errors for line in item.message.splitlines())
    yield from (f"  {entry.rank}. {entry.part} {entry.change.name} {entry.what}" for entry in stack.blast_radius)
    for alias in stack.missing_aliases:
        yield f"  an alias is probably missing: {alias.deleted} is deleted, {alias.created} is created"
    for item in stack.findings:
        why = f" ({item.reason}, until {item.until})" if item.reason else ""
        yield f"  {_MARKS[item.standing]}: {item.urn}: {item.message}{why}"
    for result in stack.policies:
        message, *more = result.message.splitlines() or [""]
        yield f"  policy {result.policy} ({result.level}): {result.urn or 'the stack'}: {message}"
        yield from (f"    {line}" for line in more)


def _plain(line: str) -> str:
    """Return a line without control characters: what a program wrote must not move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "�" for letter in line)
