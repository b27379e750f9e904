"""A plan as text: the CLI's tree, outputs, diagnostics and summary.

Source: pulumi/pkg v3.259.0 backend/display (progress.go, rows.go, diff.go), read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from preview import tree
from preview.digest import change_summary, diagnostic_text
from preview.look import STYLES, SYMBOLS, Paint, plain, shown
from preview.plan import STACK_TYPE, Diagnostic, Operation, Plan, Severity, Step
from preview.tree import Node
from preview.urn import display_type, name_of, type_of

_SEVERITY_STYLES: Final[Mapping[Severity, str]] = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}
_UNCOUNTED: Final = (Operation.SAME, Operation.READ)


def render(
    plan: Plan, *, paint: Paint = plain, show_sames: bool = False, show_reads: bool = False, diff: bool = False
) -> str:
    """Return the whole preview as text."""
    parts = [f"{paint(f'Previewing update ({plan.stack}):', 'bold')}\n"]
    rows = _rows(plan, show_sames=show_sames, show_reads=show_reads)
    if rows:
        parts.append(_table(rows, plan.diagnostics, paint))
        if diff:
            from preview.differences import differences  # only for --diff

            parts += [text for row in rows if (text := differences(row.step, paint))]
    if plan.outputs:
        parts.append(_outputs(plan, paint))
    if plan.policies:
        from preview.policy_text import policies_text  # only with --policy-pack

        parts.append(policies_text(plan.policies, paint))
    if plan.diagnostics:
        parts.append(_diagnostics(plan, paint))
    if not any(pack.forbids for pack in plan.policies):  # as the CLI: what is forbidden has no summary
        parts.append(_summary(plan, paint))
    return "\n".join(parts)


class _Row:
    """A line of the tree."""

    def __init__(self, node: Node, branch: str) -> None:
        self.step = node.step
        self.branch = branch


def _rows(plan: Plan, *, show_sames: bool, show_reads: bool) -> list[_Row]:
    """Return the lines to show: what changes, and its parents."""
    hidden = {op for op, shown in ((Operation.SAME, show_sames), (Operation.READ, show_reads)) if not shown}
    concerned = {item.urn for item in plan.diagnostics}
    rows = list[_Row]()

    def is_shown(node: Node) -> bool:
        step = node.step
        changed = step.operation not in hidden or step.urn in concerned or step.resource.type == STACK_TYPE
        return changed or any(is_shown(child) for child in node.children)

    def visit(nodes: Sequence[Node], indent: str, *, is_root: bool) -> None:
        shown = [node for node in nodes if is_shown(node)]
        for node in shown:
            is_last = node is shown[-1]
            rows.append(_Row(node, "" if is_root else indent + ("└─ " if is_last else "├─ ")))
            visit(node.children, "" if is_root else indent + ("   " if is_last else "│  "), is_root=False)

    visit(tree.grow(plan.steps), "", is_root=True)
    return rows


def _table(rows: Sequence[_Row], diagnostics: Iterable[Diagnostic], paint: Paint) -> str:
    notes = _notes(diagnostics)
    cells = [
        (
            SYMBOLS[row.step.operation],
            row.branch + display_type(row.step.resource.type),
            row.step.resource.name,
            "" if row.step.operation is Operation.SAME else row.step.operation.value,
            _info(row.step, notes.get(row.step.urn, "")),
        )
        for row in rows
    ]
    header = ("  ", "Type", "Name", "Plan", "Info")
    widths = [max(len(line[column]) for line in [header, *cells]) for column in range(4)]
    lines = [_line(header, widths, lambda text: paint(text, "bold blue"))]
    for row, cell in zip(rows, cells, strict=True):
        style = STYLES.get(row.step.operation, "")
        lines.append(_line(cell, widths, lambda text, style=style: paint(text, style) if style else text))
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int], color: Callable[[str], str]) -> str:
    colored = (True, False, False, True, False)  # the operation's symbol and its name; the header's line the same
    padding = [" " * (width - len(cell)) for cell, width in zip(cells, [*widths, 0], strict=True)]
    shown = [color(cell) if paint and cell.strip() else cell for cell, paint in zip(cells, colored, strict=True)]
    return (" " + "  ".join(cell + pad for cell, pad in zip(shown, padding, strict=True))).rstrip()


def _info(step: Step, note: str) -> str:
    changed = sorted({path.partition(".")[0].partition("[")[0] for path in step.changes} | set(step.replace_reasons))
    shown = f"[diff: {','.join(_mark(key, step) + key for key in changed)}]" if changed and step.old else ""
    return "; ".join(part for part in (shown, note) if part)


def _mark(key: str, step: Step) -> str:
    old, new = (resource.inputs if resource else {} for resource in (step.old, step.new))
    return "+" if key in new and key not in old else "-" if key in old and key not in new else "~"


def _notes(diagnostics: Iterable[Diagnostic]) -> dict[str | None, str]:
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "message", Severity.DEBUG: "debug"}
    counts = dict[str | None, dict[str, int]]()
    for item in diagnostics:
        counts.setdefault(item.urn, dict.fromkeys(words.values(), 0))[words[item.severity]] += 1
    return {
        urn: "; ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in found.items() if count)
        for urn, found in counts.items()
    }


def _outputs(plan: Plan, paint: Paint) -> str:
    stack = next((step for step in plan.steps if step.resource.type == STACK_TYPE), None)
    old = stack.old.outputs if stack and stack.old else {}
    width = max(len(name) for name in plan.outputs)
    lines = [paint("Outputs:", "bold blue")]
    for name, value in sorted(plan.outputs.items()):
        symbol = "+ " if name not in old else "  " if old[name] == value else "~ "
        lines.append(f"  {symbol}{name.ljust(width)}: {shown(value)}")
    return "\n".join(lines) + "\n"


def _diagnostics(plan: Plan, paint: Paint) -> str:
    lines = [paint("Diagnostics:", "bold blue")]
    for urn, items in groupby(sorted(plan.diagnostics, key=lambda item: item.urn or ""), lambda item: item.urn):
        lines.append(f"  {display_type(type_of(urn))} ({name_of(urn)}):" if urn else "  preview:")
        for item in items:
            lines += [f"    {line}".rstrip() for line in _message(item, paint)]
        lines.append("")
    return "\n".join(lines)


def _message(item: Diagnostic, paint: Paint) -> Iterator[str]:
    style = _SEVERITY_STYLES.get(item.severity)
    prefix = paint(f"{item.severity.value}:", style) + " " if style else ""
    first, *rest = diagnostic_text(item).splitlines() or [""]
    yield prefix + first
    yield from rest


def _summary(plan: Plan, paint: Paint) -> str:
    counts = {Operation(name): count for name, count in change_summary(plan).items()}
    changes = {operation: count for operation, count in counts.items() if operation not in _UNCOUNTED}
    lines = [paint("Resources:", "bold blue")]
    for operation, count in changes.items():
        planned = "may change" if operation is Operation.MAY_CHANGE else f"to {operation.value}"
        lines.append(f"    {paint(f'{SYMBOLS[operation]}{count} {planned}', STYLES[operation])}")
    pieces = [f"{sum(changes.values())} changes"] if len(changes) > 1 else []
    pieces += [f"{counts[Operation.SAME]} unchanged"] if Operation.SAME in counts else []
    if pieces:
        lines.append(f"    {'. '.join(pieces)}")
    failed = {item.urn for item in plan.diagnostics if item.severity is Severity.ERROR}
    if failed:
        lines.append(f"    {paint(f'{len(failed)} errored', 'red')}")
    return "\n".join(lines) + "\n"
