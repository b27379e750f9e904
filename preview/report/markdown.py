"""A report as the comment on its pull request: a verdict first, details folded, never above the forge's limit.

The first line is Markdown; all below it are HTML blocks without a blank line inside, which Markdown does not read. Two
runs on the same plans give the same comment: no times, everything sorted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from preview.cost.differences import StackCost
from preview.report.blocks import Room
from preview.report.escape import code, prose
from preview.report.model import Report, StackReport
from preview.report.sections import Section, guard, of_stack
from preview.report.words import CLAIMED, MARKS, STATUS, changed, counts, verdict

LIMIT: Final = 65_536
"""What GitHub takes as a comment, in characters; counted here in bytes, so that no way of counting is above it."""
MARKER: Final = "<!-- infrastructure preview -->"
"""By which a workflow finds its own comment again."""
_ROOM: Final = Room(value=300, names=40)
_TITLE_RANK: Final = 1


@dataclass(frozen=True)
class _Part:
    """A piece of the comment; `rank` 0 is left out last."""

    html: str
    rank: int
    what: str


def render(report: Report, costs: Mapping[str, StackCost], limit: int = LIMIT) -> str:
    """Return the comment, with whole sections left out and named where it would be longer than `limit` bytes."""
    head = _head(report, costs)
    parts = [part for part in (_notes(report), _section_part(guard(report.findings))) if part]
    for stack in report.touched:
        parts += _stack_parts(stack, costs.get(stack.stack))
    if report.untouched:
        names = ", ".join(map(code, report.untouched))
        parts.append(_Part(f"<p>Stacks that load nothing that differs: {names}</p>\n\n", 3, "the other stacks"))
    left_out = _too_much(parts, limit - _size(head))
    gone = {id(part) for part in left_out}
    return "".join([head, *(part.html for part in parts if id(part) not in gone), _left_out(left_out)])


def _too_much(parts: Sequence[_Part], room: int) -> list[_Part]:
    """Return the parts that must go so that the others and the note on them fit: of the highest rank, the largest."""
    size = sum(_size(part.html) for part in parts)
    if size <= room:
        return []
    room -= _size(_left_out(parts))  # the note is longest where it names them all
    gone = list[_Part]()
    for part in sorted(parts, key=lambda part: (-part.rank, -_size(part.html))):
        if size <= room:
            break
        gone.append(part)
        size -= _size(part.html)
    return gone


def _head(report: Report, costs: Mapping[str, StackCost]) -> str:
    found = verdict(report, costs)
    claimed = f"<p><b>{CLAIMED}</b></p>\n\n" if report.claimed else ""
    return f"{MARKS[found.level]} **{found.text}**\n\n{MARKER}\n\n{claimed}"


def _notes(report: Report) -> _Part | None:
    lines = [f"<p>{code(report.base)} \u2192 {code(report.head)}</p>"]
    if report.notes:
        lines += ["<ul>", *(f"<li>{prose(note)}</li>" for note in report.notes), "</ul>"]
    return _Part("\n".join(lines) + "\n\n", 3, "the notes")


def _stack_parts(stack: StackReport, cost: StackCost | None) -> list[_Part]:
    sections = of_stack(stack, cost, _ROOM)
    what = counts(changed(stack)) or STATUS[stack.status] or "nothing changes"
    status = f"<p>{STATUS[stack.status]}</p>\n\n" if STATUS[stack.status] and counts(changed(stack)) else ""
    title = _Part(f"<h3>{code(stack.stack)}: {what}</h3>\n\n{status}", _TITLE_RANK, "the heading")
    return [title, *(part for section in sections if (part := _section_part(section)))]


def _section_part(section: Section | None) -> _Part | None:
    if section is None:
        return None
    fold = "<details open>" if section.unfolded else "<details>"
    html = f"{fold}<summary>{section.title}</summary>\n{section.body}\n</details>\n\n"
    return _Part(html, section.rank, section.what)


def _left_out(parts: Sequence[_Part]) -> str:
    if not parts:
        return ""
    found = Counter(part.what for part in parts)
    names = ", ".join(f"{what} ({count} times)" if count > 1 else what for what, count in sorted(found.items()))
    return f"<p><b>Left out, to stay within what a comment may hold:</b> {names}. The HTML report has them.</p>\n"


def _size(html: str) -> int:
    return len(html.encode())
