"""Debian file trees, made by mmdebstrap and cached: the test hosts' system, and the tools below some images."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Final

from tests.conformance.build import BuildError, cache_root

SUITE: Final = "bookworm"
HOST_PACKAGES: Final = (
    "ca-certificates",
    "conntrack",
    "curl",
    "dbus",
    "e2fsprogs",
    "ethtool",
    "hostname",
    "iproute2",
    "iptables",
    "iputils-ping",
    "kmod",
    "mount",
    "netbase",
    "nftables",
    "openssh-server",
    "openssl",
    "procps",
    "runc",  # Go's proxy has its source, but it needs C libraries: the hosts' own is what a user would take too
    "socat",
    "systemd",
    "systemd-sysv",
    "util-linux-extra",
)


def host(more: tuple[str, ...] = ()) -> Path:
    """A small Debian that boots with systemd and answers SSH, as a tar file; with more packages if named."""
    return _made("minbase", (*HOST_PACKAGES, *more))


def packages(names: tuple[str, ...]) -> Path:
    """The files of some packages and of what they need, without a system around them, as a tar file."""
    return _made("extract", names)


def host_is_cached() -> bool:
    """Whether a host's system has been made."""
    return _path("minbase", HOST_PACKAGES).is_file()


def packages_are_cached(names: tuple[str, ...]) -> bool:
    """Whether the files of these packages have been fetched."""
    return _path("extract", names).is_file()


def _path(variant: str, names: tuple[str, ...]) -> Path:
    digest = hashlib.sha256(repr((SUITE, variant, names)).encode()).hexdigest()[:12]
    return cache_root() / "debian" / f"{variant}-{digest}.tar"


def _made(variant: str, names: tuple[str, ...]) -> Path:
    path = _path(variant, names)
    if not path.is_file():
        print(f"Debian {SUITE}, {len(names)} packages: 1 to 4 minutes", flush=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.tar")
        command = ["mmdebstrap", "--quiet", f"--variant={variant}", f"--include={','.join(names)}", SUITE]
        result = subprocess.run([*command, str(unfinished)], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise BuildError(f"mmdebstrap {variant} ended with {result.returncode}:\n{result.stderr[-2000:]}")
        unfinished.rename(path)
    return path
