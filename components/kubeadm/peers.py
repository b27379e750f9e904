"""Whether hosts reach each other, before anything changes on any.

A host tries the ports that it will need at others. Where all is new nothing listens yet: a refusal is an answer, and
silence is not. Workers need no TCP between them, and what carries pods' packets cannot be tried before it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from components.kubeadm.program import API_PORT
from components.terms import MachineRole

UNREACHED: Final = "unreached"
"""The fact that names, by blanks, whom a host did not reach: `name:port`."""
_ETCD, _KUBELET = 2380, 10250


def peers(host: Mapping[str, Any], hosts: Sequence[Mapping[str, Any]]) -> str:
    """The node program's PEERS: `name=address:port` by blanks, of all that a host has to reach."""
    others = [other for other in hosts if other["name"] != host["name"]]
    return " ".join(
        f"{other['name']}={other['variables']['NODE_ADDRESS']}:{port}"
        for other in others
        for port in _ports(host["variables"], other["variables"])
    )


def members(known: Sequence[Mapping[str, Any]]) -> set[str]:
    """The control planes, of hosts that were looked at before, that a new host can be expected to reach by now.

    Where hosts have the firewall of the settings, the same `up` may be what lets a new range in.
    """
    return {
        host["name"]
        for host in known
        if host["variables"]["NODE_ROLE"] == MachineRole.CONTROL_PLANE
        and "FIREWALL_SSH_SOURCES" not in host["variables"]
    }


def unreached(answered: Mapping[str, Mapping[str, str]], before: set[str]) -> Iterator[str]:
    """What is amiss, one line each; `answered` are the facts of the hosts that answered us, by name.

    Who answers us answers others too. `before` are control planes of before: some may be dead, one has to be reached.
    """
    for name, facts in sorted(answered.items()):
        silent = facts.get(UNREACHED, "").split()
        for peer in sorted(peer for peer in silent if peer.partition(":")[0] in answered):
            yield f"{name}: does not reach {peer}; mend routing or firewalls between them, or correct private_address"
        lost = {peer.partition(":")[0] for peer in silent} & before
        if lost and lost == before - {name}:
            listed = ", ".join(sorted(lost))
            yield f"{name}: reaches none of the control planes ({listed}); mend routing or firewalls between them"


def _ports(own: Mapping[str, str], other: Mapping[str, str]) -> Iterator[int]:
    if other["NODE_ROLE"] == MachineRole.CONTROL_PLANE:
        yield API_PORT
    if own["NODE_ROLE"] == MachineRole.CONTROL_PLANE:
        yield _KUBELET
        if other["NODE_ROLE"] == MachineRole.CONTROL_PLANE and "ETCD_ENDPOINTS" not in own:
            yield _ETCD
