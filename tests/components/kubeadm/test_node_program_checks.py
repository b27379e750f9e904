"""What the node program judges: hosts before they change, certificate requests, ways to the API."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.components.kubeadm.fake_host import FakeHost


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def _probe(host: FakeHost, **variables: str) -> list[str]:
    lines = "\n".join(f"{name}='{value}'" for name, value in variables.items())
    ran = host.call(f"{lines}\nverb_preflight")
    assert ran.status == 0, ran.said
    return ran.said.splitlines()


def _findings(host: FakeHost, **variables: str) -> list[str]:
    return [line.removeprefix("finding ") for line in _probe(host, **variables) if line.startswith("finding ")]


def test_preflight_tells_what_hosts_are_compared_by(host: FakeHost) -> None:
    facts = dict(line.split(" ", 2)[1:] for line in _probe(host) if line.startswith("fact "))
    assert {"hostname", "machine_id", "mac", "kernel", "architecture", "cpus", "memory_mib", "time"} <= set(facts)
    assert facts["mac"] == "02:00:00:00:00:11"
    assert facts["memory_mib"] == "8192"


def test_preflight_changes_nothing(host: FakeHost) -> None:
    before = {path: path.read_bytes() for path in host.root.rglob("*") if path.is_file()}
    _probe(host)
    after = {path: path.read_bytes() for path in host.root.rglob("*") if path.is_file()}
    ours = {host.root / "program.sh", host.root / "calls"}
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} <= ours


def test_a_refusal_is_an_answer_of_another_host_and_silence_is_none(host: FakeHost) -> None:
    host.stand_in(
        "timeout",
        """
case "$*" in
*10.0.0.1/*) ;;
*10.0.0.2/*) echo 'bash: connect: Connection refused' >&2; exit 1 ;;
*10.0.0.3/*) echo 'bash: connect: No route to host' >&2; exit 1 ;;
*) exit 124 ;;
esac
""",
    )
    peers = "c1=10.0.0.1:6443 c2=10.0.0.2:6443 c3=10.0.0.3:6443 w4=10.0.0.4:10250"
    (fact,) = [line for line in _probe(host, PEERS=peers) if line.startswith("fact unreached ")]
    assert set(fact.split()[2:]) == {"c3:6443", "w4:10250"}


def test_hundreds_of_hosts_are_all_tried(host: FakeHost) -> None:
    host.stand_in("timeout", "exit 124")
    peers = " ".join(f"w{number}=10.0.1.{number}:10250" for number in range(120))
    (fact,) = [line for line in _probe(host, PEERS=peers) if line.startswith("fact unreached ")]
    assert set(fact.split()[2:]) == {f"w{number}:10250" for number in range(120)}


def test_swap_is_a_finding(host: FakeHost) -> None:
    host.write("proc/swaps", "Filename Type Size\n/dev/sda2 partition 1000\n")
    assert "swap is on; run `swapoff -a` and remove its line from /etc/fstab" in _findings(host)


def test_a_node_of_another_cluster_is_a_finding_whoever_made_that(host: FakeHost) -> None:
    host.configure(CLUSTER_NAME="factory")
    host.write("var/lib/infraplatform/member", "1.36.3\n")
    finding = "it is a node of another cluster (factory); take it out of that stack's provider.hosts first"
    assert finding in _findings(host, CLUSTER_NAME="lab")
    assert _findings(host, CLUSTER_NAME="factory") == []


def test_a_small_control_plane_is_a_finding_and_a_small_worker_none(host: FakeHost) -> None:
    host.write("proc/meminfo", "MemTotal: 1048576 kB\n")
    finding = "it has 1024 MiB of memory; a control plane needs 1700"
    assert finding in _findings(host, NODE_ROLE="control-plane")
    assert finding not in _findings(host, NODE_ROLE="worker")


def test_an_old_kernel_is_a_finding(host: FakeHost) -> None:
    host.stand_in("uname", "[[ $1 != -r ]] || echo 4.18.0-553.el8; [[ $1 != -m ]] || echo x86_64")
    assert [line for line in _findings(host) if line.startswith("its kernel is 4.18.0-553.el8;")]


@pytest.mark.parametrize(("told", "amiss"), [("amd64", True), ("arm64", False)])
def test_processors_other_than_the_settings_say_are_a_finding(host: FakeHost, told: str, *, amiss: bool) -> None:
    host.stand_in("uname", "[[ $1 != -r ]] || echo 6.1.0; [[ $1 != -m ]] || echo aarch64")
    finding = "its architecture is arm64, the settings say amd64; write architecture: arm64 for this host"
    assert (finding in _findings(host, NODE_ARCHITECTURE=told)) == amiss


def test_what_a_host_was_to_bring_itself_and_does_not_is_a_finding(host: FakeHost) -> None:
    host.stand_in("containerd", "echo 'containerd containerd.io 1.7.30 abc'")
    found = _findings(host, PREINSTALLED="containerd no-such-runc")
    assert "its containerd is 1.7.30; install 2.0 or newer" in found
    assert "no-such-runc is missing; install it, or remove it from cluster.preinstalled" in found
    host.stand_in("containerd", "echo 'containerd github.com/containerd/containerd/v2 v2.2.7 abc'")
    assert not [line for line in _findings(host, PREINSTALLED="containerd") if "its containerd" in line]


def test_an_address_that_no_interface_has_is_a_finding(host: FakeHost) -> None:
    host.stand_in("ip", "")
    finding = "no interface has its private address 10.0.0.12; correct it in the settings"
    assert finding in _findings(host, NODE_ADDRESS="10.0.0.12")


def test_a_node_of_another_cluster_is_a_finding_and_a_node_of_ours_none(host: FakeHost) -> None:
    host.write("etc/kubernetes/kubelet.conf", "")
    assert [line for line in _findings(host) if line.startswith("it is a node of another cluster")]
    host.write("var/lib/infraplatform/member", "1.36.3\n")
    assert not [line for line in _findings(host) if "another cluster" in line]


def test_a_port_in_use_is_a_finding(host: FakeHost) -> None:
    host.stand_in("ss", '[[ "$*" != *:2379* ]] || echo LISTEN')
    assert "port 2379 is in use; stop what listens there" in _findings(host, NODE_ROLE="control-plane")
    assert _findings(host, NODE_ROLE="worker") == _findings(host)


def _request(name: str, organization: str = "system:nodes", dns: str = "a1", address: str = "10.0.0.11") -> str:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    names = x509.SubjectAlternativeName([x509.DNSName(dns), x509.IPAddress(IPv4Address(address))])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).add_extension(names, critical=False)
    signed = request.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def _may_serve(host: FakeHost, request: str, listed: str = "10.0.0.11") -> bool:
    return host.call(f"serves_only a1 '{listed}'", given=request).status == 0


def test_a_kubelet_may_serve_by_its_own_name_and_listed_address(host: FakeHost) -> None:
    assert _may_serve(host, _request("system:node:a1"))
    assert _may_serve(host, _request("system:node:a1"), listed="10.0.0.9 10.0.0.11")


@pytest.mark.parametrize(
    "request_of",
    [
        {"name": "system:node:a2"},
        {"name": "system:node:a1", "organization": "system:masters"},
        {"name": "system:node:a1", "dns": "kubernetes.default"},
        {"name": "system:node:a1", "address": "10.0.0.1"},
        {"name": "system:node:a1", "address": "10.0.0.110"},
    ],
    ids=str,
)
def test_a_kubelet_may_serve_as_nobody_else(host: FakeHost, request_of: dict[str, str]) -> None:
    assert not _may_serve(host, _request(**request_of))


def test_a_node_that_is_not_listed_may_not_serve(host: FakeHost) -> None:
    assert not _may_serve(host, _request("system:node:a1"), listed="")


def test_what_is_no_request_may_not_serve(host: FakeHost) -> None:
    assert not _may_serve(host, "no request")


def test_a_worker_goes_through_its_own_proxy_and_a_control_plane_means_itself(host: FakeHost) -> None:
    host.stand_in("haproxy", "")
    host.configure(API_ENDPOINT="api.lab.test:6443")
    assert host.run("install").status == 0
    assert "127.0.0.1 api.lab.test # infraplatform" in host.read("etc/hosts")
    proxy = host.read("etc/haproxy/infraplatform-api-proxy.cfg")
    assert "bind 127.0.0.1:6443" in proxy
    assert "server c2 10.0.0.2:6443" in proxy
    host.configure(NODE_NAME="c1", NODE_ROLE="control-plane", NODE_ADDRESS="10.0.0.1")
    assert host.run("install").status == 0
    assert "10.0.0.1 api.lab.test # infraplatform" in host.read("etc/hosts")
    assert host.read("etc/hosts").count("api.lab.test") == 1


def test_leave_says_by_its_status_that_another_host_is_to_be_asked(host: FakeHost) -> None:
    assert host.run("leave", "a2").status == 3
