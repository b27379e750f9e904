"""The rules of the host firewall by the real nft, and by packets between network namespaces of this machine.

`host` has the rules, a pod behind it, and what kube-proxy would make of a node port and of a load balancer's address.
`outside` has one address for each kind of sender.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from components.kubeadm.firewall import TABLE, firewall_file
from components.kubeadm.kubeadm_config import ClusterFacts, NodeFacts
from components.settings import KubeadmClusterSettings
from components.terms import MachineRole
from tests.contract.servers import DOWNLOADS

pytestmark = pytest.mark.live

HOST: Final = "10.97.0.11"
NODE, OPERATOR, STRANGER = "10.97.0.12", "192.0.2.9", "203.0.113.5"
BALANCED: Final = "198.51.100.80"
"""An address of a service, which is no host's."""
_POD: Final = "10.244.1.2"
_PORTS: Final = (22, 6443, 9100, 10250)
_LISTEN: Final = """
import selectors, socket, sys
waiting = selectors.DefaultSelector()
for port in map(int, sys.argv[1:]):
    waiting.register(socket.create_server(("0.0.0.0", port)), selectors.EVENT_READ, True)
print("ready", flush=True)
while True:
    for key, _ in waiting.select():
        if key.data:
            waiting.register(key.fileobj.accept()[0], selectors.EVENT_READ, False)
        elif said := key.fileobj.recv(100):
            key.fileobj.sendall(said)
        else:
            waiting.unregister(key.fileobj)
            key.fileobj.close()
"""
_CONNECT: Final = """
import socket, sys
address, port, source = sys.argv[1], int(sys.argv[2]), sys.argv[3]
socket.create_connection((address, port), 1, (source, 0)).close()
"""
_PING: Final = """
import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as opened:
    opened.bind((sys.argv[2], 0))
    opened.settimeout(1)
    opened.sendto(bytes.fromhex("0800f7fd00010001"), (sys.argv[1], 0))
    opened.recv(100)
"""
_TALK: Final = """
import socket, sys
opened = socket.create_connection((sys.argv[1], 22), 2, (sys.argv[2], 0))
for line in sys.stdin:
    opened.sendall(line.encode())
    print(opened.recv(100).decode(), end="", flush=True)
"""
_SERVICES: Final = f"""
table ip services {{
	chain to_pods {{
		type nat hook prerouting priority dstnat;
		ip daddr {BALANCED} tcp dport 80 dnat to {_POD}:8080
		fib daddr type local tcp dport 31000 dnat to {_POD}:8080
	}}
}}
"""


class Namespaces:
    """`host`, `outside` and `pod`, with their links; each command runs in one of them."""

    def __init__(self, mark: str, ending: ExitStack) -> None:
        self._names = {name: f"fw-{mark}-{name}" for name in ("host", "outside", "pod")}
        for name in self._names.values():
            _run("ip", "netns", "add", name)
            ending.callback(_run, "ip", "netns", "delete", name)
        self._link("outside", "host", f"{HOST}/24", f"{NODE}/24", f"{OPERATOR}/32", f"{STRANGER}/32")
        self._link("pod", "host", "10.244.1.1/24", f"{_POD}/24")
        self.run("outside", "ip", "route", "add", f"{BALANCED}/32", "via", HOST)
        self.run("pod", "ip", "route", "add", "default", "via", "10.244.1.1")
        for source in (OPERATOR, STRANGER):
            self.run("host", "ip", "route", "add", f"{source}/32", "via", NODE)
        self.run("host", "sysctl", "-qw", "net.ipv4.ip_forward=1")

    def _link(self, end: str, host: str, host_address: str, *addresses: str) -> None:
        device, peer = f"to-{end}", f"to-{host}"
        _run(
            "ip",
            "link",
            "add",
            device,
            "netns",
            self._names[host],
            "type",
            "veth",
            "peer",
            peer,
            "netns",
            self._names[end],
        )
        self.run(host, "ip", "address", "add", host_address, "dev", device)
        for address in addresses:
            self.run(end, "ip", "address", "add", address, "dev", peer)
        for name, link in ((host, device), (host, "lo"), (end, peer), (end, "lo")):
            self.run(name, "ip", "link", "set", link, "up")

    def command(self, name: str, *words: str) -> list[str]:
        """A command in a namespace."""
        return ["ip", "netns", "exec", self._names[name], *words]

    def run(self, name: str, *words: str, stdin: str = "") -> str:
        """What a command prints that ends well."""
        return _run(*self.command(name, *words), stdin=stdin)

    def listen(self, name: str, *ports: int, ending: ExitStack) -> None:
        """Have somebody answer at these ports."""
        words = self.command(name, sys.executable, "-c", _LISTEN, *map(str, ports))
        process = ending.enter_context(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        ending.callback(process.terminate)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    def reaches(self, source: str, address: str, port: int) -> bool:
        """Whether a connection from there comes about within a second."""
        name = "pod" if source == _POD else "outside"
        words = self.command(name, sys.executable, "-c", _CONNECT, address, str(port), source)
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _run(*words: str, stdin: str = "") -> str:
    result = subprocess.run(words, input=stdin, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{' '.join(words)}: {result.stderr}"
    return result.stdout


def rules(role: MachineRole, **more: Any) -> str:
    """The file of a host of this role."""
    settings = {"ssh_sources": ["192.0.2.0/24"], **more}
    cluster = ClusterFacts(
        settings=KubeadmClusterSettings.model_validate(
            {"version": "1.36.3", "downloads": DOWNLOADS, "host_firewall": settings}
        ),
        endpoint_host=HOST,
        endpoint_port=6443,
        pod_cidr=IPv4Network("10.244.0.0/16"),
        service_cidr=IPv4Network("10.96.0.0/16"),
        node_cidrs=(IPv4Network("10.97.0.0/24"),),
    )
    (text,) = firewall_file(cluster, NodeFacts(name="a", role=role, address=HOST)).values()
    return text


@pytest.fixture
def namespaces() -> Iterator[Namespaces]:
    if os.geteuid() != 0 or not shutil.which("nft") or not shutil.which("ip"):
        pytest.skip("network namespaces need root, nft and ip")
    with ExitStack() as ending:
        made = Namespaces(str(os.getpid()), ending)
        made.listen("host", *_PORTS, ending=ending)
        made.listen("pod", 8080, ending=ending)
        made.run("host", "nft", "--file", "-", stdin=_SERVICES)
        yield made


def load(namespaces: Namespaces, text: str) -> None:
    """As the host's unit does."""
    namespaces.run("host", "nft", "--check", "--file", "-", stdin=text)
    namespaces.run("host", "nft", "--file", "-", stdin=text)


def open_to(namespaces: Namespaces, source: str) -> set[str]:
    """Where a sender gets through, of all that answers there without rules."""
    places = {f"{port}": (HOST, port) for port in _PORTS}
    places |= {"node port": (HOST, 31000), "balanced": (BALANCED, 80)}
    return {name for name, (address, port) in places.items() if namespaces.reaches(source, address, port)}


def test_each_sender_comes_to_what_is_its_own(namespaces: Namespaces) -> None:
    everything = {*map(str, _PORTS), "node port", "balanced"}
    assert open_to(namespaces, STRANGER) == everything, "without rules all of it answers"
    load(namespaces, rules(MachineRole.CONTROL_PLANE))
    assert open_to(namespaces, STRANGER) == {"balanced"}
    assert open_to(namespaces, OPERATOR) == {"22", "6443", "balanced"}
    assert open_to(namespaces, NODE) == everything - {"22"}
    assert {port for port in _PORTS if namespaces.reaches(_POD, "10.244.1.1", port)} == set(_PORTS) - {22}
    namespaces.run("outside", sys.executable, "-c", _PING, HOST, STRANGER)


def test_what_the_settings_open_is_open_and_a_worker_has_no_api(namespaces: Namespaces) -> None:
    monitored = {"monitoring": {"ports": [9100], "sources": [f"{STRANGER}/32"]}}
    text = rules(MachineRole.WORKER, open_ports=monitored, node_port_sources=["192.0.2.0/28", "192.0.2.0/24"])
    load(namespaces, text)
    assert open_to(namespaces, STRANGER) == {"9100", "balanced"}
    assert open_to(namespaces, OPERATOR) == {"22", "node port", "balanced"}


def test_the_session_that_loads_the_rules_goes_on_and_the_host_reaches_the_world(namespaces: Namespaces) -> None:
    words = namespaces.command("outside", sys.executable, "-c", _TALK, HOST, OPERATOR)
    with (
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as talk,
        ExitStack() as ending,
    ):
        assert talk.stdin is not None
        assert talk.stdout is not None
        for line in ("before\n", "after\n"):
            talk.stdin.write(line)
            talk.stdin.flush()
            assert talk.stdout.readline() == line
            load(namespaces, rules(MachineRole.WORKER))
        talk.stdin.close()
        namespaces.listen("outside", 443, ending=ending)
        namespaces.run("host", sys.executable, "-c", _CONNECT, NODE, "443", HOST)


def test_no_other_table_is_touched_and_the_same_rules_are_the_same_table(namespaces: Namespaces) -> None:
    others = namespaces.run("host", "nft", "list", "table", "ip", "services")
    listed: set[str] = set()
    for _ in range(8):
        load(namespaces, rules(MachineRole.CONTROL_PLANE, node_port_sources=["0.0.0.0/0"]))
        listed.add(namespaces.run("host", "nft", "--stateless", "list", "table", *TABLE.split()))
    assert len(listed) == 1, "`status` compares what is listed"
    namespaces.run("host", "nft", "delete", "table", *TABLE.split())
    assert namespaces.run("host", "nft", "list", "ruleset") == others
