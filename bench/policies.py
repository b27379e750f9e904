"""What the policy pack costs: over the dev stack's preview, and for one more resource in a small and a large stack."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Final

from bench.cases import ROOT, dev_preview
from bench.measure import Cost, MeasureError, least
from bench.report import Ratio
from preview import project
from preview.analyzer import Analyzer
from preview.pack_process import started
from preview.plan import Resource
from preview.runner import preview

PACK: Final = ROOT / "policies"
SIZES: Final = (100, 200, 1000, 2000)
"""Resources of the stacks that are judged: the small step first, then the large one."""


def over_preview(_: Path) -> list[Ratio]:
    """Measure how much longer the dev stack's preview takes with the whole pack.

    Raises:
        MeasureError: a preview failed.
    """
    judged, plain = least(dev_preview("--policy-pack", str(PACK)).run, dev_preview().run)
    added = judged.wall_seconds - plain.wall_seconds
    made_of = f"{judged.wall_seconds:.2f} - {plain.wall_seconds:.2f} s"
    return [Ratio("wall added by the policy pack / dev preview", added / plain.wall_seconds, 0.5, made_of)]


def growth(_: Path) -> list[Ratio]:
    """Measure the pack's own time for one more resource, from 1,000 to 2,000 over from 100 to 200.

    The pack is started once and judges stacks that repeat the dev stack's resources.
    """
    of_dev = project.load(ROOT, "dev")
    planned = preview(ROOT, "dev").resources
    stacks = [_repeated(planned, size) for size in SIZES]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.devnull, "GRPC_VERBOSITY": "ERROR"}
    with started(PACK, of_dev, environment) as process:
        analyzer = Analyzer(process.port(), str(PACK))
        analyzer.configure(of_dev, {})
        costs = least(*(lambda stack=stack: _judge(analyzer, stack, process.process.pid) for stack in stacks))
        analyzer.close()
    return [
        _marginal("wall", [cost.wall_seconds for cost in costs]),
        _marginal("CPU", [cost.cpu_seconds for cost in costs]),
    ]


def _marginal(clock: str, seconds: Sequence[float]) -> Ratio:
    small_ms, large_ms = (1000 * (seconds[end] - seconds[end - 1]) / (SIZES[end] - SIZES[end - 1]) for end in (1, 3))
    runs = ", ".join(f"{size} in {taken:.2f} s" for size, taken in zip(SIZES, seconds, strict=True))
    name = f"policies' {clock} per added resource, 1000 to 2000 / 100 to 200"
    return Ratio(name, large_ms / small_ms, 1.2, f"{large_ms:.2f} / {small_ms:.2f} ms; {runs}")


def _judge(analyzer: Analyzer, stack: Sequence[Resource], pack_pid: int) -> Cost:
    """What judging a stack once costs in both processes; a small one is judged so often that both weigh the same."""
    times = SIZES[-1] // len(stack)
    begun, used = time.perf_counter(), time.process_time() + _cpu_seconds(pack_pid)
    found = [[*analyzer.analyze(stack), *analyzer.analyze_stack(stack)] for _ in range(times)]
    cpu_seconds = time.process_time() + _cpu_seconds(pack_pid) - used
    cost = Cost((time.perf_counter() - begun) / times, cpu_seconds / times)
    if not found[0]:
        raise MeasureError("the pack found nothing on the dev stack: does it judge at all?")
    return cost


def _cpu_seconds(pid: int) -> float:
    """The processor time of a running process, to the nanosecond, where `times` counts in hundredths of a second."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def _repeated(planned: Sequence[Resource], size: int) -> list[Resource]:
    """As many resources as asked for: the plan's over and over, each time with other names."""
    copies = (_copy(resource, number) for number in count() for resource in planned)
    return list(islice(copies, size))


def _copy(resource: Resource, number: int) -> Resource:
    return replace(
        resource,
        urn=_renamed(resource.urn, number),
        parent=_renamed(resource.parent, number) if resource.parent else None,
        dependencies=tuple(_renamed(urn, number) for urn in resource.dependencies),
        property_dependencies={
            key: tuple(_renamed(urn, number) for urn in urns) for key, urns in resource.property_dependencies.items()
        },
    )


def _renamed(urn: str, number: int) -> str:
    return f"{urn}-{number}"
