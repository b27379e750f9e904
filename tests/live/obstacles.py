"""What keeps this machine from having test hosts: `python -m tests.live.obstacles` prints it and fails."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Final

from tests.live import build, rootfs

_PROGRAMS: Final = {"mmdebstrap": "mmdebstrap", "systemd-nspawn": "systemd-container", "ssh": "openssh-client"}


def obstacles() -> list[str]:
    """What stands in the way, each with what to do."""
    return list(_obstacles())


def _obstacles() -> Iterator[str]:
    if os.geteuid() != 0:
        yield "not root: test hosts are containers that only root may boot"
    for program, package in _PROGRAMS.items():
        if shutil.which(program) is None:
            yield f"no {program} on PATH: install Debian's {package}"
    if missing := build.missing():
        yield f"not in the cache: {', '.join(missing)}: run `make live`"
    if not rootfs.host_is_cached():
        yield "the hosts' system is not in the cache: run `make live`"


def main() -> int:
    """Print every obstacle."""
    found = obstacles()
    for obstacle in found:
        print(obstacle)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
