"""How a program ended badly, told by its own lines."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Final

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
            own := [frame for frame in traceback.extract_tb(link.__traceback__) if is_own(frame.filename, root)]
        ):
            return own
    return [] if isinstance(error, SyntaxError) else list(traceback.extract_tb(error.__traceback__))


def is_own(filename: str, root: Path) -> bool:
    """Whether a file is the project's, and not an installed package's."""
    path = Path(filename)
    return path.is_relative_to(root) and "site-packages" not in path.parts and not path.is_relative_to(_PREVIEW)


def describe_hang(dump: str, root: Path, timeout_seconds: float) -> str:
    """Return where a program hung, from the dump of its threads that `faulthandler` wrote."""
    found = [match for line in dump.splitlines() if (match := _DUMP_LINE.match(line))]
    own = [match for match in found if is_own(match["file"], root)] or found
    where = "\n".join(f"  {shown_file(match['file'], root)}:{match['line']} in {match['name']}" for match in own)
    text = f"the program did not end within {timeout_seconds:g} seconds (--timeout-seconds)"
    return f"{text}; it was here, the innermost call first:\n{where}" if where else text


def shown_file(filename: str, root: Path) -> str:
    """Return a file's path within the project, or its whole path."""
    path = Path(filename)
    return str(path.relative_to(root)) if path.is_relative_to(root) else filename
