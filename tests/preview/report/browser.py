"""Chromium without a window, spoken to over a pipe in its own DevTools protocol: no driver, no library, no port.

`--remote-debugging-pipe` reads from file descriptor 3 and writes to 4; messages end with a zero byte (known, not read).
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars"),
    "--remote-debugging-pipe",
)
_PATIENCE_SECONDS: Final = 60.0
_END: Final = b"\0"


def found() -> str | None:
    """Return the browser of this machine, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Page:
    """One tab: what it is told, what it answers, and what it has reported meanwhile."""

    def __init__(self, writing: int, reading: int) -> None:
        self.events = list[dict[str, Any]]()
        self._writing, self._reading = writing, reading
        self._number, self._pending, self._session = 0, b"", ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "Accessibility"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Any:
        """Tell the browser something and return its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + _END)
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def open(self, file: Path, *, width: int = 1200, dark: bool = False) -> None:
        """Show a file at a width, as who prefers light or dark would see it."""
        self.events.clear()
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        self.call("Page.navigate", url=file.as_uri())
        until = time.monotonic() + _PATIENCE_SECONDS
        while self.evaluate("document.readyState") != "complete":
            assert time.monotonic() < until, "the page never finished loading"

    def evaluate(self, expression: str) -> Any:
        """Return what an expression of JavaScript is in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str, *, code: int) -> None:
        """Press a key and let it go."""
        text: Mapping[str, str] = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def screenshot(self) -> bytes:
        """Return the whole page as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def _message(self) -> dict[str, Any]:
        while _END not in self._pending:
            ready, _, _ = select.select([self._reading], list[int](), list[int](), _PATIENCE_SECONDS)
            assert ready, "the browser does not answer"
            read = os.read(self._reading, 1 << 20)
            assert read, "the browser has ended"
            self._pending += read
        message, _, self._pending = self._pending.partition(_END)
        decoded: dict[str, Any] = json.loads(message)
        return decoded


@contextmanager
def running(browser: str, profile: Path) -> Iterator[Page]:
    """Start a browser with a profile of its own; end it, whatever happens."""
    theirs, writing = os.pipe()
    reading, to_us = os.pipe()
    pipes = f'exec "$@" 3<&{theirs} 4>&{to_us}'
    process = subprocess.Popen(
        ["bash", "-c", pipes, "bash", browser, *_FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(theirs, to_us),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    os.close(to_us)
    try:
        yield Page(writing, reading)
    finally:
        process.terminate()
        process.wait()
        os.close(writing)
        os.close(reading)
