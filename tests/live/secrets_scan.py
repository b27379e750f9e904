"""Looks for a cluster's secrets where none may be: logs, open state, command lines, environments."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.live.site import Site

_LOGS: Final = ("var/log", "var/lib/infraplatform", "etc/infraplatform", "tmp", "root")
_SECONDS: Final = 0.1
_MARK: Final = 48
"""Characters of a secret that are looked for; a line of a PEM file has 64."""


class Watch:
    """Notes the command line and the environment of every process on this machine, its hosts' too, while it lasts.

    Attributes:
        seen: each text that was seen, and whose it was.
    """

    def __init__(self) -> None:
        self.seen: dict[bytes, str] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_SECONDS):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):  # it has ended
                    name = (process / "comm").read_text(encoding="utf-8").strip()
                    for part in ("cmdline", "environ"):
                        self.seen.setdefault((process / part).read_bytes(), f"the {part} of {name}")


def secrets_of(site: Site) -> dict[str, str]:
    """A piece of each secret by its name: the cluster's keys, the operator's, the hosts' certificates for joining."""
    found = {"SSH key": _piece((site.folder / "id").read_text(encoding="utf-8"))}
    for resource in json.loads(site.stack.state(decrypted=True))["deployment"]["resources"]:
        name = resource["urn"].rpartition("::")[2]
        text = resource.get("outputs", {}).get("stdout")
        with suppress(ValueError):
            given = json.loads(_plain(text)) if text else None
            for file, value in given.items() if isinstance(given, dict) else ():
                if isinstance(value, str) and ("PRIVATE KEY" in value or "secret:" in value):
                    found[f"{file} of {name}"] = _piece(value)
    for name, host in site.hosts.items():
        for path in sorted(host.root.glob("etc/kubernetes/pki/**/*.key")):
            found[f"{path.name} on {name}"] = _piece(path.read_text(encoding="utf-8"))
    return found


def leaks(secrets: Mapping[str, str], site: Site, watch: Watch) -> list[str]:
    """Where a secret is and may not be, one line each."""
    return [
        f"{name} in {place}"
        for place, text in _open_texts(site, watch)
        for name, piece in secrets.items()
        if any(form in text for form in _forms(piece))
    ]


def _open_texts(site: Site, watch: Watch) -> Iterator[tuple[str, bytes]]:
    for text, whose in watch.seen.items():
        yield whose, text
    yield "the state", site.stack.state().encode()
    yield "what the engine said", "\n".join(site.stack.said).encode()
    for name, host in site.hosts.items():
        yield f"{name}'s journal", host.run("journalctl --no-pager --output=cat").stdout.encode()
        for folder in _LOGS:
            for path in sorted((host.root / folder).rglob("*")):
                if path.is_file() and not path.is_symlink() and "secrets" not in path.parts:
                    yield f"{path.relative_to(host.root)} on {name}", path.read_bytes()


def _forms(piece: str) -> tuple[bytes, ...]:
    """The piece as it is, and as base64 has it at each of the three places that a byte may have in a group."""
    raw = piece.encode()
    shifted = (base64.b64encode(bytes(shift) + raw)[4 if shift else 0 : -4] for shift in range(3))
    return (raw, *shifted)


def _piece(text: str) -> str:
    """A line from the middle of a key; another line could be the same in all keys of its kind."""
    if "PRIVATE KEY" not in text:
        return text.partition("secret:")[2].strip()[:_MARK]
    lines = [line for line in text.splitlines() if line and not line.startswith("-----")]
    return lines[len(lines) // 2][:_MARK]


def _plain(text: Any) -> str:
    """A value of the decrypted state: a secret is wrapped."""
    if isinstance(text, dict):
        return str(json.loads(text["plaintext"]))
    return str(text)
