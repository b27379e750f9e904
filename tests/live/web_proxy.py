"""An HTTP proxy as a site has one: Debian's tinyproxy, which alone knows the names that it is asked for."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.live import rootfs
from tests.live.hosts import GATEWAY, PREFIX
from tests.live.processes import HostError, end, identity, keep, run

PACKAGES: Final = ("tinyproxy",)
PORT: Final = 3128
URL: Final = f"http://{GATEWAY}:{PORT}"
_CONFIGURATION: Final = f"""\
Port {PORT}
Listen {GATEWAY}
Timeout 600
MaxClients 200
Allow {GATEWAY}/{PREFIX}
LogFile "/proxy.log"
LogLevel Connect
"""
_ASKED: Final = re.compile(r"Request .*: (?:CONNECT |[A-Z]+ https?://)([^\s/]+)")
_CLIENT: Final = re.compile(r"Connect .*: ([0-9.]+)")


class WebProxy:
    """A proxy that runs until `end`, in a file tree of its own: its names are in no file of this machine."""

    def __init__(self, folder: Path, names: Mapping[str, str]) -> None:
        self._root = folder / "proxy"
        (self._root / "etc").mkdir(parents=True)
        run("tar", "-C", str(self._root), "-xf", str(rootfs.packages(PACKAGES)))
        self._write("etc/nsswitch.conf", "hosts: files\n")
        self._write("etc/hosts", "".join(f"{address} {name}\n" for name, address in names.items()))
        self._write("proxy.conf", _CONFIGURATION)
        process = subprocess.Popen(
            ["chroot", str(self._root), "/usr/bin/tinyproxy", "-d", "-c", "/proxy.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        keep(process)
        self._process = identity(process.pid)
        self._wait()

    def end(self) -> None:
        """Answer nobody any more."""
        end(self._process)

    def asked(self) -> set[str]:
        """The names that it was asked for, with their ports."""
        return set(_ASKED.findall(self._log()))

    def clients(self) -> set[str]:
        """The addresses of who asked."""
        return set(_CLIENT.findall(self._log()))

    def _log(self) -> str:
        return (self._root / "proxy.log").read_text(encoding="utf-8", errors="replace")

    def _write(self, name: str, text: str) -> None:
        (self._root / name).write_text(text, encoding="utf-8")

    def _wait(self) -> None:
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection((GATEWAY, PORT), timeout=1).close()
            except OSError:
                if time.monotonic() > deadline:
                    raise HostError(f"tinyproxy does not answer at {URL}") from None
                time.sleep(0.1)
            else:
                return
