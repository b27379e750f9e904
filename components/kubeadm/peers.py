"""Whether hosts reach each other, before anything changes on any.

A host tries the ports that it will need at others. Where all is new nothing listens yet: a refusal is an answer, and
silence is not. Workers need no TCP between them, and what carries pods' packets cannot be tried before it is there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from components.terms import MachineRole

UNREACHED: Final = "unreached"
"""The fact that names, by blanks, whom a host did not reach: `name:port`."""
_API, _ETCD, _KUBELET = 6443, 2380, 10250


def peers(host: Mapping[str, Any], hosts: Sequence[Mapping[str, Any]]) -> str:
    """The node program's PEERS: `name=address:port` by blanks, of all that a host has to reach."""
    others = [other for other in hosts if other["name"] != host["name"]]
    return " ".join(
        f"{other['name']}={other['variables']['NODE_ADDRESS']}:{port}"
        for other in others
        for port in _ports(host["variables"], other["variables"])
    )


def unreached(
    facts: Mapping[str, Mapping[str, str]], answered: Collection[str], members: Collection[str]
) -> Iterator[str]:
    """What is amiss, one line each; `facts` are of the hosts that were asked, by name.

    A host that answers SSH answers others too. `members` are control planes from before: some may be dead, one has to
    be reached.
    """
    for name, found in sorted(facts.items()):
        silent = found.get(UNREACHED, "").split()
        for peer in sorted(peer for peer in silent if peer.partition(":")[0] in answered):
            yield f"{name}: does not reach {peer}; mend routing or firewalls between them, or correct private_address"
        lost = sorted({peer.partition(":")[0] for peer in silent} & set(members))
        if lost and set(lost) == set(members) - {name}:
            yield f"{name}: reaches none of the control planes ({', '.join(lost)}); mend routing or firewalls"


def _ports(own: Mapping[str, str], other: Mapping[str, str]) -> Iterator[int]:
    if other["NODE_ROLE"] == MachineRole.CONTROL_PLANE:
        yield _API
    if own["NODE_ROLE"] == MachineRole.CONTROL_PLANE:
        yield _KUBELET
        if other["NODE_ROLE"] == MachineRole.CONTROL_PLANE and "ETCD_ENDPOINTS" not in own:
            yield _ETCD
