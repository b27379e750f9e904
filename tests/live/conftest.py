"""Fixtures of the live tests: a site per module, where this machine can have one; what they print at the end."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests.live import figures
from tests.live.obstacles import obstacles
from tests.live.site import Site, remove


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site without hosts; its hosts are gone afterwards, whatever the tests did."""
    if found := obstacles():
        pytest.skip("; ".join(found))
    signal.signal(signal.SIGTERM, _interrupt)
    # Not below pytest's own folder, which other runs of pytest on this machine tidy up.
    folder = Path(tempfile.mkdtemp(prefix="infraplatform-site-"))
    try:
        yield Site(folder)
    finally:
        remove(folder)


def _interrupt(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001  what `signal` calls gets both
    """Whoever ends the tests, also by a time limit, leaves no hosts behind."""
    raise KeyboardInterrupt


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The scenarios with their results and times, what they wait for included; then the figures.

    A scenario that was interrupted before its end has passed its set-up alone, and nothing else.
    """
    rows: dict[str, tuple[str, float]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and "live" in report.keywords:
                before, seconds = rows.get(report.nodeid, ("cut off", 0.0))
                ran = report.when == "call" and before == "cut off"
                result = report.outcome if ran or report.outcome != "passed" else before
                rows[report.nodeid] = (result, seconds + report.duration)
    if not rows:
        return
    terminalreporter.section("scenarios on real hosts")
    for name, (result, seconds) in rows.items():
        file, _, test = name.rpartition("/")[2].partition("::")
        subject = f"{file.removeprefix('test_').removesuffix('.py')}: {test.removeprefix('test_')}".replace("_", " ")
        terminalreporter.write_line(f"{result:8} {seconds:6.0f} s  {subject}")
    for line in figures.lines():
        terminalreporter.write_line(line)
