"""What a program's process loads: the files it opens, the folders it lists itself, and whether it asks anything else.

An audit hook sees every `open`, also that of a module's code and of a file that is not there. What Python itself does
not tell (whether a file exists, and what a C extension reads by itself) is not seen.
Events: docs.python.org/3.11/library/audit_events.html, read 2026-11-29.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any, Final

_ASKS_ELSEWHERE: Final = (
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.system",
    "socket.connect",
    "sqlite3.connect",
    "subprocess.Popen",
)
_LISTS: Final = ("os.listdir", "os.scandir")
_IMPORT: Final = "<frozen importlib._bootstrap_external>"  # lists each folder that a module may lie in


class Loaded:
    """Records from its making to the process's end; a hook cannot be taken away again."""

    def __init__(self) -> None:
        self._files = set[str]()
        self._folders = set[str]()
        self._elsewhere = set[str]()
        sys.addaudithook(self._see)

    def write(self, path: Path) -> None:
        """Write what was seen until now: absolute paths, a module's source in place of its bytecode."""
        seen = {
            "files": sorted({_source(file) for file in set(self._files)}),
            "folders": sorted(set(self._folders)),
            "elsewhere": sorted(set(self._elsewhere)),
        }
        path.write_text(json.dumps(seen), encoding="utf-8")

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if not isinstance(arguments[0], int):  # a descriptor was opened before
                self._files.add(_absolute(arguments[0]))
        elif event in _LISTS:
            if isinstance(arguments[0], int):
                self._elsewhere.add(event)
            elif sys._getframe(1).f_code.co_filename != _IMPORT:  # noqa: SLF001  what audit hooks have
                self._folders.add(_absolute(arguments[0] or "."))
        elif event in _ASKS_ELSEWHERE:
            self._elsewhere.add(event)


def _absolute(path: str | bytes | os.PathLike[str]) -> str:
    """Return a path as it is now, before the program changes its directory."""
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100  `resolve` would ask the file system, inside the hook


def _source(file: str) -> str:
    try:
        return source_from_cache(file) if file.endswith(".pyc") else file
    except ValueError:
        return file  # bytecode without a source
