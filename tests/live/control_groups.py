"""The control groups of test hosts: each has groups of its own, below one that all of them share."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")
_END_SECONDS: Final = 20


def own(name: str) -> Iterator[Path]:
    """The host's own group of every controller that this machine has; of version 2's tree only where it is alone."""
    trees = [tree for tree in sorted(_CGROUPS.iterdir()) if (tree / "cgroup.procs").exists()] or [_CGROUPS]
    for tree in trees:
        yield tree / "infraplatform-live" / name


def enter(name: str) -> None:
    """Move this process into the host's own groups; its namespace will begin there."""
    for group in own(name):
        group.mkdir(parents=True, exist_ok=True)
        for level in (group.parent, group):  # a group of processors is born empty, and takes no process
            for setting in ("cpuset.cpus", "cpuset.mems"):
                if (level / setting).exists():
                    (level / setting).write_text((level.parent / setting).read_text(encoding="utf-8"), encoding="utf-8")
        (group / "cgroup.procs").write_text("0", encoding="utf-8")


def remove(name: str) -> None:
    """Remove the host's own groups and those below them."""
    for group in own(name):
        _remove(group)


def _remove(group: Path) -> None:
    """Remove a group once what was in it is gone, which systemd-nspawn is a moment after its init."""
    deadline = time.monotonic() + _END_SECONDS
    while group.exists():
        try:
            for folder, _, _ in os.walk(group, topdown=False):
                Path(folder).rmdir()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
