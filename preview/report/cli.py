"""`python -m preview diff BASE HEAD`: what a change does to every stack, and whether it may.

| exit code | meaning |
|---|---|
| 0 | the check passes |
| 1 | it fails: something stateful would go without an acknowledgement, or the head cannot be planned |
| 1 | an error: a file is broken |
| 2 | a wrong flag |
| 6 | no such stack |
| 8 | interrupted |
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from preview.errors import PreviewError
from preview.report import outputs
from preview.report.acknowledgements import FILE_NAME
from preview.report.checkouts import opened
from preview.report.model import Report
from preview.report.planning import write_plan
from preview.report.run import Options, compare, plans_of
from preview.report.text import render
from preview.runner import DEFAULT_TIMEOUT_SECONDS

NOTES: Final = "notes.json"
EXIT_FAILED: Final = 1
EXIT_CANCELLED: Final = 8


def main(arguments: Sequence[str]) -> int:
    """Compare two sides, write what is asked for, print the report and return the exit code."""
    flags = _parser().parse_args(arguments)
    try:
        report = _report(flags)
    except PreviewError as error:
        print(*(f"error: {line}" for line in str(error).splitlines()), sep="\n", file=sys.stderr)
        return error.exit_code
    except RecursionError:
        print("error: a plan's values are nested too deeply to compare", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_CANCELLED
    print(render(report), end="")
    return EXIT_FAILED if report.failed else 0


def _report(flags: argparse.Namespace) -> Report:
    options = Options(
        as_of=flags.as_of or datetime.now(tz=UTC).date(),
        timeout_seconds=flags.timeout_seconds,
        stacks=tuple(flags.stack),
        acknowledgements=flags.acknowledgements,
        untrusted=flags.untrusted,
        jobs=flags.jobs,
        policy_packs=[pack.resolve() for pack in flags.policy_pack],
    )
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preview-diff-"))).resolve()
        base = stack.enter_context(opened(flags.base, flags.cwd, work / "base"))
        head = stack.enter_context(opened(flags.head, flags.cwd, work / "head"))
        report = compare(base, head, options)
        if flags.named:
            report = replace(report, base=flags.named[0], head=flags.named[1])
        outputs.write(report, flags, base.folder)
        if flags.save_plans:
            _save(report, options.acknowledgements or head.folder / FILE_NAME, flags.save_plans)
    return report


def _save(report: Report, acknowledgements: Path, folder: Path) -> None:
    """Write the plans to `folder`/base and `folder`/head, which `diff` can compare again, and what they do not say."""
    for side in ("base", "head"):
        (folder / side).mkdir(parents=True, exist_ok=True)
    for side, stack, plan in plans_of(report):
        write_plan(plan, folder / side / f"{stack}.json")
    unchanged = [stack.stack for stack in report.stacks if stack.head is None and stack.base is None]
    notes = [*report.notes, *([f"nothing of these stacks differs: {', '.join(unchanged)}"] if unchanged else ())]
    (folder / NOTES).write_text(json.dumps(notes), encoding="utf-8")
    if acknowledgements.is_file():
        shutil.copyfile(acknowledgements, folder / "head" / FILE_NAME)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m preview diff",
        description="Compare the plans of two states of a project: what changes, what is lost, whether it may.",
        epilog="BASE and HEAD are folders of a project, commits, plan files, or folders of plan files.",
        allow_abbrev=False,
    )
    parser.add_argument("base", metavar="BASE", help="what there is")
    parser.add_argument("head", metavar="HEAD", help="what is proposed")
    parser.add_argument(
        "-s", "--stack", action="append", default=[], help="only this stack, may be repeated; else all that may differ"
    )
    parser.add_argument("-C", "--cwd", type=Path, default=Path(), metavar="DIR", help="the project, for commits")
    parser.add_argument(
        "--untrusted",
        action="store_true",
        help="the head's program is not one's own: the base's planner plans it, and the report calls its plan claimed",
    )
    parser.add_argument(
        "--acknowledgements", type=Path, metavar="FILE", help=f"read this instead of the head's {FILE_NAME}"
    )
    parser.add_argument(
        "--as-of", type=_day, metavar="YYYY-MM-DD", help="judge the acknowledgements' end dates by this day (today)"
    )
    parser.add_argument(
        "--policy-pack", type=Path, action="append", default=[], metavar="DIR", help="judge both sides by this pack"
    )
    outputs.add_flags(parser)
    parser.add_argument("--named", nargs=2, metavar=("BASE", "HEAD"), help="what the report calls the two sides")
    parser.add_argument("--save-plans", type=Path, metavar="DIR", help="write the plans to DIR/base and DIR/head")
    parser.add_argument(
        "--jobs", type=_count, default=os.cpu_count() or 1, metavar="N", help="programs that run at a time (CPUs)"
    )
    parser.add_argument("--timeout-seconds", type=_seconds, default=DEFAULT_TIMEOUT_SECONDS, metavar="N")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-12-31") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of programs; write 1 or more")
    return int(text)


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds; write one above 0")
    return number
