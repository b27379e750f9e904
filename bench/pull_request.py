"""What a change report costs, over the previews that it is made of."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml

from bench.measure import Command, Cost, least, python
from bench.report import Ratio, Skipped

ROOT: Final = Path(__file__).parent.parent
STACKS: Final = {
    "dev": "Pulumi.dev.yaml",
    "gcp-gke": "examples/Pulumi.gcp-gke.yaml",
    "aws-eks-private": "examples/Pulumi.aws-eks-private.yaml",
}
"""The stacks that are compared, and their files."""
_PROGRAM: Final = ("Pulumi.yaml", "__main__.py", "preview.fixtures.yaml", "requirements.txt")
_NODE_GROUPS: Final = 480  # 2,007 resources


def over_single_previews(folder: Path) -> list[Ratio | Skipped]:
    """Measure `diff` over three stacks, six plans, over the six previews one after the other.

    Then the same where the head differs in a file that no program loads: each stack is planned once.

    Raises:
        MeasureError: a preview or the comparison failed.
    """
    base, head, unloaded = (_checkout(folder / name) for name in ("base", "head", "unloaded"))
    for stack_file in STACKS.values():
        _tag(head / stack_file)
    (unloaded / "notes.md").write_text("another", encoding="utf-8")
    singles = [_preview(project, stack) for project in (base, head) for stack in STACKS]
    six, compared, once = least(
        _one_after_the_other(singles),
        _diff(base, head).run,
        _diff(base, unloaded).run,
    )
    return [
        _ratio("diff of three stacks / its six previews one after the other, wall", compared, six, 0.7),
        _ratio("diff of three stacks that load nothing that changed / of three that do, wall", once, compared, 0.7),
    ]


def of_a_large_plan(folder: Path) -> list[Ratio | Skipped]:
    """Measure comparing and rendering two plans of 2,000 resources over planning one.

    Raises:
        MeasureError: a preview or the comparison failed.
    """
    checkout = _checkout(folder / "large")
    stack_file = checkout / "Pulumi.dev.yaml"
    settings: dict[str, Any] = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    first = next(iter(settings["config"]["infraplatform:node_groups"].values()))
    groups = {f"group-{number:03}": first for number in range(_NODE_GROUPS)}
    settings["config"]["infraplatform:node_groups"] = groups
    stack_file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    preview = python("-m", "preview", "--cwd", str(checkout), "--stack", "dev", folder=ROOT)
    plans = [folder / "before.json", folder / "after.json"]
    for plan in plans:
        plan.write_text(_json(checkout), encoding="utf-8")
        _tag(stack_file)
    arguments = ("-m", "preview", "diff", *map(str, plans), "--markdown", str(folder / "comment.md"))
    planned, compared = least(preview.run, python(*arguments, folder=ROOT).run)
    count = plans[0].read_text(encoding="utf-8").count('"newState"')
    return [_ratio(f"comparing and rendering {count} resources / planning them, wall", compared, planned, 0.25)]


def _checkout(folder: Path) -> Path:
    """Return a copy of the program and of the stacks' files, without anything else."""
    folder.mkdir()
    for name in (*_PROGRAM, *STACKS.values()):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for name in ("components", "policies"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "notes.md").write_text("notes", encoding="utf-8")
    return folder


def _tag(stack_file: Path) -> None:
    settings: dict[str, Any] = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    settings["config"].setdefault("infraplatform:tags", {})["added"] = "42"
    stack_file.write_text(yaml.safe_dump(settings), encoding="utf-8")


def _preview(project: Path, stack: str) -> Command:
    arguments = ("--cwd", str(project), "--stack", stack, "--config-file", str(project / STACKS[stack]))
    return python("-m", "preview", *arguments, folder=ROOT)


def _json(project: Path) -> str:
    return python("-m", "preview", "--json", "--cwd", str(project), "--stack", "dev", folder=ROOT).output()


def _diff(base: Path, head: Path) -> Command:
    return python("-m", "preview", "diff", str(base), str(head), folder=ROOT)


def _one_after_the_other(commands: list[Command]) -> Callable[[], Cost]:
    def run() -> Cost:
        costs = [command.run() for command in commands]
        return Cost(sum(cost.wall_seconds for cost in costs), sum(cost.cpu_seconds for cost in costs))

    return run


def _ratio(name: str, ours: Cost, over: Cost, at_most: float) -> Ratio:
    made_of = f"{ours.wall_seconds:.2f} / {over.wall_seconds:.2f} s"
    return Ratio(name, ours.wall_seconds / over.wall_seconds, at_most, made_of)
