"""What is measured: the preview of each cloud's small stack over its floors, and how its time grows with the stack."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path
from typing import Any, Final

import yaml

from bench.measure import Command, Cost, least, python
from bench.report import Ratio, Skipped
from tests.conformance import build
from tests.conformance.engine import Workspace

ROOT: Final = Path(__file__).parent.parent
NODE_GROUPS: Final = (10, 40, 160)
SMALL_STACKS: Final = {
    "dev": "Pulumi.dev.yaml",
    "azure-aks": "examples/Pulumi.azure-aks.yaml",
    "gcp-gke": "examples/Pulumi.gcp-gke.yaml",
}
"""The small stack of each cloud, by name, and its file."""

# Imports the modules named in the file; one that only exists inside the recorded run is left out. It collects garbage
# as rarely as the preview's child does and leaves as abruptly: that is no merit of the preview's, so both have it.
_BARE_IMPORT: Final = """
import gc, importlib, os, sys
gc.set_threshold(50_000, 20, 20)
for name in open(sys.argv[1]).read().split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass
os._exit(0)
"""


def over_bare_import(folder: Path) -> list[Ratio | Skipped]:
    """Measure each small stack's preview over importing exactly the modules that its child process loaded.

    Raises:
        MeasureError: the preview failed.
    """
    return [row for stack in SMALL_STACKS for row in _over_bare_import(stack, folder / f"{stack}-modules.txt")]


def _over_bare_import(stack: str, modules: Path) -> list[Ratio | Skipped]:
    arguments = ("--stack", stack, "--config-file", SMALL_STACKS[stack])
    preview = python("-m", "preview", *arguments, folder=ROOT)
    python("-m", "preview", *arguments, "--record-modules", str(modules), folder=ROOT).output()
    what = f"{stack} preview / bare import of its modules"
    if not modules.exists():
        return [Skipped(what, "the preview wrote no list of modules")]
    bare = python("-c", _BARE_IMPORT, str(modules), folder=ROOT)
    ours, floor = least(preview.run, bare.run)
    count = len(modules.read_text(encoding="utf-8").split())
    return [
        _ratio(f"{what}, wall", ours.wall_seconds, floor.wall_seconds, "s", at_most=2.0),
        _ratio(f"{what}, CPU", ours.cpu_seconds, floor.cpu_seconds, f"s, {count} modules", at_most=2.0),
        _ratio(f"{what}, peak memory", preview.peak_memory_mib(), bare.peak_memory_mib(), "MiB", at_most=1.6),
    ]


def over_engine_preview(folder: Path) -> list[Ratio | Skipped]:
    """Measure the dev stack's preview over the engine's own: of a program that does nothing, and of the dev stack.

    The engine's run is its CLI, a language host of the tests' and, for the dev stack, an echo provider in place of the
    clouds' plugins: less than a user's `pulumi preview` takes.
    """
    empty_program = "dev preview / `pulumi preview` of an empty program, wall"
    same_program = "dev preview / `pulumi preview` of the dev stack, wall"
    if build.find("pulumi") is None:
        reason = "the engine's CLI is not built: run `make conformance` first"
        return [Skipped(empty_program, reason), Skipped(same_program, reason)]
    project = folder / "empty"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: empty\nruntime: python\n", encoding="utf-8")
    (project / "__main__.py").write_text("", encoding="utf-8")
    empty = Workspace(project, "dev", folder / "empty-workspace")
    same = Workspace(ROOT, "dev", folder / "workspace")
    ours, engine, engine_same = least(
        _preview().run, lambda: _cost_of_engine_preview(empty), lambda: _cost_of_engine_preview(same)
    )
    return [
        _ratio(empty_program, ours.wall_seconds, engine.wall_seconds, "s", at_most=0.6),
        _ratio(same_program, ours.wall_seconds, engine_same.wall_seconds, "s", at_most=1.0),
    ]


def growth(folder: Path) -> list[Ratio | Skipped]:
    """Measure what one more resource costs in a middle and in a large stack, from 10 to 40 to 160 node groups.

    Raises:
        MeasureError: a preview failed.
    """
    files = [_with_node_groups(count, folder) for count in NODE_GROUPS]
    previews = [_preview("--config-file", str(file)) for file in files]
    resources = [len(json.loads(_preview("--json", "--config-file", str(file)).output())["steps"]) for file in files]
    costs = least(*(preview.run for preview in previews))
    return [
        _marginal("wall", [cost.wall_seconds for cost in costs], resources),
        _marginal("CPU", [cost.cpu_seconds for cost in costs], resources),
    ]


def _preview(*arguments: str) -> Command:
    return python("-m", "preview", "--stack", "dev", *arguments, folder=ROOT)


def _ratio(name: str, ours: float, floor: float, unit: str, *, at_most: float) -> Ratio:
    return Ratio(name, ours / floor, at_most, f"{ours:.2f} / {floor:.2f} {unit}")


def _marginal(clock: str, seconds: list[float], resources: list[int]) -> Ratio:
    """Return the time per added resource in the large stack over the same in the middle one."""
    small, middle, large = zip(seconds, resources, strict=True)
    middle_ms = 1000 * (middle[0] - small[0]) / (middle[1] - small[1])
    large_ms = 1000 * (large[0] - middle[0]) / (large[1] - middle[1])
    runs = ", ".join(f"{count} in {taken:.2f} s" for taken, count in zip(seconds, resources, strict=True))
    made_of = f"{large_ms:.2f} / {middle_ms:.2f} ms; resources: {runs}"
    counts = " to ".join(map(str, NODE_GROUPS))
    return Ratio(f"{clock} per added resource, {counts} node groups", large_ms / middle_ms, 1.2, made_of)


def _cost_of_engine_preview(workspace: Workspace) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    workspace.preview()
    wall_seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall_seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _with_node_groups(count: int, folder: Path) -> Path:
    """Write the dev stack's settings with `count` node groups, all like its first one."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    first = next(iter(settings["config"]["infraplatform:node_groups"].values()))
    groups = {f"group-{number:03}": first for number in range(1, count + 1)}
    settings["config"]["infraplatform:node_groups"] = groups
    file = folder / f"Pulumi.{count}-node-groups.yaml"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return file
