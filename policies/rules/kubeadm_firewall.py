"""What reaches the hosts of a kubeadm cluster themselves: SSH, the API, ports of what runs there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.rule import Environment, Resource, Rule, Severity
from policies.rules.kubeadm_hosts import COMMAND, SENT, has_kubelet
from policies.rules.ranges import is_the_internet

_FILE: Final = "/firewall.nft"
_GUARDED: Final = {"ssh_sources": "SSH", "api_sources": "the API"}
"""What the sets of nftables open, by their names."""
_SET: Final = re.compile(r"\bset (\w+) \{[^}]*?elements = \{ ([^}]*) \}")


def _rules_of(command: Resource) -> str | None:
    """The rules that a host gets."""
    return next((file.get() for path, file in command.inputs.blocks(SENT).items() if path.endswith(_FILE)), None)


def _there_is_a_firewall(command: Resource) -> Iterator[str]:
    if command.circumstances.environment is Environment.PROD and _rules_of(command) is None:
        yield "the host gets no firewall: whoever reaches it reaches all that listens there"


def _it_names_who_may_come(command: Resource) -> Iterator[str]:
    for name, ranges in _SET.findall(_rules_of(command) or ""):
        for cidr in ranges.split(", "):
            if name in _GUARDED and is_the_internet(cidr):
                yield f"the host firewall opens {_GUARDED[name]} to {cidr}, which is everybody"


RULES: Final = (
    Rule(
        id="kubeadm-host-firewall",
        title="Hosts of a kubeadm cluster let in whom they know; in production they all have a firewall.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            "pci-dss:1.3.1",
            "pci-dss:1.4.2",
            "iso-27001:8.20",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
            "isms-p:2.6.1",
            "isms-p:2.6.2",
            "isms-p:2.6.6",
        ),
        problem="Anyone can try keys and exploits at SSH, the API, kubelets, etcd and node ports.",
        remedy="set infraplatform:cluster.host_firewall, with the operators' own ranges as ssh_sources and api_sources",
        source="this project's components/kubeadm/firewall.py, read 2026-11-29",
        speaks_of=has_kubelet,
        checks=(_there_is_a_firewall, _it_names_who_may_come),
    ),
)
