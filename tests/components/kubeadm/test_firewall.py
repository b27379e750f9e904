"""What comes to a host is what the settings say; a rule that would lock the operator out is never loaded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from components.kubeadm.firewall import firewall_file
from components.kubeadm.kubeadm_config import NodeFacts
from components.kubeadm.program import Block
from components.terms import MachineRole
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.kubeadm.test_kubeadm_config import facts
from tests.components.kubeadm.test_node_files import CONTROL_PLANE, WORKER, files

OPERATORS = {"ssh_sources": ["192.0.2.0/24"]}
RULES = "etc/infraplatform/firewall.nft"
LOADED = "var/lib/infraplatform/firewall.nft"
UNIT = "etc/systemd/system/infraplatform-firewall.service"


def rules(node: NodeFacts, **settings: Any) -> list[str]:
    """The rules of a host, in the order in which a packet meets them."""
    (text,) = firewall_file(facts(host_firewall={**OPERATORS, **settings}), node).values()
    chain = text.partition("chain to_this_host {")[2].partition("}\n}")[0]
    return [line.strip() for line in chain.rstrip("\t }").splitlines() if line.strip()]


def ranges(node: NodeFacts, name: str, **settings: Any) -> str:
    """The elements of a set."""
    (text,) = firewall_file(facts(host_firewall={**OPERATORS, **settings}), node).values()
    return text.partition(f"set {name} {{")[2].partition("elements = { ")[2].partition(" }")[0]


def test_hosts_keep_their_own_rules_where_the_settings_say_nothing() -> None:
    for node in (CONTROL_PLANE, WORKER):
        told = files(node)
        assert "firewall.nft" not in told
        assert "FIREWALL" not in told["node.env"]


def test_what_no_rule_lets_in_stays_out() -> None:
    assert rules(WORKER)[-1] == "drop"
    assert not [rule for rule in rules(WORKER) if rule == "accept"]


def test_nodes_and_pods_come_to_all_but_ssh() -> None:
    given = rules(CONTROL_PLANE)
    ssh = [given.index(rule) for rule in given if rule.startswith("tcp dport 22 ")]
    assert given[ssh[0]] == "tcp dport 22 ip saddr @ssh_sources accept"
    assert given[ssh[1]].startswith("tcp dport 22 drop")
    assert max(ssh) < given.index("ip saddr @nodes_and_pods accept")


def test_a_new_nodes_address_is_in_no_rule_so_that_no_other_host_changes() -> None:
    cluster = facts(host_firewall=OPERATORS)
    more = NodeFacts(name="worker-2", role=MachineRole.WORKER, address="10.0.0.99")
    assert firewall_file(cluster, WORKER) == firewall_file(cluster, more)
    assert ranges(WORKER, "nodes_and_pods") == "10.244.0.0/16"  # these facts have no range of hosts


def test_the_api_is_open_on_control_planes_alone_to_whoever_may_log_in_unless_said_otherwise() -> None:
    assert "tcp dport 6443 ip saddr @api_sources accept" in rules(CONTROL_PLANE)
    assert not [rule for rule in rules(WORKER) if "6443" in rule]
    assert ranges(CONTROL_PLANE, "api_sources") == "192.0.2.0/24"
    assert ranges(CONTROL_PLANE, "api_sources", api_sources=["198.51.100.0/24"]) == "198.51.100.0/24"
    closed = rules(CONTROL_PLANE, api_sources=[])
    assert not [rule for rule in closed if "api_sources" in rule], "an empty set is no set of nftables"


def test_node_ports_are_closed_to_the_world_unless_opened() -> None:
    assert not [rule for rule in rules(WORKER) if "30000" in rule]
    opened = rules(WORKER, node_port_sources=["0.0.0.0/0"])
    assert "meta l4proto { tcp, udp, sctp } th dport 30000-32767 ip saddr @node_port_sources accept" in opened


def test_further_ports_stand_before_what_is_refused() -> None:
    opened = {"mesh": {"ports": [22, 9100], "protocol": "udp", "sources": ["10.9.0.0/16", "10.9.1.0/24"]}}
    given = rules(WORKER, open_ports=opened)
    rule = 'udp dport { 22, 9100 } ip saddr { 10.9.0.0/16 } accept comment "mesh"'
    assert given.index(rule) < given.index("tcp dport 22 ip saddr @ssh_sources accept")


def test_ranges_within_others_are_written_once_as_nftables_wants_it() -> None:
    assert (
        ranges(WORKER, "ssh_sources", ssh_sources=["10.0.0.0/8", "10.1.0.0/16", "9.0.0.0/8"]) == "9.0.0.0/8, 10.0.0.0/8"
    )


def test_a_host_with_another_port_for_ssh_opens_that_one() -> None:
    node = NodeFacts(name="worker-1", role=MachineRole.WORKER, address="10.0.0.21", ssh_port=2222)
    assert "tcp dport 2222 ip saddr @ssh_sources accept" in rules(node)
    assert not [rule for rule in rules(node) if "dport 22 " in rule]


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """A host that was told of a firewall; `nft` of it loads what the kernel then lists."""
    host = FakeHost(tmp_path, FIREWALL_SSH_SOURCES="192.0.2.0/24 198.51.100.7/32", FIREWALL_SSH_PORT="22")
    host.stand_in(
        "nft",
        """
case "$*" in
--check*) [[ ! -f $INFRAPLATFORM_ROOT/nft-refuses ]] ;;
*list*) cat "$INFRAPLATFORM_ROOT/table" 2>/dev/null ;;
esac
""",
    )
    host.stand_in(
        "systemctl",
        f"""
case $1 in
reload-or-restart) cp "$INFRAPLATFORM_ROOT/{LOADED}" "$INFRAPLATFORM_ROOT/table" ;;
is-active) exit 1 ;;
esac
""",
    )
    host.configure(Block("/etc/infraplatform/firewall.nft", "table inet infraplatform {}"))
    return host


def session(host: FakeHost, client: str, port: int = 22) -> None:
    """Let the program run in an SSH session of this client's, as a child of a sudo that hides it."""
    host.write(f"proc/{os.getpid()}/environ", "A=b\0USER=root\0")
    host.write(f"proc/{os.getpid()}/status", "Name:\tsudo\nPPid:\t4242\n")
    host.write("proc/4242/environ", f"SSH_CONNECTION={client} 50000 10.0.0.11 {port}\0A=b\0")


def test_rules_are_checked_then_loaded_and_loaded_at_every_start(host: FakeHost) -> None:
    ran = host.call("host_firewall")
    assert ran.status == 0, ran.said
    assert "loaded the host firewall" in ran.said
    assert host.read(LOADED) == host.read(RULES)
    unit = host.read(UNIT)
    assert "nft --file /var/lib/infraplatform/firewall.nft\n" in unit
    assert "WantedBy=sysinit.target" in unit
    assert "enable --quiet infraplatform-firewall.service" in host.calls("systemctl")


def test_a_second_time_nothing_is_loaded(host: FakeHost) -> None:
    host.call("host_firewall")
    ran = host.call("host_firewall")
    assert (ran.status, ran.said) == (0, "")
    assert len([call for call in host.calls("systemctl") if call.startswith("reload")]) == 1


def test_rules_that_somebody_changed_are_loaded_again_and_are_drift_until_then(host: FakeHost) -> None:
    host.call("host_firewall")
    assert host.call("status_of_firewall").said == "host firewall: loaded\n"
    host.write("table", "table inet infraplatform { chain open {} }")
    ran = host.call("status_of_firewall")
    assert ran.status == 1
    assert ran.said.startswith("drift: the host firewall is not loaded as it was")
    assert "loaded the host firewall" in host.call("host_firewall").said


def test_rules_that_nft_refuses_are_not_what_the_host_starts_with(host: FakeHost) -> None:
    host.call("host_firewall")
    before = host.read(LOADED)
    host.configure(Block("/etc/infraplatform/firewall.nft", "table inet nonsense"))
    host.write("nft-refuses", "")
    ran = host.call("host_firewall")
    assert ran.status == 1
    assert "nft refuses the rules of the host firewall" in ran.said
    assert host.read(LOADED) == before
    assert host.call("status_of_firewall").said.startswith("drift: the host firewall is not the one")


@pytest.mark.parametrize("client", ["192.0.3.1", "198.51.100.8", "fd00::1"])
def test_a_session_that_would_be_locked_out_stops_the_rules(host: FakeHost, client: str) -> None:
    session(host, client)
    ran = host.call("host_firewall")
    assert ran.status == 1
    assert f"this SSH session comes from {client}, which the host firewall would lock out" in ran.said
    assert not (host.root / LOADED).exists()
    assert not (host.root / UNIT).exists()


@pytest.mark.parametrize("client", ["192.0.2.255", "198.51.100.7"])
def test_a_session_of_one_who_may_log_in_goes_on(host: FakeHost, client: str) -> None:
    session(host, client)
    assert host.call("host_firewall").status == 0


def test_a_session_at_another_port_than_the_settings_say_stops_the_rules(host: FakeHost) -> None:
    session(host, "192.0.2.9", port=2222)
    assert "is at port 2222 of the host, and the host firewall would open 22" in host.call("host_firewall").said


def test_the_preflight_says_it_before_anything_changes(host: FakeHost) -> None:
    session(host, "192.0.3.1")
    host.write("etc/ufw/ufw.conf", "ENABLED=yes\n")
    said = host.call("findings_of_firewall").said
    assert "finding this SSH session comes from 192.0.3.1, " in said
    assert "finding ufw is on" in said
    host.stand_in("systemctl", "")
    assert "finding firewalld runs" in host.call("findings_of_firewall").said
    assert host.call("FIREWALL_SSH_SOURCES=; findings_of_firewall").said == ""


def test_rules_that_left_the_settings_leave_the_host(host: FakeHost) -> None:
    host.call("host_firewall")
    host.configure()
    assert "removed the host firewall" in host.call("host_firewall").said
    assert not (host.root / LOADED).exists()
    assert not (host.root / UNIT).exists()
    assert host.calls("nft")[-1] == "delete table inet infraplatform"
    assert host.call("host_firewall").said == ""


def test_a_reset_takes_the_rules_away(host: FakeHost) -> None:
    host.call("host_firewall")
    assert host.run("reset").status == 0
    assert not (host.root / LOADED).exists()
    assert "delete table inet infraplatform" in host.calls("nft")
