"""Somebody who asks all the time, and notes when nobody answered."""

from __future__ import annotations

import base64
import itertools
import ssl
import threading
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import yaml

_EVERY_SECONDS: Final = 0.2
_AGAIN_SECONDS: Final = 0.3


class Client:
    """Asks some addresses in turn, five times a second, while its `with` block runs.

    Attributes:
        answered: how many requests were answered.
        failed: those that were not, each with the time and the reason.
        longest: seconds of the longest time between two answers.
    """

    def __init__(self, urls: Sequence[str], context: ssl.SSLContext | None = None, *, tries: int = 1) -> None:
        """A request has failed when so many tries of it have."""
        self.answered = 0
        self.failed: list[str] = []
        self.longest = 0.0
        self._urls = itertools.cycle(urls)
        self._tries = tries
        https = urllib.request.HTTPSHandler(context=context)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), https)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        """Begin to ask."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ask no more."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        last = time.monotonic()
        while not self._ended.wait(_EVERY_SECONDS):
            if reason := self._ask(next(self._urls)):
                self.failed.append(f"{time.strftime('%H:%M:%S')} {reason}")
                continue
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now
            self.answered += 1

    def _ask(self, url: str) -> str:
        """Why it was not answered; empty where it was."""
        reason = ""
        for _ in range(self._tries):
            try:
                with self._opener.open(url, timeout=5) as answer:
                    answer.read()
            except OSError as error:
                reason = f"{url}: {error}"
                time.sleep(_AGAIN_SECONDS)
            else:
                return ""
        return reason


def api_client(kubeconfig: Path, *, tries: int = 1) -> Client:
    """Somebody who reads from the API as the operator of a kubeconfig."""
    text = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    cluster, user = text["clusters"][0]["cluster"], text["users"][0]["user"]
    context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    pair = kubeconfig.with_name("client.pem")  # it lies there only while it is read
    pair.touch(mode=0o600)
    pair.write_bytes(b"\n".join(base64.b64decode(user[f"client-{part}-data"]) for part in ("certificate", "key")))
    context.load_cert_chain(pair)
    pair.unlink()
    return Client([f"{cluster['server']}/api/v1/namespaces/kube-system"], context, tries=tries)
