"""A report as one self-contained page: no script, and nothing is loaded from anywhere.

Read by eye in light and dark, on a phone and in print; by keyboard (what folds is `details`, what scrolls takes the
focus, a link skips to the stacks); by screen reader (tables have headers, and they say all that the picture shows).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from preview.cost.differences import StackCost
from preview.report import svg
from preview.report.blocks import Room
from preview.report.escape import code, text
from preview.report.model import Report, StackReport
from preview.report.sections import Section, guard, of_stack
from preview.report.topology import of_stack as picture_of
from preview.report.words import CLAIMED, STATUS, Verdict, changed, counts, plural, verdict

_HERE: Final = Path(__file__).parent
_STYLES: Final = ("page.css", "picture.css")
_ROOM: Final = Room(value=4_000, names=10_000)
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(report: Report, costs: Mapping[str, StackCost]) -> str:
    """Return the page as HTML."""
    return "\n".join(_page(report, costs)) + "\n"


def _page(report: Report, costs: Mapping[str, StackCost]) -> Iterator[str]:
    found = verdict(report, costs)
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield from _head(found)
    yield "<body>"
    yield from _header(report, found)
    yield '<main id="stacks">'
    if general := guard(report.findings):
        yield from _section(general)
    for number, stack in enumerate(report.touched, start=1):
        yield from _stack(stack, costs.get(stack.stack), number)
    if report.untouched:
        names = ", ".join(map(code, report.untouched))
        yield f'<p class="soft">Stacks that load nothing that differs: {names}</p>'
    yield "</main>"
    yield "<footer>Planned offline from the program. Prices are list prices; nothing was asked of a cloud.</footer>"
    yield "</body>"
    yield "</html>"


def _head(found: Verdict) -> Iterator[str]:
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{text(f'Preview: {found.text}')}</title>"
    yield from (f"<style>\n{(_HERE / name).read_text(encoding='utf-8')}</style>" for name in _STYLES)
    yield "</head>"


def _header(report: Report, found: Verdict) -> Iterator[str]:
    yield '<a class="skip" href="#stacks">Skip to the stacks</a>'
    yield "<header>"
    yield f"<h1>Preview of {code(report.base)} \u2192 {code(report.head)}</h1>"
    yield f'<p class="verdict {found.level}"><b>{found.level.capitalize()}.</b> {text(found.text)}</p>'
    if report.claimed:
        yield f"<p><b>{CLAIMED}</b></p>"
    if report.notes:
        yield "<ul>"
        yield from (f"<li>{text(note)}</li>" for note in report.notes)
        yield "</ul>"
    yield from _navigation(report)
    yield "</header>"


def _navigation(report: Report) -> Iterator[str]:
    if len(report.touched) < 2:
        return
    yield '<nav aria-label="Stacks"><ul>'
    for number, stack in enumerate(report.touched, start=1):
        many = plural(len(changed(stack)), "change") if changed(stack) else "no change"
        yield f'<li><a href="#stack-{number}">{text(stack.stack)}: {many}</a></li>'
    yield "</ul></nav>"


def _stack(stack: StackReport, cost: StackCost | None, number: int) -> Iterator[str]:
    yield f'<section aria-labelledby="stack-{number}">'
    yield f'<h2 id="stack-{number}">{code(stack.stack)}</h2>'
    what = counts(changed(stack)) or "Nothing changes"
    yield f'<p class="soft">{" ".join(filter(None, (f"{what}.", STATUS[stack.status])))}</p>'
    picture = picture_of(stack)
    if not picture.is_empty:
        yield f'<figure class="scroll" tabindex="0" role="region" aria-label="Topology of {text(stack.stack)}">'
        yield svg.render([picture], standalone=False)
        yield "</figure>"
    for section in of_stack(stack, cost, _ROOM):
        yield from _section(section)
    yield "</section>"


def _section(section: Section) -> Iterator[str]:
    yield "<details open>" if section.unfolded else "<details>"
    yield f"<summary><h3>{section.title}</h3></summary>"
    yield f'<div class="inside scroll" tabindex="0" role="region" aria-label="{section.what.capitalize()}">'
    yield section.body
    yield "</div>"
    yield "</details>"
