"""Measures a command: wall time, processor time and memory of its whole process tree (Linux)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

ROUNDS: Final = 5
_SAMPLE_SECONDS: Final = 0.005


class MeasureError(Exception):
    """What should be measured did not run; the message is what it said."""


@dataclass(frozen=True)
class Cost:
    """What one run took.

    Attributes:
        wall_seconds: from start to end.
        cpu_seconds: user and system time of the process and of all its children.
    """

    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Command:
    """A command line to measure, run in `folder` with nothing but `environment`."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]

    def run(self) -> Cost:
        """Run it once.

        Raises:
            MeasureError: it did not end with 0.
        """
        with tempfile.TemporaryFile() as said:
            started = time.perf_counter()
            process = self._start(said.fileno())
            _, status, usage = os.wait4(process.pid, 0)
            wall_seconds = time.perf_counter() - started
            self._check(process, status, said)
        return Cost(wall_seconds, usage.ru_utime + usage.ru_stime)

    def peak_memory_mib(self) -> float:
        """Run it once more, watched, and return the most that its processes held together, in MiB.

        Raises:
            MeasureError: it did not end with 0.
        """
        peak_kib = 0
        with tempfile.TemporaryFile() as said:
            process = self._start(said.fileno())
            while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                peak_kib = max(peak_kib, _tree_memory_kib(process.pid))
                time.sleep(_SAMPLE_SECONDS)
            _, status = os.waitpid(process.pid, 0)
            self._check(process, status, said)
        return peak_kib / 1024

    def output(self) -> str:
        """Run it once, unmeasured, and return its standard output.

        Raises:
            MeasureError: it did not end with 0.
        """
        result = subprocess.run(
            self.arguments, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            raise MeasureError(f"`{' '.join(self.arguments)}` ended with {result.returncode}:\n{result.stderr}")
        return result.stdout

    def _start(self, said: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.arguments, cwd=self.folder, env=self.environment, stdout=said, stderr=said)

    def _check(self, process: subprocess.Popen[bytes], status: int, said: IO[bytes]) -> None:
        process.returncode = os.waitstatus_to_exitcode(status)  # or Popen would warn that it was never waited for
        if process.returncode != 0:
            said.seek(0)
            text = said.read().decode(errors="replace")
            raise MeasureError(f"`{' '.join(self.arguments)}` ended with {process.returncode}:\n{text}")


def python(*arguments: str, folder: Path) -> Command:
    """Return a run of this Python with warm bytecode and nothing of the user's environment."""
    environment = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    return Command((sys.executable, *arguments), folder, environment)


def least(*runs: Callable[[], Cost], rounds: int = ROUNDS) -> list[Cost]:
    """Run each in turn, several rounds, and return the least wall and the least processor time of each.

    The rounds are interleaved, so that a slow moment of the machine meets all of them; the least is what the work
    itself takes. A first round that only warms the caches does not count.
    """
    for run in runs:
        run()
    costs_by_round = [[run() for run in runs] for _ in range(rounds)]
    return [
        Cost(min(cost.wall_seconds for cost in costs), min(cost.cpu_seconds for cost in costs))
        for costs in zip(*costs_by_round, strict=True)
    ]


def _tree_memory_kib(pid: int) -> int:
    """Return the proportional memory of a process and its descendants; what they share counts once."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it ended between two looks
        return 0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own + sum(_tree_memory_kib(int(child)) for child in children)
