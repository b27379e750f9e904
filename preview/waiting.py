"""A program that waits for what never comes."""

from __future__ import annotations

import asyncio
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from preview.program_errors import is_own, shown_file


class Waiting:
    """Ends a program that waits for something that never comes, while its event loop still turns.

    A program that computes for ever never lets its loop turn; that one is left to `faulthandler`, a little later.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, root: Path, timeout_seconds: float, started: float) -> None:
        self.description: str | None = None
        self._loop = loop
        self._root = root
        self._timeout_seconds = timeout_seconds
        loop.call_later(timeout_seconds - (time.monotonic() - started), self._end)

    def _end(self) -> None:
        frames = [frame for task in asyncio.all_tasks(self._loop) for frame in _awaiting(task)]
        own = [frame for frame in frames if is_own(frame.f_code.co_filename, self._root)]
        lines = sorted(
            {
                f"  {shown_file(code.co_filename, self._root)}:{frame.f_lineno} in {code.co_name}"
                for frame in own
                if (code := frame.f_code)
            }
        )
        text = f"the program did not end within {self._timeout_seconds:g} seconds (--timeout-seconds)"
        where = "\n".join(lines) or "  an Output or a future that nothing completes"
        self.description = f"{text}; it waits for:\n{where}"
        self._loop.stop()


def _awaiting(task: asyncio.Task[object]) -> Iterator[types.FrameType]:
    """Yield the frames of a task that is suspended, from its coroutine to what that awaits."""
    awaited: Any = task.get_coro()
    while isinstance(awaited, types.CoroutineType):
        if awaited.cr_frame is not None:
            yield awaited.cr_frame
        awaited = awaited.cr_await
