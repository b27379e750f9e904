"""What stands before the control planes, and somebody who asks the API through it all the time."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import yaml

API_PORT: Final = 6443
_CONNECT_SECONDS: Final = 1
_ASIDE_SECONDS: Final = 5


class LoadBalancer:
    """Hands connections to the first control plane that takes them; stands for the user's own load balancer.

    One that does not take a connection is left out for some seconds.
    """

    def __init__(self, address: str, control_planes: list[str]) -> None:
        self._control_planes = control_planes
        self._aside: dict[str, float] = {}
        self._server = socket.create_server((address, API_PORT))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._hand_over, args=(client,), daemon=True).start()

    def _hand_over(self, client: socket.socket) -> None:
        for address in self._control_planes:
            if self._aside.get(address, 0) > time.monotonic():
                continue
            try:
                server = socket.create_connection((address, API_PORT), timeout=_CONNECT_SECONDS)
            except OSError:
                self._aside[address] = time.monotonic() + _ASIDE_SECONDS
                continue
            server.settimeout(None)
            threading.Thread(target=_copy, args=(client, server), daemon=True).start()
            _copy(server, client)
            return
        client.close()


class ApiClient:
    """Reads from the API five times a second, as the operator of a kubeconfig, and notes what failed.

    Attributes:
        answered: how many times it was answered.
        failed: when it was not, and why.
        longest: seconds of the longest time between two answers.
    """

    def __init__(self, kubeconfig: Path) -> None:
        self.answered = 0
        self.failed: list[str] = []
        self.longest = 0.0
        self._url, self._context = _access(kubeconfig)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        https = urllib.request.HTTPSHandler(context=self._context)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), https)
        last = time.monotonic()
        while not self._ended.wait(0.2):
            try:
                with opener.open(f"{self._url}/api/v1/namespaces/kube-system", timeout=5) as answer:
                    answer.read()
            except OSError as error:
                self.failed.append(f"{time.strftime('%H:%M:%S')} {error}")
                continue
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now
            self.answered += 1


def _access(kubeconfig: Path) -> tuple[str, ssl.SSLContext]:
    """The URL, and how to speak to it. The certificate lies in a file of its own only while it is read."""
    text = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    cluster, user = text["clusters"][0]["cluster"], text["users"][0]["user"]
    context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    pair = kubeconfig.with_name("client.pem")
    pair.touch(mode=0o600)
    pair.write_bytes(b"\n".join(base64.b64decode(user[f"client-{part}-data"]) for part in ("certificate", "key")))
    context.load_cert_chain(pair)
    pair.unlink()
    return cluster["server"], context


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), closing(target):
        while data := source.recv(65536):
            target.sendall(data)
