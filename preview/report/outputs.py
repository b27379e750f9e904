"""The files that `diff` writes on request: the report for people."""

from __future__ import annotations

import argparse
from pathlib import Path

from preview.report.model import Report


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for each kind of file."""
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the comment for a pull request")


def write(report: Report, flags: argparse.Namespace, project: Path) -> None:
    """Write what the flags ask for; the prices are those of `project`.

    Raises:
        PreviewError: the project's own prices are broken.
    """
    if flags.markdown:
        flags.markdown.write_text(markdown_of(report, project), encoding="utf-8")


def markdown_of(report: Report, project: Path) -> str:
    """Return the comment."""
    from preview.cost import tables  # read only for what shows prices
    from preview.report import markdown
    from preview.report.costs import costs_of

    return markdown.render(report, costs_of(report, tables.load(project)))
