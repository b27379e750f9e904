"""Behind an HTTP proxy each host asks the world through it, and the cluster's own addresses directly."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import takewhile
from pathlib import Path

import pytest

from components.kubeadm.kubeadm_config import ClusterFacts
from components.kubeadm.program import Block, blocks
from components.kubeadm.proxies import proxy_variables
from components.settings import KubeadmClusterSettings
from tests.components.kubeadm.fake_host import CALLS, FakeHost

PROXY = "http://proxy.example:3128"
VARIABLES = {"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY, "NO_PROXY": "localhost,10.0.0.0/24"}
UNITS = ("containerd", "kubelet")


def drop_in(unit: str) -> str:
    return f"etc/systemd/system/{unit}.service.d/infraplatform-proxy.conf"


def facts(**proxy: object) -> ClusterFacts:
    given = {"version": "1.36.3", "proxy": proxy} if proxy else {"version": "1.36.3"}
    return ClusterFacts(
        settings=KubeadmClusterSettings.model_validate(given),
        endpoint_host="k8s.example",
        endpoint_port=6443,
        pod_cidr=IPv4Network("10.244.0.0/16"),
        service_cidr=IPv4Network("10.96.0.0/16"),
        node_cidrs=(IPv4Network("10.0.0.0/24"), IPv4Network("10.0.1.0/24")),
    )


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def test_nodes_pods_services_and_the_endpoint_are_reached_directly() -> None:
    found = proxy_variables(facts(https=PROXY, no_proxy=[".corp.example", "k8s.example"]))
    assert found == {
        "HTTP_PROXY": "",
        "HTTPS_PROXY": PROXY,
        "NO_PROXY": (
            "localhost,127.0.0.0/8,.svc,.cluster.local,10.0.0.0/24,10.0.1.0/24,10.244.0.0/16,10.96.0.0/16,"
            "k8s.example,.corp.example"
        ),
    }


def test_without_a_proxy_nothing_is_said_of_one() -> None:
    assert proxy_variables(facts()) == {}


def test_the_runtime_and_the_kubelet_have_the_proxies_and_are_told_of_a_change(host: FakeHost) -> None:
    host.configure(**VARIABLES)
    assert host.run("install").status == 0
    for unit in UNITS:
        lines = host.read(drop_in(unit)).splitlines()
        assert lines == ["[Service]", *(f'Environment="{name}={value}"' for name, value in VARIABLES.items())]
    assert host.run("install").said.endswith("install: nothing to change\n")
    before = len(host.calls("systemctl"))
    host.configure(HTTP_PROXY="http://other.example:3128")
    host.run("install")
    assert {"restart containerd", "try-restart kubelet"} <= set(host.calls("systemctl")[before:])


def test_a_proxy_that_is_no_more_leaves_the_services(host: FakeHost) -> None:
    host.configure(**VARIABLES)
    host.run("install")
    host.configure(HTTP_PROXY="", HTTPS_PROXY="", NO_PROXY="")
    ran = host.run("install")
    for unit in UNITS:
        assert f"removed /{drop_in(unit)}" in ran.said
        assert not (host.root / drop_in(unit)).exists()


def _environment_of(host: FakeHost, call: str) -> set[str]:
    """The environment's lines of the first call that starts so."""
    lines = host.read(CALLS).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(call))
    return set(takewhile(lambda line: "=" in line.partition(" ")[0], lines[start + 1 :]))


def test_downloads_and_kubeadm_go_through_the_proxies_and_nothing_else_does(host: FakeHost) -> None:
    host.answers("10.0.0.1:6443/livez", "ok")
    host.configure(Block("/etc/infraplatform/downloads", f"kubectl {'0' * 64} https://dl.example/kubectl"), **VARIABLES)
    host.run("install")  # its stand-in fetches nothing
    host.run("member", given=blocks([Block("/etc/infraplatform/secrets/discovery.conf", "x", "0600")]))
    wanted = {f"http_proxy={PROXY}", f"HTTPS_PROXY={PROXY}", f"NO_PROXY={VARIABLES['NO_PROXY']}"}
    for call in ("curl --fail --silent --show-error --location", "kubeadm join"):
        assert wanted <= _environment_of(host, call), call
    assert not [line for line in _environment_of(host, "kubectl ") if line.lower().startswith("http_proxy=")]
