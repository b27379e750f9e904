"""What is measured: the preview of each cloud's small stack over its floor, and how its time grows with the stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import yaml

from bench.measure import Command, least, python
from bench.report import Ratio, Skipped
from preview.child import GC_THRESHOLD

ROOT: Final = Path(__file__).parent.parent
NODE_GROUPS: Final = (10, 40, 160)
_GROWTH_ROUNDS: Final = 15  # a difference of two runs is a quarter of a second, and noise must be little of that
SMALL_STACKS: Final = {
    "dev": "Pulumi.dev.yaml",
    "azure-aks": "examples/Pulumi.azure-aks.yaml",
    "gcp-gke": "examples/Pulumi.gcp-gke.yaml",
}
"""The small stack of each cloud, by name, and its file."""

# Imports the modules named in the file; one that only exists inside the recorded run is left out. It collects garbage
# as rarely as the preview's child does, loads no more of the SDKs' packages and leaves as abruptly: that is no merit of
# the preview's, so both have it.
_BARE_IMPORT: Final = f"""
import gc, importlib, os, sys
from preview import lazy_sdk
gc.set_threshold({GC_THRESHOLD}, 50, 100)
lazy_sdk.install()
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
        ratio_of(f"{what}, wall", ours.wall_seconds, floor.wall_seconds, "s", at_most=2.0),
        ratio_of(f"{what}, CPU", ours.cpu_seconds, floor.cpu_seconds, f"s, {count} modules", at_most=2.0),
        ratio_of(f"{what}, peak memory", preview.peak_memory_mib(), bare.peak_memory_mib(), "MiB", at_most=1.6),
    ]


def growth(folder: Path) -> list[Ratio | Skipped]:
    """Measure what one more resource costs in a middle and in a large stack, from 10 to 40 to 160 node groups.

    Raises:
        MeasureError: a preview failed.
    """
    files = [_with_node_groups(count, folder) for count in NODE_GROUPS]
    previews = [dev_preview("--config-file", str(file)) for file in files]
    resources = [len(json.loads(dev_preview("--json", "--config-file", str(file)).output())["steps"]) for file in files]
    costs = least(*(preview.run for preview in previews), rounds=_GROWTH_ROUNDS)
    return [
        _marginal("wall", [cost.wall_seconds for cost in costs], resources),
        _marginal("CPU", [cost.cpu_seconds for cost in costs], resources),
    ]


def dev_preview(*arguments: str) -> Command:
    """Return a preview of the dev stack."""
    return python("-m", "preview", "--stack", "dev", *arguments, folder=ROOT)


def ratio_of(name: str, ours: float, floor: float, unit: str, *, at_most: float) -> Ratio:
    """Return one number over another, both in `unit`."""
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


def _with_node_groups(count: int, folder: Path) -> Path:
    """Write the dev stack's settings with `count` node groups, all like its first one."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    first = next(iter(settings["config"]["infraplatform:node_groups"].values()))
    groups = {f"group-{number:03}": first for number in range(1, count + 1)}
    settings["config"]["infraplatform:node_groups"] = groups
    file = folder / f"Pulumi.{count}-node-groups.yaml"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return file
