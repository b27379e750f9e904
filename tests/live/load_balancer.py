"""What stands before the control planes."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing, suppress
from typing import Final

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


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), closing(target):
        while data := source.recv(65536):
            target.sendall(data)
