"""Processes on this machine that make up its test hosts: started once, found again by their ids, ended by them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_STARTED: Final[list[subprocess.Popen[bytes]]] = []  # so that Python does not warn of what outlives the function


class HostError(Exception):
    """A host did not come up; the message says which, and what its console said."""


def keep(process: subprocess.Popen[bytes]) -> None:
    """Let a process outlive what started it; its owner ends it by its id."""
    _STARTED.append(process)


def child(process: int) -> int | None:
    """The first child of a process, which of systemd-nspawn is the host's init."""
    children = Path(f"/proc/{process}/task/{process}/children")
    found = children.read_text(encoding="utf-8").split() if children.exists() else []
    return int(found[0]) if found else None


def identity(process: int) -> str:
    """A process's id and its start, which no later process of the same id has; empty once it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else f"{process} {fields[19]}"


def end(known: str) -> None:
    """Kill the process of this identity and wait until it is gone; with a host's init go its processes and mounts."""
    if not known:
        return
    process = int(known.split(maxsplit=1)[0])
    if identity(process) == known:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    while identity(process) == known:
        time.sleep(0.1)


def run(*command: str) -> None:
    """Run a command to its end.

    Raises:
        HostError: it failed.
    """
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise HostError(f"{' '.join(command)} ended with {result.returncode}: {result.stderr.strip()}")
