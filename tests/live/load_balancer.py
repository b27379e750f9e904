"""What stands before the control planes: a user's own load balancer, which asks each whether it is ready."""

from __future__ import annotations

import socket
import ssl
import threading
import urllib.request
from collections import defaultdict
from contextlib import closing, suppress
from typing import Final

API_PORT: Final = 6443
_CHECK_SECONDS: Final = 1


class LoadBalancer:
    """Hands connections to the first control plane that is ready and takes them, and ends those of one that is not."""

    def __init__(self, address: str, control_planes: list[str]) -> None:
        self._control_planes = control_planes
        self._ready: set[str] = set()
        self._open: defaultdict[str, list[socket.socket]] = defaultdict(list)
        self._closed = threading.Event()
        self._server = socket.create_server((address, API_PORT))
        threading.Thread(target=self._serve, daemon=True).start()
        for control_plane in control_planes:
            threading.Thread(target=self._check, args=(control_plane,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._closed.set()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _check(self, control_plane: str) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # as load balancers do: clients verify
        https = urllib.request.HTTPSHandler(context=context)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), https)
        while not self._closed.wait(_CHECK_SECONDS):
            try:
                with opener.open(f"https://{control_plane}:{API_PORT}/readyz", timeout=2):
                    self._ready.add(control_plane)
            except OSError:
                self._ready.discard(control_plane)
                for connection in self._open.pop(control_plane, []):
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._hand_over, args=(client,), daemon=True).start()

    def _hand_over(self, client: socket.socket) -> None:
        for control_plane in self._control_planes:
            if control_plane not in self._ready:
                continue
            try:
                server = socket.create_connection((control_plane, API_PORT), timeout=_CHECK_SECONDS)
            except OSError:
                continue
            server.settimeout(None)
            self._open[control_plane].append(server)
            threading.Thread(target=_copy, args=(client, server), daemon=True).start()
            _copy(server, client)
            return
        client.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), closing(target):
        while data := source.recv(65536):
            target.sendall(data)
