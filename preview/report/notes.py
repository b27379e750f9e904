"""What a reviewer must know beside the changes of the stacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from preview.report.acknowledgements import FILE_NAME, Acknowledgement
from preview.report.checkouts import Checkout, Side
from preview.report.files import LOCKS
from preview.report.model import GuardFinding, Standing


def about(base: Side, head: Side) -> tuple[str, ...]:
    """Return notes on the two sides."""
    if not isinstance(base, Checkout) or not isinstance(head, Checkout):
        return ()
    differing = [name for name in LOCKS if _text(base, name) != _text(head, name)]
    return tuple(
        f"{name} differs between the two sides. Both were planned with the packages that are installed here, so what "
        "other versions of them change is not shown"
        for name in differing
    )


def of_no_stack(given: Iterable[Acknowledgement], stacks: Sequence[str], as_of: date) -> tuple[GuardFinding, ...]:
    """Return a warning for each acknowledgement whose stack neither side has."""
    prefixes = tuple(f"urn:pulumi:{stack}::" for stack in stacks)
    return tuple(
        GuardFinding(
            standing=Standing.WARNED,
            urn=item.urn,
            message=f"is acknowledged, but there is no such stack: is its URN right? Else remove it from {FILE_NAME}"
            + (f"; it ended on {item.until}" if item.until < as_of else ""),
            reason=item.reason,
            until=item.until,
        )
        for item in given
        if not item.urn.startswith(prefixes)
    )


def _text(side: Checkout, name: str) -> bytes | None:
    path = side.project / name
    return path.read_bytes() if path.is_file() else None
