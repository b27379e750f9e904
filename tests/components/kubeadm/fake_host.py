"""A host that is a folder: the node program runs below it, and what it calls are stand-ins that note the call."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.kubeadm.program import Block, blocks, environment, node_program

CALLS: Final = "calls"
"""Each stand-in adds a line here: its name, its arguments, and all of its environment."""

_RECORD: Final = """#!/bin/bash
{ printf '%s %s\\n' "${0##*/}" "$*"; env; } >>"$INFRAPLATFORM_ROOT/calls"
"""
_STAND_INS: Final = {
    "systemctl": """
active=$INFRAPLATFORM_ROOT/active
if [[ $1 == is-active ]]; then [[ -f $active ]]; else : >"$active"; fi
""",
    "modprobe": "",
    "sysctl": "",
    "containerd": "",
    "ctr": '[[ "$*" != *list* ]] || cat "$INFRAPLATFORM_ROOT/images" 2>/dev/null || true',
    "ip": '[[ "$*" != *address* ]] || echo "2: eth0 inet 10.0.0.11/24 scope global eth0"',
    "kubeadm": """
kubernetes=$INFRAPLATFORM_ROOT/etc/kubernetes
[[ ! -f $INFRAPLATFORM_ROOT/kubeadm-fails ]] || { echo 'the token is abcdef.0123456789abcdef'; exit 1; }
case $1 in
reset) rm -rf "$kubernetes" ;;
init | join) mkdir -p "$kubernetes/manifests"; : >"$kubernetes/kubelet.conf"; : >"$kubernetes/manifests/etcd.yaml" ;;
esac
""",
    "helm": "",
    "kubectl": """
case "$*" in
*podCIDR*) echo -n 10.244.1.0/24 ;;
*status*) echo -n True ;;
esac
""",
    "curl": """
for word; do [[ $word != file://* ]] || exec /usr/bin/curl "$@"; done
url=${!#}
answer=$INFRAPLATFORM_ROOT/answers/$(tr '/:?' '___' <<<"${url#https://}")
[[ ! -f $answer ]] || cat "$answer"
""",
}
_FILES: Final = {
    "proc/sys/net/ipv4/ip_forward": "1\n",
    "proc/meminfo": "MemTotal:        8388608 kB\n",
    "proc/swaps": "Filename Type Size Used Priority\n",
    "sys/class/net/eth0/mtu": "1500\n",
    "sys/class/net/eth0/address": "02:00:00:00:00:11\n",
    "etc/machine-id": "f00d\n",
    "etc/hosts": "127.0.0.1 localhost\n",
}
VARIABLES: Final = {
    "NODE_NAME": "a1",
    "NODE_ROLE": "worker",
    "NODE_ADDRESS": "10.0.0.11",
    "CLUSTER_NAME": "lab",
    "KUBERNETES_VERSION": "1.36.3",
    "API_ENDPOINT": "10.0.0.1:6443",
    "CONTROL_PLANES": "c1=10.0.0.1 c2=10.0.0.2",
    "POD_CIDR": "10.244.0.0/16",
}


@dataclass(frozen=True)
class Ran:
    """What a verb ended with and said, both outputs in one text."""

    status: int
    said: str


class FakeHost:
    """A host below `root`, with its configuration received."""

    def __init__(self, root: Path, **variables: str) -> None:
        self.root = root
        for name, text in _FILES.items():
            self.write(name, text)
        for folder in ("run/systemd/system", "var/lib", "usr/local"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name, text in _STAND_INS.items():
            self.stand_in(name, text)
        self.variables = VARIABLES | variables
        self.configure()

    def configure(self, *more: Block, **variables: str) -> Ran:
        """Receive a configuration: `node.env`, what `member` needs, and more."""
        self.variables |= variables
        given = [
            Block("/etc/infraplatform/node.env", environment(self.variables)),
            Block("/etc/infraplatform/downloads", ""),
            Block("/etc/infraplatform/labels", ""),
            Block("/etc/infraplatform/containerd/config.toml", "version = 3"),
            *more,
        ]
        return self.run("receive", given=blocks(given))

    def write(self, name: str, text: str) -> Path:
        """A file of the host."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """A file's text."""
        return (self.root / name).read_text(encoding="utf-8")

    def stand_in(self, name: str, text: str) -> None:
        """A program of the host, in bash."""
        self.write(f"usr/local/bin/{name}", _RECORD + text).chmod(0o755)

    def answers(self, url: str, text: str) -> None:
        """What an HTTPS server answers."""
        self.write("answers/" + url.translate(str.maketrans("/:?", "___")), text)

    def calls(self, program: str) -> list[str]:
        """The arguments of each call of a stand-in."""
        lines = self.read(CALLS).splitlines() if (self.root / CALLS).exists() else []
        return [line.removeprefix(f"{program} ") for line in lines if line.startswith(f"{program} ")]

    def run(self, *words: str, given: str = "") -> Ran:
        """A verb of the program."""
        return self._bash(node_program(), words, given)

    def call(self, function: str, given: str = "") -> Ran:
        """A function of the program, as one bash line, with the configuration read."""
        text = node_program().rstrip().removesuffix('main "$@"')
        return self._bash(f"{text}\nload_node\n{function}\n", (), given)

    def _bash(self, text: str, words: tuple[str, ...], given: str) -> Ran:
        script = self.write("program.sh", text)
        shell = shutil.which("bash") or "bash"
        ended = subprocess.run(
            [shell, str(script), *words],
            input=given,
            env={"INFRAPLATFORM_ROOT": str(self.root), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Ran(ended.returncode, ended.stdout + ended.stderr)
