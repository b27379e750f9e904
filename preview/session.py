"""The engine's side of one run: the monitor, the log and the plan that comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from preview import recorded
from preview.assemble import assemble
from preview.callbacks import Callbacks, GrpcCallbacks, LocalCallbacks
from preview.check import check
from preview.engine import Engine
from preview.monitor import Check, Monitor
from preview.plan import Plan
from preview.planner import Planner

if TYPE_CHECKING:
    from preview.exchange import Request


class Session:
    """One preview, from the request to its plan."""

    def __init__(self, request: Request, callbacks: Callbacks, check: Check | None) -> None:
        self._request = request
        self._record = recorded.read(Path(request.against)) if request.against else None
        self._planner = Planner(self._record)
        self.engine = Engine()
        self.monitor = Monitor(request, self._planner, callbacks, check)

    @classmethod
    def local(cls, request: Request) -> Self:
        """Serve a program in its own process, where the classes of its resources are at hand for the checks."""
        return cls(request, LocalCallbacks(), check)

    @classmethod
    def remote(cls, request: Request) -> Self:
        """Serve a program in another process."""
        return cls(request, GrpcCallbacks(), None)

    def plan(self, failure: str | None) -> Plan:
        """Return the plan after the program's end."""
        if failure is None:
            self._planner.finish()
        return assemble(self._request, self._planner, self.monitor, self.engine, self._record, failure)
