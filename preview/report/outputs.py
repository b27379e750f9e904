"""The files that `diff` and a preview write on request: the comment, the page, the picture."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from preview.errors import PreviewError
from preview.plan import Plan
from preview.report.model import Report


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for each kind of file."""
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the comment for a pull request")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page with the topology")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the topology alone, as a picture")


def write(report: Report, flags: argparse.Namespace, project: Path) -> None:
    """Write what the flags ask for; the prices are those of `project`.

    Raises:
        PreviewError: the project's own prices are broken, or a file cannot be written.
    """
    if flags.markdown:
        _save(flags.markdown, markdown_of(report, project))
    if flags.html:
        _save(flags.html, html_of(report, project))
    if flags.svg:
        _save(flags.svg, svg_of(report))


def write_plan(plan: Plan, flags: argparse.Namespace, project: Path, as_of: date) -> None:
    """Write what the flags ask for of one plan, with the operations that it has itself.

    Raises:
        PreviewError: as `write`.
    """
    from preview.report.single import report_of

    write(report_of(plan, as_of), flags, project)


def markdown_of(report: Report, project: Path, limit: int | None = None) -> str:
    """Return the comment; `limit` in bytes, where it is to be shorter than the forge takes."""
    from preview.cost import tables  # read only for what shows prices
    from preview.report import markdown
    from preview.report.costs import costs_of

    return markdown.render(report, costs_of(report, tables.load(project)), limit or markdown.LIMIT)


def html_of(report: Report, project: Path) -> str:
    """Return the page."""
    from preview.cost import tables  # read only for what shows prices
    from preview.report import page
    from preview.report.costs import costs_of

    return page.render(report, costs_of(report, tables.load(project)))


def svg_of(report: Report) -> str:
    """Return the picture."""
    from preview.report import svg, topology

    return svg.render([topology.of_stack(stack) for stack in report.stacks])


def _save(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise PreviewError(f"{path}: cannot be written: {error.strerror or error}") from error
