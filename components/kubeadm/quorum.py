"""Before a control plane leaves: whether etcd has the majority that lets it go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.kubeadm.program import verb_command
from components.kubeadm.ssh import Shell, target_of
from components.terms import MachineRole

_REFUSED: Final = 1
"""What the verb `quorum` ends with where the majority is lost; anything else means that this host cannot say."""


def leaving(hosts: Sequence[Mapping[str, Any]], earlier: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Names of earlier control planes that are none any more; `earlier` are facts by name."""
    stay = {host["name"] for host in hosts if _role(host) == MachineRole.CONTROL_PLANE}
    return sorted(
        name for name, facts in earlier.items() if facts.get("role") == MachineRole.CONTROL_PLANE and name not in stay
    )


def lost_quorum(
    hosts: Sequence[Mapping[str, Any]], earlier: Mapping[str, Mapping[str, str]], opened: Shell
) -> list[str]:
    """What keeps control planes from leaving, one line; nothing where none leaves or etcd has its majority.

    The control planes that stay are asked in their order, until one can say.
    """
    gone = leaving(hosts, earlier)
    helpers = [host for host in hosts if _role(host) == MachineRole.CONTROL_PLANE and host["name"] in earlier]
    if not gone or not helpers:
        return []
    silent: list[str] = []
    for host in helpers:
        answer = opened.run(target_of(host), verb_command(host["user"], "quorum"))
        if answer.status == 0:
            return []
        if answer.status == _REFUSED:
            return [f"{', '.join(gone)}: cannot leave: {answer.errors}"]
        silent.append(f"{host['name']} ({answer.errors})" if answer.unreachable else host["name"])
    problem = f"{', '.join(gone)}: cannot leave: no control plane that stays can say how etcd fares"
    return [f"{problem}: {'; '.join(silent)}; start one of them first"]


def _role(host: Mapping[str, Any]) -> str:
    return str(host["variables"]["NODE_ROLE"])
