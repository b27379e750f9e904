"""SSH from the operator's machine, by its `ssh` program.

It is for what runs before a host has the node program, and for hosts that may be gone. The private key and the pinned
host keys are in a folder that only the user reads, for as long as a `shell()` lasts.
"""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CONNECT_SECONDS: Final = 15
UNREACHABLE: Final = 255
"""What `ssh` ends with when it got no session; every other status is the command's own."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A host as `ssh` reaches it."""

    name: str
    address: str
    port: int
    user: str
    host_key: str


@dataclass(frozen=True)
class Access:
    """How all hosts of a stack are reached: a private key, or the agent where it is None; a bastion or none."""

    private_key: str | None
    bastion: Target | None


@dataclass(frozen=True)
class Answer:
    """What a command on a host gave: its exit status, standard output and standard error."""

    status: int
    output: str
    errors: str

    @property
    def unreachable(self) -> bool:
        """Whether no session was had at all."""
        return self.status == UNREACHABLE


class Shell:
    """Runs commands on hosts; made by `shell()`."""

    def __init__(self, folder: Path, access: Access) -> None:
        self._folder = folder
        self._access = access

    def run(self, target: Target, command: str, text: str = "", seconds: int = 120) -> Answer:
        """Run a command on a host, `text` on its standard input; one that takes longer than `seconds` is given up."""
        words = [*self._words(target), command]
        try:
            done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return Answer(UNREACHABLE, "", f"no answer within {seconds} seconds")
        return Answer(done.returncode, done.stdout, done.stderr.strip())

    def _words(self, target: Target) -> list[str]:
        words = ["ssh", *self._options(target), "-p", str(target.port)]
        bastion = self._access.bastion
        if bastion is not None:
            hop = ["ssh", *self._options(bastion), "-p", str(bastion.port), "-W", "%h:%p"]
            words += ["-o", f"ProxyCommand={shlex.join([*hop, f'{bastion.user}@{bastion.address}'])}"]
        return [*words, f"{target.user}@{target.address}"]

    def _options(self, target: Target) -> list[str]:
        """No file of the user's own is read: what the settings say is all there is."""
        known = self._folder / f"known-{target.name}"
        known.write_text(f"{_known_name(target)} {target.host_key}\n", encoding="utf-8")
        options = {
            "BatchMode": "yes",
            "ConnectTimeout": str(CONNECT_SECONDS),
            "GlobalKnownHostsFile": "/dev/null",
            "HostKeyAlgorithms": _algorithms(target.host_key),
            "LogLevel": "ERROR",
            "ServerAliveInterval": "10",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": str(known),
        }
        if self._access.private_key is not None:
            options |= {"IdentitiesOnly": "yes", "IdentityFile": str(self._folder / "key")}
        return ["-F", "/dev/null", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]


@contextmanager
def shell(access: Access) -> Iterator[Shell]:
    """A shell to hosts; its keys are gone when it ends."""
    with tempfile.TemporaryDirectory(prefix="infraplatform-ssh-") as name:
        folder = Path(name)
        if access.private_key is not None:
            key = folder / "key"
            key.touch(mode=0o600)
            key.write_text(f"{access.private_key.rstrip()}\n", encoding="utf-8")
        yield Shell(folder, access)


def target_of(given: Mapping[str, Any]) -> Target:
    """A target as the programs of this folder read it on standard input."""
    return Target(**{name: given[name] for name in ("name", "address", "port", "user", "host_key")})


def access_of(given: Mapping[str, Any]) -> Access:
    """The access as the programs of this folder read it on standard input."""
    bastion = given.get("bastion")
    return Access(given.get("private_key"), None if bastion is None else target_of(bastion))


def _known_name(target: Target) -> str:
    return target.address if target.port == 22 else f"[{target.address}]:{target.port}"


def _algorithms(host_key: str) -> str:
    """The signatures that a key of this kind makes; an RSA key makes two that are still sound."""
    kind = host_key.partition(" ")[0]
    return "rsa-sha2-512,rsa-sha2-256" if kind == "ssh-rsa" else kind
