"""How a program ended badly, told by its own lines."""

from __future__ import annotations

import asyncio
import re
import time
import traceback
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_PREVIEW: Final = Path(__file__).parent
_DUMP_LINE: Final = re.compile(r'^  File "(?P<file>.+)", line (?P<line>\d+) in (?P<name>.+)$')


def describe(error: BaseException, root: Path) -> str:
    """Return what to show of an exception: its message where that was written for users, else its own traceback."""
    if any(cls.__name__ == "RunError" for cls in type(error).__mro__):  # by name: the SDK may not be loaded here
        return str(error)
    if isinstance(error, SystemExit):
        return f"the program ended itself with exit code {error.code}"
    what = "".join(traceback.format_exception_only(error)).rstrip()
    frames = _own_frames(error, root)
    if not frames:
        return what
    return f"Traceback (most recent call last):\n{''.join(traceback.format_list(frames))}{what}"


def _own_frames(error: BaseException, root: Path) -> list[traceback.FrameSummary]:
    """Return the project's frames of an exception or of its cause, and all frames where neither has one."""
    chain = [error, error.__cause__, error.__context__]
    for link in chain:
        if link is not None and (
            own := [frame for frame in traceback.extract_tb(link.__traceback__) if _is_own(frame.filename, root)]
        ):
            return own
    return [] if isinstance(error, SyntaxError) else list(traceback.extract_tb(error.__traceback__))


def _is_own(filename: str, root: Path) -> bool:
    path = Path(filename)
    return path.is_relative_to(root) and "site-packages" not in path.parts and not path.is_relative_to(_PREVIEW)


def describe_hang(dump: str, root: Path, timeout_seconds: float) -> str:
    """Return where a program hung, from the dump of its threads that `faulthandler` wrote."""
    found = [match for line in dump.splitlines() if (match := _DUMP_LINE.match(line))]
    own = [match for match in found if _is_own(match["file"], root)] or found
    where = "\n".join(f"  {_shown(match['file'], root)}:{match['line']} in {match['name']}" for match in own)
    text = f"the program did not end within {timeout_seconds:g} seconds (--timeout-seconds)"
    return f"{text}; it was here, the innermost call first:\n{where}" if where else text


def _shown(filename: str, root: Path) -> str:
    path = Path(filename)
    return str(path.relative_to(root)) if path.is_relative_to(root) else filename


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
        own = [frame for frame in frames if _is_own(frame.f_code.co_filename, self._root)]
        lines = sorted(
            {
                f"  {_shown(code.co_filename, self._root)}:{frame.f_lineno} in {code.co_name}"
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
