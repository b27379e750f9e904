"""The hosts' own firewall: one table of nftables with what may come to a host, as `node/firewall.sh` loads it.

It looks at packets as they arrive, before services' addresses are translated. So node ports and ports of hosts that a
pod has are held as any other port, and what is for a pod, or for the address of a load balancer, is not for the host
and goes by: policies of the pod network and `loadBalancerSourceRanges` are for that. Who is a node or a pod is known by
range, not by address, so an added node changes no other one's rules.

Source: nft(8) of nftables 1.0.6 (`fib`, hooks and priorities), read 2026-11-29; the live tests send packets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, collapse_addresses
from typing import Final

from components.kubeadm.kubeadm_config import ClusterFacts, NodeFacts
from components.kubeadm.program import API_PORT
from components.settings import HostFirewallSettings
from components.terms import MachineRole

FIREWALL_FILE: Final = "firewall.nft"
TABLE: Final = "inet infraplatform"
NODE_PORTS: Final = "30000-32767"
"""kube-apiserver's default --service-node-port-range: known, not read."""

_FILE: Final = """\
# A table of its own, replaced in one step; no other is touched.
table {table}
delete table {table}
table {table} {{
{sets}
	chain arriving {{
		type filter hook prerouting priority mangle; policy accept;
		# All else is forwarded: to pods, and to services by addresses that are not this host's.
		fib daddr type {{ local, broadcast, anycast, multicast }} jump to_this_host
	}}

	chain to_this_host {{
{rules}
	}}
}}
"""


def firewall_file(cluster: ClusterFacts, node: NodeFacts) -> dict[str, str]:
    """The public file by its name; none where the hosts keep the rules that they have."""
    settings = cluster.settings.host_firewall
    if settings is None:
        return {}
    sets = {
        "ssh_sources": settings.ssh_sources,
        "nodes_and_pods": (*cluster.node_cidrs, cluster.pod_cidr),
        **({"api_sources": settings.api} if node.role is MachineRole.CONTROL_PLANE else {}),
        "node_port_sources": settings.node_port_sources,
    }
    written = "".join(_set(name, ranges) for name, ranges in sets.items() if ranges)
    rules = "\n".join(f"\t\t{rule}" for rule in _rules(settings, node))
    return {FIREWALL_FILE: _FILE.format(table=TABLE, sets=written, rules=rules)}


def firewall_variables(cluster: ClusterFacts, node: NodeFacts) -> dict[str, str]:
    """What tells the node program whether a session of the operator's would be let in again."""
    settings = cluster.settings.host_firewall
    if settings is None:
        return {}
    return {
        "FIREWALL_SSH_SOURCES": " ".join(map(str, settings.ssh_sources)),
        "FIREWALL_SSH_PORT": str(node.ssh_port),
    }


def _rules(settings: HostFirewallSettings, node: NodeFacts) -> Iterator[str]:
    """In the order in which a packet meets them."""
    yield "ct state established,related accept"
    yield 'iifname "lo" accept'
    yield "meta l4proto { icmp, ipv6-icmp } accept"
    yield 'udp sport 67 udp dport 68 accept comment "DHCP"'
    yield 'udp sport 547 udp dport 546 accept comment "DHCP of IPv6"'
    for name, opened in sorted(settings.open_ports.items()):
        ports = ", ".join(map(str, sorted(opened.ports)))
        let_in = f"{opened.protocol.value} dport {{ {ports} }} ip saddr {{ {_listed(opened.sources)} }} accept"
        yield f'{let_in} comment "{name}"'
    yield f"tcp dport {node.ssh_port} ip saddr @ssh_sources accept"
    yield f'tcp dport {node.ssh_port} drop comment "nodes and pods have no business at SSH"'
    yield "ip saddr @nodes_and_pods accept"
    if node.role is MachineRole.CONTROL_PLANE and settings.api:
        yield f"tcp dport {API_PORT} ip saddr @api_sources accept"
    if settings.node_port_sources:
        yield f"meta l4proto {{ tcp, udp, sctp }} th dport {NODE_PORTS} ip saddr @node_port_sources accept"
    yield "drop"


def _set(name: str, ranges: Iterable[IPv4Network]) -> str:
    elements = f"\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = {{ {_listed(ranges)} }}"
    return f"\tset {name} {{\n{elements}\n\t}}\n\n"


def _listed(ranges: Iterable[IPv4Network]) -> str:
    """Ranges as nftables takes them: none within another."""
    return ", ".join(map(str, collapse_addresses(ranges)))
