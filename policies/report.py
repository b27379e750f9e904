"""`python -m policies report`: what a stack's plan shows of a framework's controls.

| exit code | meaning |
|---|---|
| 0 | the report is written, whatever it says |
| 1 | there is none: the plan fails, cannot be read, or its policy settings have mistakes |
| 2 | a wrong flag, or a framework that there is none of |
"""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from policies.frameworks import FRAMEWORKS, framework, named
from policies.report_plan import PlanError, RecordedPlan, parse_plan, read_plan
from policies.report_text import Report, as_json, as_text
from policies.report_verdicts import assess, gather
from policies.rule import Circumstances
from policies.settings import PolicyConfigError, policy_settings

EXIT_NO_REPORT: Final = 1
EXAMPLES: Final = Path("examples")


def main(arguments: Sequence[str]) -> int:
    """Write one report to standard output and return the exit code."""
    parser = _parser()
    flags = parser.parse_args(arguments)
    try:
        ids = [id_ for name in flags.framework for id_ in named(name)]
    except KeyError as unknown:
        parser.error(f"--framework: {unknown.args[0]}")
    try:
        plan = read_plan(flags.plan) if flags.plan else _planned(flags.stack, flags.config_file)
        report = make_report(plan, list(dict.fromkeys(ids)), asked=flags.framework, as_of=flags.as_of)
    except (PlanError, PolicyConfigError) as error:
        sys.stderr.write("".join(f"error: {line}\n" for line in str(error).splitlines()))
        return EXIT_NO_REPORT
    sys.stdout.write(_written(report, flags))
    return 0


def make_report(plan: RecordedPlan, ids: Sequence[str], *, asked: Sequence[str], as_of: dt.date | None) -> Report:
    """The report on these frameworks; those that a family's name brought and the plan knows nothing of are left out.

    Args:
        plan: what is judged.
        ids: the frameworks.
        asked: what the user named, so that a framework named by itself is always there.
        as_of: the day on which versions are judged; that of the plan's configuration, or today, where it is None.

    Raises:
        PolicyConfigError: the plan's policy settings have mistakes.
    """
    settings, environment = policy_settings(plan.config)
    day = as_of or settings.as_of or dt.datetime.now(tz=dt.UTC).date()
    circumstances = Circumstances(environment=environment, as_of=day, registries=settings.registries)
    gathered = gather(plan.under(circumstances), settings.exceptions)
    kinds = _cluster_kinds(plan)
    assessed = [assess(framework(id_), gathered, of_another_kind=_is_of_another(id_, kinds)) for id_ in ids]
    shown = [each for each in assessed if each.speaks_of_the_plan or each.framework.id in asked]
    return Report(
        project=plan.project,
        stack=plan.stack,
        as_of=day.isoformat(),
        compliances=shown or assessed,
        left_out=[each.framework.id for each in assessed if shown and each not in shown],
    )


def _cluster_kinds(plan: RecordedPlan) -> set[str]:
    """The types of the plan's clusters that have a benchmark of their own; none where it holds objects alone."""
    kinds = {framework(id_).cluster for id_ in FRAMEWORKS} - {""}
    return kinds & {resource.type for resource in plan.resources}


def _is_of_another(id_: str, kinds: set[str]) -> bool:
    own = framework(id_).cluster
    return bool(own and kinds and own not in kinds)


def _written(report: Report, flags: argparse.Namespace) -> str:
    if flags.json:
        return as_json(report)
    if flags.html:
        from policies.report_html import as_html

        return as_html(report)
    return as_text(report)


def _planned(stack: str, config_file: Path | None) -> RecordedPlan:
    """The plan of a stack of this project, made offline; an example's file is found by its name.

    Raises:
        PlanError: the plan fails; with what it said.
    """
    example = EXAMPLES / f"Pulumi.{stack}.yaml"
    chosen = config_file or (example if example.is_file() else None)
    command = [sys.executable, "-m", "preview", "--stack", stack, "--json"]
    command += ["--config-file", str(chosen)] if chosen else []
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise PlanError(f"stack {stack} cannot be planned:\n{done.stderr.strip()}")
    return parse_plan(done.stdout, f"the plan of stack {stack}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m policies report",
        description="Say per control of a framework: met, broken, cannot tell, or outside what code can show.",
        epilog=f"Frameworks: {', '.join(FRAMEWORKS)}; cis stands for all that begin so.",
    )
    parser.add_argument("--framework", action="append", required=True, metavar="NAME", help="may be given repeatedly")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--stack", default="dev", help="the stack to plan offline (default: dev)")
    source.add_argument("--plan", type=Path, help="a plan that `pulumi preview --json --show-sames` wrote")
    parser.add_argument("--config-file", type=Path, help="the stack's file, where it is not beside Pulumi.yaml")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="DAY", help="judge versions as of this day")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for programs")
    form.add_argument("--html", action="store_true", help="one file for a browser")
    return parser
