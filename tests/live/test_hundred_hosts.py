"""A hundred hosts are visited side by side. They are one SSH server's addresses that says what a node would say.

This figure alone is had from a stand-in: it is about the engine and what runs on the operator's machine.
"""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pytest

from tests.live import figures, hosts
from tests.live.engine import Stack
from tests.live.hosts import Host
from tests.live.site import Site

pytestmark = pytest.mark.live

FEW, MANY = 10, 100
ENGINE_AT_A_TIME: Final = 4
"""Commands per processor that the engine runs at a time, unless `--parallel` says otherwise."""
_STATE_AT_THE_END: Final = {"PULUMI_SKIP_CHECKPOINTS": "true"}
"""A state in a file is written whole after each of 1,200 steps: this is about hosts, and not about files."""
_LOG: Final = "/var/log/visits"
_STAND_IN: Final = f"""\
#!/bin/bash
address=$(cut -d ' ' -f 3 <<<"$SSH_CONNECTION")
kind=visit
[[ $SSH_ORIGINAL_COMMAND != *preflight* ]] || kind=preflight
echo "$kind 1 $(date +%s%N)" >>{_LOG}
cat >/dev/null
sleep 1
if [[ $kind == preflight ]]; then
    for fact in hostname machine_id mac; do echo "fact $fact $address"; done
    echo "fact time $(date +%s)"
fi
echo "$kind -1 $(date +%s%N)" >>{_LOG}
"""
_DROP_IN: Final = """\
[Service]
ExecStart=
ExecStart=/usr/sbin/sshd -D -o MaxStartups=500 -o ForceCommand=/usr/local/sbin/stand-in
"""


@pytest.fixture(scope="module")
def stand_in(site: Site) -> Host:
    """The one server with all the addresses."""
    (host,) = site.add("cp-1")
    program = host.root / "usr/local/sbin/stand-in"
    program.write_text(_STAND_IN, encoding="utf-8")
    program.chmod(0o755)
    (host.root / "etc/systemd/system/ssh.service.d/log.conf").write_text(_DROP_IN, encoding="utf-8")
    added = "; ".join(f"ip address add {address}/32 dev host0" for address in addresses(MANY)[1:])
    host.run(f"{added}; systemctl daemon-reload; systemctl restart ssh")
    return host


def addresses(count: int) -> list[str]:
    """The control plane's own, then as many workers' as are wanted."""
    base = hosts.GATEWAY.rpartition(".")[0]
    return [f"{base}.11", *(f"{base}.{last}" for last in range(121, 120 + count))]


def settings(site: Site, count: int) -> dict[str, Any]:
    """One control plane, all others workers, one host key."""
    made = site.settings("cp-1")
    template = made["provider"]["hosts"]["cp-1"]
    for number, address in enumerate(addresses(count)[1:], start=1):
        worker = {**template, "address": address, "role": "worker"}
        made["provider"]["hosts"][f"worker-{number:03}"] = worker
    return made


def at_a_time(host: Host, kind: str) -> int:
    """The most visits of a kind that there were at one time."""
    lines = [line.split() for line in (host.root / _LOG.lstrip("/")).read_text(encoding="utf-8").splitlines()]
    ordered = sorted((int(when), int(step)) for name, step, when in lines if name == kind)
    return max(accumulate(step for _, step in ordered))


def visit(site: Site, host: Host, count: int) -> float:
    """Seconds per host of an `up` of so many."""
    (host.root / _LOG.lstrip("/")).write_text("", encoding="utf-8")
    stack = Stack(site.folder / f"stack-{count}", f"of-{count}", _STATE_AT_THE_END)
    key = Path(site.folder / "id").read_text(encoding="utf-8")
    stack.configure(settings(site, count), {"ssh_private_key": key})
    name = f"`up` of {count} hosts that a stand-in answers for"
    figures.timed(name, stack.up)
    return figures.SECONDS[name] / count


def test_a_hundred_hosts_are_visited_side_by_side(site: Site, stand_in: Host) -> None:
    few = visit(site, stand_in, FEW)
    many = visit(site, stand_in, MANY)
    looked, visited = at_a_time(stand_in, "preflight"), at_a_time(stand_in, "visit")
    print(f"{few:.2f} s per host of {FEW}, {many:.2f} s of {MANY}; at a time: {looked} looked at, {visited} visited")
    assert looked >= 25, "preflight asks 50 at a time"
    assert visited >= ENGINE_AT_A_TIME, "the engine's own limit"
