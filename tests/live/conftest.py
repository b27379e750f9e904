"""Fixtures of the live tests: a site per module, made only where this machine can have one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import build, rootfs
from tests.live.site import Site


def obstacles() -> list[str]:
    """What stands in the way of test hosts on this machine, each with what to do."""
    missing = build.missing()
    return [
        *(["root: test hosts are containers that only root may boot"] if os.geteuid() != 0 else []),
        *(f"{name}: not on PATH; install Debian's {name}" for name in _PROGRAMS if shutil.which(name) is None),
        *([f"{', '.join(missing)}: not in the cache; run `make live`"] if missing else []),
        *([] if rootfs.host_is_cached() else ["the hosts' system: not in the cache; run `make live`"]),
    ]


_PROGRAMS = ("mmdebstrap", "systemd-nspawn", "ssh")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site without hosts; its hosts are gone afterwards, whatever the tests did."""
    if found := obstacles():
        pytest.skip("; ".join(found))
    made = Site(_folder(tmp_path_factory))
    try:
        yield made
    finally:
        made.remove()


def _folder(factory: pytest.TempPathFactory) -> Path:
    """Not below a temporary file system: containerd's own overlays need a real one."""
    return factory.mktemp("site")
