"""Takes a node out of its cluster, also a dead one: `python -m components.kubeadm.leave`.

Standard input is `{"access", "node", "role", "target", "helpers", "commands"}`; the helpers are the other control
planes. One that is a member drains the node, removes its etcd member and its Node object (the node program's verb
`leave`); then the host itself is reset, where it is still there. Where no other control plane is a member any more the
cluster ends with this node, and resetting it is all there is to do.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from components.errors import PlatformError
from components.kubeadm.ssh import Shell, access_of, shell, target_of

LEAVE_SECONDS: Final = 600
RESET_SECONDS: Final = 300
NO_MEMBER: Final = 3
"""What the verb `leave` ends with on a host that is itself no member of the cluster."""


def leave(given: Mapping[str, Any], opened: Shell) -> list[str]:
    """Take the node out; what was done, one line each.

    Raises:
        PlatformError: a control plane refused (a lost quorum), or none of several answers.
    """
    return [*_removed(given, opened), _reset(given, opened)]


def main() -> None:
    """Take the node of standard input out of its cluster."""
    given = json.load(sys.stdin)
    try:
        with shell(access_of(given["access"])) as opened:
            sys.stdout.write("\n".join(leave(given, opened)))
    except PlatformError as error:
        sys.exit(str(error))


def _removed(given: Mapping[str, Any], opened: Shell) -> list[str]:
    """Ask the other control planes in their order, until one has the session."""
    node = given["node"]
    silent: list[str] = []
    for helper in given["helpers"]:
        answer = opened.run(target_of(helper), helper["command"], seconds=LEAVE_SECONDS)
        if answer.status == 0:
            return [f"{node}: left the cluster, by {helper['name']}"]
        if answer.status == NO_MEMBER:
            continue
        if not answer.unreachable:
            raise PlatformError(f"{node}: {helper['name']} did not take it out of the cluster:\n{answer.errors}")
        silent.append(f"{helper['name']} ({answer.errors})")
    if silent:
        problem = f"{node}: no other control plane answers, and the cluster would keep it: {'; '.join(silent)}"
        raise PlatformError(f"{problem}; start one of them, or take it out of the state by `pulumi state delete`")
    return []


def _reset(given: Mapping[str, Any], opened: Shell) -> str:
    node, target = given["node"], given["target"]
    answer = opened.run(target_of(target), target["command"], seconds=RESET_SECONDS)
    if answer.status == 0:
        return f"{node}: reset"
    if answer.unreachable:
        return f"{node}: does not answer ({answer.errors}), so it was not reset; wipe it before it is used again"
    return f"{node}: reset failed with status {answer.status}; wipe it before it is used again:\n{answer.errors}"


if __name__ == "__main__":
    main()
