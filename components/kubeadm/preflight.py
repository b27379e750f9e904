"""Looks at all hosts before anything changes on any: `python -m components.kubeadm.preflight`.

Standard input is `{"access": ..., "hosts": [{..., "variables": ..., "command": ...}]}`; each host is asked by the node
program's verb `preflight`, which changes nothing. What is amiss on any host is reported for all of them together, and
the command fails. Standard output is what was found of each host, as JSON; an earlier one, which the engine hands over
in the environment, spares the hosts that were looked at already.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from components.errors import PlatformError
from components.kubeadm.peers import members, peers, unreached
from components.kubeadm.program import probe
from components.kubeadm.quorum import lost_quorum
from components.kubeadm.ssh import Access, Answer, Shell, access_of, shell, target_of

AT_A_TIME: Final = 50
UNIQUE: Final = {
    "hostname": "two hosts answer by it; give each its own in /etc/hostname",
    "machine_id": "cloned machines have it; remove /etc/machine-id, run systemd-machine-id-setup, restart",
    "product_uuid": "Kubernetes tells nodes apart by it; have the hypervisor give each machine its own",
    "mac": "two hosts on one network answer to it; have the hypervisor give each machine its own",
}
"""Facts that no two hosts share, and what to do where they do."""
MAX_CLOCK_SECONDS: Final = 60
_ASKED: Final = {"LONGHORN": "longhorn"}
"""Variables that change what a host is judged by, and the facts that they are kept as."""
_EARLIER: Final = "PULUMI_COMMAND_STDOUT"


@dataclass(frozen=True)
class Findings:
    """What a host said of itself: facts by name, and what is amiss, each with its remedy."""

    facts: Mapping[str, str]
    amiss: Sequence[str]


def read_findings(answer: Answer, asked: float) -> Findings:
    """The lines that the verb `preflight` prints; `asked` is this machine's time in epoch seconds."""
    if answer.status != 0:
        return Findings({}, [_no_answer(answer)])
    lines = [line.partition(" ") for line in answer.output.splitlines()]
    facts = {name: value for word, _, rest in lines if word == "fact" for name, _, value in [rest.partition(" ")]}
    amiss = [rest for word, _, rest in lines if word == "finding"]
    if "time" not in facts:
        return Findings(facts, [*amiss, "said nothing of itself; see that its user's shell is bash or sh"])
    apart = abs(float(facts["time"]) - asked)
    if apart > MAX_CLOCK_SECONDS:
        amiss.append(f"its clock is {apart:.0f} seconds off; have chrony or systemd-timesyncd set it")
    return Findings(facts, amiss)


def shared(hosts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What two hosts share and must not, one line each; hosts are facts by name."""
    lines: list[str] = []
    for fact, remedy in UNIQUE.items():
        owners: dict[str, list[str]] = {}
        for name, facts in sorted(hosts.items()):
            if facts.get(fact):
                owners.setdefault(facts[fact], []).append(name)
        lines += [
            f"{', '.join(names)}: have the same {fact} {value}; {remedy}"
            for value, names in owners.items()
            if len(names) > 1
        ]
    return lines


def look(asked: Sequence[Mapping[str, Any]], hosts: Sequence[Mapping[str, Any]], access: Access) -> dict[str, Findings]:
    """Ask some of the hosts, side by side; findings by name."""
    with shell(access) as opened, ThreadPoolExecutor(max_workers=AT_A_TIME) as pool:
        return dict(pool.map(partial(_ask, opened, hosts), asked))


def judge(given: Mapping[str, Any], earlier: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Facts of all hosts by name, new ones and those looked at earlier at the same address.

    Raises:
        PlatformError: something is amiss; the message has all of it.
    """
    hosts: list[dict[str, Any]] = given["hosts"]
    known = {host["name"]: dict(earlier[host["name"]]) for host in hosts if _same(earlier.get(host["name"], {}), host)}
    access = access_of(given["access"])
    found = look([host for host in hosts if host["name"] not in known], hosts, access)
    addresses = {host["name"]: host["address"] for host in hosts}
    facts = known | {name: {"address": addresses[name], **_kept(each)} for name, each in found.items()}
    for host in hosts:
        facts[host["name"]] |= {"role": host["variables"]["NODE_ROLE"], **_asked(host)}
    with shell(access) as opened:
        lost = lost_quorum(hosts, earlier, opened)
    lines = lost + [f"{name}: {line}" for name, each in sorted(found.items()) for line in each.amiss] + shared(facts)
    answered = {name: each.facts for name, each in found.items() if each.facts}
    lines += unreached(answered, members([host for host in hosts if host["name"] in known]))
    if lines:
        count = "1 finding" if len(lines) == 1 else f"{len(lines)} findings"
        listed = "\n".join(f"  - {line}" for line in lines)
        raise PlatformError(f"preflight: {count}, and nothing was changed on any host that is new:\n{listed}")
    return facts


def main() -> None:
    """Look, print the facts, or fail with all findings."""
    given = json.load(sys.stdin)
    earlier = json.loads(os.environ.get(_EARLIER) or "{}")
    try:
        json.dump(judge(given, earlier), sys.stdout, sort_keys=True)
    except PlatformError as error:
        sys.exit(str(error))


def _ask(opened: Shell, hosts: Sequence[Mapping[str, Any]], host: Mapping[str, Any]) -> tuple[str, Findings]:
    asked = time.time()
    answer = opened.run(target_of(host), host["command"], probe({**host["variables"], "PEERS": peers(host, hosts)}))
    return host["name"], read_findings(answer, asked)


def _same(earlier: Mapping[str, str], host: Mapping[str, Any]) -> bool:
    """Whether a host is the one that was looked at, and is to be no more than it was then."""
    asked = {name: earlier[name] for name in _ASKED.values() if name in earlier}
    return earlier.get("address") == host["address"] and _asked(host).items() <= asked.items()


def _asked(host: Mapping[str, Any]) -> dict[str, str]:
    """What may be asked of a host later: kept with its facts, so that it is looked at again when that changes."""
    variables = host["variables"]
    return {name: variables[variable] for variable, name in _ASKED.items() if variable in variables}


def _no_answer(answer: Answer) -> str:
    if not answer.unreachable:
        return f"the probe ended with status {answer.status} ({answer.errors}); see that its user may run sudo"
    if "verification failed" in answer.errors or "REMOTE HOST IDENTIFICATION" in answer.errors:
        return "its SSH host key is not the one in the settings; find out why before you write the new one in host_key"
    if "Permission denied" in answer.errors:
        return f"refuses the SSH key ({answer.errors}); put its public part in the user's authorized_keys"
    return f"cannot be reached by SSH ({answer.errors}); start it, or correct its address, port or the bastion"


def _kept(findings: Findings) -> dict[str, str]:
    """The facts that later hosts are compared with."""
    return {name: findings.facts[name] for name in UNIQUE if name in findings.facts}


if __name__ == "__main__":
    main()
