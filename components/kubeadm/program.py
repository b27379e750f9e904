"""The node program and what it is told: texts that go to hosts by standard input.

The program is `node/*.sh` in one text. What follows it is public configuration in blocks, readable in previews and by
policies. The words between the parts are in `docs/adr/0008-own-servers.md`.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PROGRAM: Final = "/usr/local/sbin/infraplatform-node"
"""Where the program is on a host."""
END_OF_PROGRAM: Final = "#--- end of the program"
"""The line between the program and the blocks."""
PUBLIC_FOLDER: Final = "/etc/infraplatform"
API_PORT: Final = 6443
"""Where API servers listen. Also in `node/lib.sh`."""
_NODE: Final = Path(__file__).parent / "node"
_FIRST, _LAST = "lib.sh", "main.sh"
_SHEBANG: Final = "#!/bin/bash"
_COMMENT: Final = re.compile(r"^\s*#(?!!).*\n", re.MULTILINE)
_ORIGIN: Final = "# InfraPlatform, components/kubeadm/node: there each part says why."

_SEND: Final = f"""\
set -eu
text=$(mktemp)
trap 'rm -f "$text"' EXIT
cat >"$text"
sed '/^{END_OF_PROGRAM}$/q' "$text" >{PROGRAM}.new
chmod 0755 {PROGRAM}.new
mv {PROGRAM}.new {PROGRAM}
{PROGRAM} receive <"$text"
{PROGRAM} install </dev/null"""


@dataclass(frozen=True)
class Block:
    """A file on a host: its absolute path, its text, its mode in octal digits."""

    path: str
    text: str
    mode: str = "0644"


def node_source() -> str:
    """The node program as it is written, one bash text."""
    names = sorted(path.name for path in _NODE.glob("*.sh") if path.name not in (_FIRST, _LAST))
    texts = [(_NODE / name).read_text(encoding="utf-8") for name in (_FIRST, *names, _LAST)]
    return "\n".join([_SHEBANG, *(text.removeprefix(_SHEBANG).strip("\n") for text in texts), ""])


@cache
def node_program() -> str:
    """The node program without its comments: a state keeps it with each node."""
    first, _, rest = node_source().partition("\n")
    return f"{first}\n{_ORIGIN}\n{_COMMENT.sub('', rest)}"


def blocks(files: Sequence[Block]) -> str:
    """Files in the form that `receive` and `member` read from standard input."""
    return "".join(f"--- {file.path} {file.mode}\n{file.text.rstrip()}\n" for file in files)


def environment(variables: Mapping[str, str]) -> str:
    """Shell assignments, one a line, each value quoted."""
    return "".join(f"{name}={_quoted(value)}\n" for name, value in variables.items())


def sent(files: Sequence[Block]) -> str:
    """The standard input of `send_command()`: the program, then the public configuration."""
    return f"{node_program()}{END_OF_PROGRAM}\n{blocks(files)}"


def probe(variables: Mapping[str, str]) -> str:
    """The standard input of `bash -s -- preflight` on a host that has no program yet."""
    return f"{environment(variables)}{node_program()}"


def digest(files: Sequence[Block], name: str = "") -> str:
    """What makes a command differ when its node's public configuration does, or the one file of it that has a name."""
    wanted = [file for file in files if file.path == f"{PUBLIC_FOLDER}/{name}"] if name else files
    return hashlib.sha256(blocks(wanted).encode()).hexdigest()


def send_command(user: str) -> str:
    """The command that takes `sent()`: it writes the program, receives the configuration and installs."""
    return _as_root(user, f"sh -c {shlex.quote(_SEND)}")


def verb_command(user: str, *words: str) -> str:
    """The command that runs a verb of the program as root."""
    return _as_root(user, shlex.join([PROGRAM, *words]))


def accept_command(user: str, newest: str) -> str:
    """The command that has a control plane accept keys; on a host without the program it does nothing."""
    accept = shlex.join([PROGRAM, "accept", newest])
    return _as_root(user, f"sh -c {shlex.quote(f'if test -x {PROGRAM}; then exec {accept}; fi; cat >/dev/null')}")


def probe_command(user: str) -> str:
    """The command that takes `probe()`."""
    return _as_root(user, "bash -s -- preflight")


def _as_root(user: str, command: str) -> str:
    return command if user == "root" else f"sudo -n {command}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
