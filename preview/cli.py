"""`python -m preview`: the flags, output and exit codes of `pulumi preview`, offline.

| exit code | meaning, as in the CLI 3.259 (pkg/cmd/pulumi/cmd/exit.go) |
|---|---|
| 0 | the preview is complete and found no error |
| 1 | an error: the program or a setting failed, a resource is invalid, a file is broken, the program hung, |
| | a mandatory policy is broken, a policy pack does not run |
| 2 | a wrong flag |
| 6 | no such stack |
| 7 | `--expect-no-changes`, and there are changes |
| 8 | interrupted |
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from preview.errors import PreviewError
from preview.plan import Operation, Plan, Severity
from preview.project import find_root
from preview.report import outputs
from preview.runner import DEFAULT_TIMEOUT_SECONDS, preview

if TYPE_CHECKING:
    from preview.look import Paint

EXIT_ERROR: Final = 1
EXIT_CHANGES: Final = 7
EXIT_CANCELLED: Final = 8
_NO_CHANGE: Final = (Operation.SAME, Operation.READ)


def main(arguments: Sequence[str]) -> int:
    """Run a preview or, after the word `diff`, a change report; print it and return the exit code."""
    if arguments[:1] == ["diff"]:
        from preview.report.cli import main as diff  # a preview needs none of it

        return diff(arguments[1:])
    parser = _parser()
    flags = parser.parse_args(arguments)
    if flags.json and flags.cost:
        parser.error("--cost adds to the text, and --json prints what the CLI does: leave one out")
    try:
        plan = preview(
            flags.cwd,
            flags.stack,
            config_file=flags.config_file,
            against=flags.against,
            monitor=flags.monitor,
            timeout_seconds=flags.timeout_seconds,
            record_modules=flags.record_modules,
            policy_packs=flags.policy_pack,
            policy_pack_configs=flags.policy_pack_config,
            record_files=flags.record_files,
        )
    except PreviewError as error:
        print(*(f"error: {line}" for line in str(error).splitlines()), "nothing planned", sep="\n", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return EXIT_CANCELLED
    try:
        _print(plan, flags)
        _write(plan, flags)
    except PreviewError as error:
        print(*(f"error: {line}" for line in str(error).splitlines()), sep="\n", file=sys.stderr)
        return error.exit_code
    return exit_code(plan, expect_no_changes=flags.expect_no_changes)


def exit_code(plan: Plan, *, expect_no_changes: bool) -> int:
    """Return the exit code of a finished preview; say why where it is about changes."""
    if plan.failed:
        return EXIT_ERROR
    if expect_no_changes and any(step.operation not in _NO_CHANGE for step in plan.steps):
        print("error: no changes were expected but changes were proposed", file=sys.stderr)
        return EXIT_CHANGES
    return 0


def _print(plan: Plan, flags: argparse.Namespace) -> None:
    if flags.json:
        from preview.digest import to_json  # not needed for text

        print(json.dumps(to_json(plan, show_sames=True), indent=4, ensure_ascii=False))
        for item in plan.diagnostics:
            if item.severity is Severity.ERROR:
                print(f"error: {item.message}", file=sys.stderr)
        return
    from preview.render import render  # not needed for JSON

    text = render(
        plan, paint=_paint(flags.color), show_sames=flags.show_sames, show_reads=flags.show_reads, diff=flags.diff
    )
    print(text, end="")
    if flags.cost:
        print(f"\n{_cost(plan, flags)}", end="")


def _cost(plan: Plan, flags: argparse.Namespace) -> str:
    if plan.broken:
        return "Cost: not estimated, since this is not the whole plan\n"
    from preview.cost import differences, tables, text  # only for --cost

    found = differences.of_plan(plan, tables.load(find_root(flags.cwd)), _as_of(flags))
    return text.render(found, paint=_paint(flags.color))


def _write(plan: Plan, flags: argparse.Namespace) -> None:
    if flags.markdown or flags.html or flags.svg:
        outputs.write_plan(plan, flags, find_root(flags.cwd), _as_of(flags))


def _as_of(flags: argparse.Namespace) -> date:
    return flags.as_of or datetime.now(tz=UTC).date()


def _paint(color: str) -> Paint:
    from preview.look import plain  # not needed for JSON

    if color == "never" or (color == "auto" and not sys.stdout.isatty()):
        return plain
    from preview.colors import paint  # rich is loaded only where there are colours

    return paint


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m preview",
        description="Plan a Pulumi stack without the CLI, credentials or a network.",
        allow_abbrev=False,
    )
    parser.add_argument("-s", "--stack", help="the stack; by default the only one there is, else dev")
    parser.add_argument("-C", "--cwd", type=Path, default=Path(), metavar="DIR", help="the directory of Pulumi.yaml")
    parser.add_argument("--config-file", type=Path, metavar="FILE", help="read this instead of Pulumi.<stack>.yaml")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="compare with a `pulumi stack export` or an earlier --json"
    )
    parser.add_argument(
        "-j", "--json", action="store_true", help="print what `pulumi preview --json --show-sames` would"
    )
    parser.add_argument(
        "--expect-no-changes", action="store_true", help=f"exit with {EXIT_CHANGES} where anything would change"
    )
    parser.add_argument("--show-sames", action="store_true", help="show resources that do not change, too")
    parser.add_argument("--show-reads", action="store_true", help="show resources that are only read, too")
    parser.add_argument("--diff", action="store_true", help="show the old and new value of every changed property")
    parser.add_argument("--cost", action="store_true", help="estimate what the stack costs a month, from list prices")
    parser.add_argument(
        "--as-of", type=_day, metavar="YYYY-MM-DD", help="price by the support dates of this day (today)"
    )
    outputs.add_flags(parser)
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour the text (auto: on a terminal)"
    )
    _add_running(parser)
    return parser


def _add_running(parser: argparse.ArgumentParser) -> None:
    """Add the flags of how the program is run."""
    parser.add_argument(
        "--timeout-seconds",
        type=_positive,
        default=DEFAULT_TIMEOUT_SECONDS,
        metavar="N",
        help="stop a program that hangs",
    )
    parser.add_argument(
        "--monitor",
        choices=("child", "parent"),
        default="child",
        help="where the engine's side sits; parent: for code of others",
    )
    _add_policy_flags(parser)
    parser.add_argument("--record-modules", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--record-files", type=Path, help=argparse.SUPPRESS)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-12-31") from None


def _add_policy_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policy-pack",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="judge the plan by this policy pack",
    )
    parser.add_argument(
        "--policy-pack-config",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="JSON with levels and properties for the policies of the corresponding --policy-pack",
    )


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds; write one above 0")
    return number
