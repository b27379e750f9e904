"""The replacement guard: what is stateful goes only where the change says so, by URN, with a reason and an end date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from preview.plan import Operation
from preview.report.acknowledgements import FILE_NAME, Acknowledgement
from preview.report.model import BlastEntry, Change, GuardFinding, Impact, Standing

_GOES: Final = (Operation.DELETE, Operation.REPLACE)


def judge(
    changes: Sequence[Change], radius: Iterable[BlastEntry], given: Mapping[str, Acknowledgement], as_of: date
) -> tuple[GuardFinding, ...]:
    """Return what the guard says of one stack.

    Args:
        changes: the stack's changes.
        radius: its blast radius.
        given: the acknowledgements of this stack, by URN.
        as_of: the day to judge end dates by.
    """
    lost = [entry for entry in radius if entry.stateful and entry.impact is Impact.LOSS]
    findings = [_loss(entry, given.get(_urn(entry.change)), as_of) for entry in lost]
    findings += [_protected(change) for change in changes if change.protect and change.operation in _GOES]
    used = {_urn(entry.change) for entry in lost}
    known = {_urn(change): change for change in changes}
    unused = (acknowledgement for urn, acknowledgement in given.items() if urn not in used)
    findings += [_unused(acknowledgement, known.get(acknowledgement.urn), as_of) for acknowledgement in unused]
    findings += _uncertain(radius)
    return tuple(findings)


def of_stack(given: Iterable[Acknowledgement], stack: str) -> dict[str, Acknowledgement]:
    """Return the acknowledgements for one stack's resources, by URN."""
    return {item.urn: item for item in given if item.urn.startswith(f"urn:pulumi:{stack}::")}


def _urn(change: Change) -> str:
    """Return the URN of what goes: the old one where an alias carries it over."""
    return change.old_urn or change.urn


def _loss(entry: BlastEntry, given: Acknowledgement | None, as_of: date) -> GuardFinding:
    urn = _urn(entry.change)
    what = f"{entry.part} {entry.change.name} {entry.what}"
    if given is None:
        message = f"{what}. Where that is meant, acknowledge it in {FILE_NAME}"
        return GuardFinding(standing=Standing.BLOCKED, urn=urn, message=message)
    if given.until < as_of:
        message = f"{what}. Its acknowledgement ended on {given.until}"
        return GuardFinding(standing=Standing.BLOCKED, urn=urn, message=message, reason=given.reason, until=given.until)
    return GuardFinding(standing=Standing.ACKNOWLEDGED, urn=urn, message=what, reason=given.reason, until=given.until)


def _protected(change: Change) -> GuardFinding:
    verb = "deleted" if change.operation is Operation.DELETE else "replaced"
    message = (
        f"{change.name} ({change.type}) is protected, so that `pulumi up` would stop where it is to be {verb}: "
        "remove `protect` in an update of its own first"
    )
    return GuardFinding(standing=Standing.BLOCKED, urn=_urn(change), message=message)


def _unused(given: Acknowledgement, change: Change | None, as_of: date) -> GuardFinding:
    if change is None:
        message = "is acknowledged, but neither plan has such a resource: is its URN right?"
    elif change.operation in _GOES:
        message = "is acknowledged, but holds nothing that the guard asks for"
    else:
        message = "is acknowledged, but neither replaced nor deleted"
    ended = f"; it ended on {given.until}" if given.until < as_of else ""
    return GuardFinding(
        standing=Standing.WARNED,
        urn=given.urn,
        message=f"{message}. Remove it from {FILE_NAME}{ended}",
        reason=given.reason,
        until=given.until,
    )


def _uncertain(radius: Iterable[BlastEntry]) -> Iterator[GuardFinding]:
    for entry in radius:
        unclassified = [item.path for item in entry.change.properties if item.may_replace]
        if entry.stateful and unclassified and entry.change.operation not in _GOES:
            message = (
                f"{entry.part} {entry.change.name}: no table says whether a change of {', '.join(unclassified)} "
                "replaces it; the provider's own preview tells"
            )
            yield GuardFinding(standing=Standing.WARNED, urn=_urn(entry.change), message=message)
