"""What keeps this machine from having test hosts: `python -m tests.live.obstacles` prints it and fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from tests.conformance.build import BuildError
from tests.live import build, charts, images, rootfs, web_proxy

_PROGRAMS: Final = {"mmdebstrap": "mmdebstrap", "systemd-nspawn": "systemd-container", "ssh": "openssh-client"}
_PROBE: Final = ("unshare", "--mount", "--net", "--uts", "--ipc", "ip", "link", "add", "probe", "type", "bridge")
"""What booting a host needs of the kernel, in namespaces that are gone at once."""


def obstacles() -> list[str]:
    """What stands in the way, each with what to do."""
    return list(_obstacles())


def _obstacles() -> Iterator[str]:
    if os.geteuid() != 0:
        yield "not root: test hosts are containers that only root may boot"
    elif problem := _machine():
        yield f"this machine has no namespaces or bridges for test hosts ({problem}): use a machine or VM of your own"
    for program, package in _PROGRAMS.items():
        if shutil.which(program) is None:
            yield f"no {program} on PATH: install Debian's {package}"
    if missing := build.missing():
        yield f"not in the cache: {', '.join(missing)}: run `make live`"
    elif not _images_are_cached():
        yield "images or charts are not in the cache: run `make live`"
    if not (rootfs.host_is_cached() and rootfs.packages_are_cached(web_proxy.PACKAGES)):
        yield "the hosts' system or the proxy is not in the cache: run `make live`"


def _machine() -> str:
    """Why the kernel refuses what hosts need; empty where it does not."""
    try:
        done = subprocess.run(_PROBE, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        return f"no {error.filename}"
    return done.stderr.strip() if done.returncode != 0 else ""


def _images_are_cached() -> bool:
    try:
        return all(image.archive.is_file() for image in images.every()) and charts.are_cached()
    except (BuildError, OSError):  # their programs are not here
        return False


def main() -> int:
    """Print every obstacle."""
    found = obstacles()
    for obstacle in found:
        print(obstacle)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
