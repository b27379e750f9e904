"""`make bench`: prints what the offline preview costs, as ratios of one run; it never fails on time."""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench import policies, servers
from bench.cases import growth, over_bare_import
from bench.engine import over_engine_preview
from bench.measure import ROUNDS, MeasureError
from bench.pull_request import of_a_large_plan, over_single_previews
from bench.report import Ratio, Skipped, table

CASES: Final = (
    over_bare_import,
    over_engine_preview,
    growth,
    servers.per_added_server,
    policies.over_preview,
    policies.growth,
    over_single_previews,
    of_a_large_plan,
)


def main() -> int:
    """Measure and print.

    Returns:
        0 however slow it is; 1 when something that should be measured did not run.
    """
    if sys.platform != "linux":
        print(f"bench: it reads memory from /proc, which {platform.system()} has not: nothing measured")
        return 0
    results: list[Ratio | Skipped] = []
    try:
        with tempfile.TemporaryDirectory(prefix="infraplatform-bench-") as name:
            for case in CASES:
                results += case(Path(name))
    except MeasureError as error:
        print(table(results) if results else "bench: nothing measured")
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(table(results))
    print(f"Least of {ROUNDS} interleaved runs each, Python {platform.python_version()}, {platform.machine()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
