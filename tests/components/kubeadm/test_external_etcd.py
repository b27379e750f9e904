"""etcd that somebody else runs: nodes have its client's certificate, no member, and leave its care to others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.errors import ConfigurationError
from components.kubeadm.cluster import KubeadmCluster
from components.kubeadm.external_etcd import merged
from preview.plan import Secret
from tests.components.kubeadm.fake_host import FakeHost
from tests.components.kubeadm.test_kubeadm_config import init
from tests.components.plans import changed, complaints, standing
from tests.components.settings.configurations import SOUND_SERVERS, Changes, loaded, mistakes
from tests.contract.servers import ETCD_CERTIFICATES, cluster, provider

ENDPOINTS = ["https://10.0.0.31:2379", "https://10.0.0.32:2379"]
PKI = {"ca.crt": "a", "etcd/ca.crt": "b", "etcd/ca.key": "c", "sa.pub": "d"}


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    made = FakeHost(tmp_path, NODE_NAME="c1", NODE_ROLE="control-plane", ETCD_ENDPOINTS=" ".join(ENDPOINTS))
    made.write("var/lib/infraplatform/member", "1.36.3\n")
    return made


def test_kubeadm_is_told_of_the_endpoints_and_of_no_member() -> None:
    etcd = init(etcd={"endpoints": ENDPOINTS})["ClusterConfiguration"]["etcd"]
    assert etcd == {
        "external": {
            "endpoints": ENDPOINTS,
            "caFile": "/etc/kubernetes/pki/etcd/ca.crt",
            "certFile": "/etc/kubernetes/pki/apiserver-etcd-client.crt",
            "keyFile": "/etc/kubernetes/pki/apiserver-etcd-client.key",
        }
    }


def test_its_certificates_take_the_place_of_the_clusters_own_for_etcd() -> None:
    files = merged(PKI, ETCD_CERTIFICATES)
    assert set(files) == {
        "ca.crt",
        "sa.pub",
        "etcd/ca.crt",
        "apiserver-etcd-client.crt",
        "apiserver-etcd-client.key",
    }
    assert files["etcd/ca.crt"] == "-----BEGIN ca_certificate-----\n"


@pytest.mark.parametrize(
    "given", ["text", {}, {**ETCD_CERTIFICATES, "more": "x"}, {**ETCD_CERTIFICATES, "client_key": "hush"}]
)
def test_a_secret_of_another_shape_is_refused_and_not_shown(given: object) -> None:
    with pytest.raises(ConfigurationError, match="infraplatform:external_etcd: is not three texts in PEM") as raised:
        merged(PKI, given)
    assert "hush" not in str(raised.value)


def own_etcd() -> KubeadmCluster:
    """A cluster with members of its own."""
    return cluster(provider())


def external_etcd() -> KubeadmCluster:
    """A cluster without."""
    return cluster(provider(), etcd={"endpoints": ENDPOINTS})


def _input(name: str) -> Any:
    return standing(external_etcd)["Command", name].inputs["stdin"]


def test_control_planes_get_the_certificates_as_a_secret_and_workers_do_not() -> None:
    secret = _input("cp-1-member")
    assert isinstance(secret, Secret)
    assert "--- /etc/kubernetes/pki/apiserver-etcd-client.key 0600\n-----BEGIN client_key-----" in secret.value
    assert "/etc/kubernetes/pki/etcd/ca.key" not in secret.value
    assert "client_key" not in _input("worker-1-member").value
    assert "client_key" not in _input("cp-1-program")
    assert f"ETCD_ENDPOINTS='{' '.join(ENDPOINTS)}'" in _input("cp-1-program")


def test_a_cluster_stays_with_the_etcd_that_it_was_made_with() -> None:
    preview = changed(own_etcd, external_etcd)
    assert "cp-1: cluster.etcd would change, which is fixed when a cluster or a node is made" in complaints(preview)


def test_without_its_certificates_the_settings_are_not_whole() -> None:
    etcd: Changes = {("cluster", "etcd"): {"endpoints": ENDPOINTS}}
    assert mistakes(etcd, sound=SOUND_SERVERS) == [
        (
            "external_etcd: is missing, and cluster.etcd wants it; write ca_certificate, client_certificate and "
            "client_key below it, as secrets"
        )
    ]
    assert loaded({**etcd, ("external_etcd",): ETCD_CERTIFICATES}, sound=SOUND_SERVERS)


@pytest.mark.parametrize("verb", [("backup",), ("restore", "file"), ("defragment",)])
def test_its_care_is_for_whoever_runs_it(host: FakeHost, verb: tuple[str, ...]) -> None:
    ran = host.run(*verb)
    assert ran.status == 1
    assert f"its etcd is external ({' '.join(ENDPOINTS)}); {verb[0]} is for whoever runs that" in ran.said


def test_no_timer_is_made_for_it(host: FakeHost) -> None:
    host.call("host_services")
    timers = {path.name for path in (host.root / "etc/systemd/system").glob("*.timer")}
    assert timers == {"infraplatform-renew.timer"}


RANGE = "/v3/kv/range"


def _answers(host: FakeHost, number: int, text: str) -> None:
    host.answers(f"{ENDPOINTS[number].removeprefix('https://')}{RANGE}", text)


def test_a_cluster_is_founded_in_etcd_that_is_empty(host: FakeHost) -> None:
    _answers(host, 0, '{"header":{"revision":"1"}}')
    assert host.call("refuse_used_etcd").status == 0
    _answers(host, 0, '{"header":{"revision":"9"},"count":"40"}')
    assert host.call("refuse_used_etcd").status == 0, "what an own try left there is its own"


def test_another_clusters_data_are_not_founded_over(host: FakeHost) -> None:
    _answers(host, 0, '{"header":{"revision":"9"},"count":"40"}')
    ran = host.call("refuse_used_etcd")
    assert ran.status == 1
    assert f"etcd at {ENDPOINTS[0]} holds a cluster already; give this one its own" in ran.said


def test_status_tells_how_each_endpoint_is(host: FakeHost) -> None:
    host.answers("10.0.0.31:2379/health", '{"health":"true","reason":""}')
    ran = host.call("status_of_etcd || echo drift")
    assert f"external etcd at {ENDPOINTS[0]}: healthy" in ran.said
    assert f"external etcd at {ENDPOINTS[1]}: unhealthy" in ran.said
    assert "drift" in ran.said


def test_a_client_certificate_that_ends_soon_is_not_ours_to_renew(host: FakeHost) -> None:
    for name in ("apiserver", "apiserver-etcd-client"):
        host.write(f"etc/kubernetes/pki/{name}.crt", "")
    host.stand_in("openssl", 'days=200; [[ $* != *etcd-client* ]] || days=1; echo "notAfter=$(date -d "+$days days")"')
    ran = host.run("renew")
    assert ran.said.endswith("renew: nothing to change\n")


def test_a_control_plane_that_joins_looks_after_no_members(tmp_path: Path) -> None:
    host = FakeHost(tmp_path, NODE_NAME="c3", NODE_ROLE="control-plane", ETCD_ENDPOINTS=ENDPOINTS[0])
    host.answers("10.0.0.1:6443/livez", "ok")
    host.write("etc/infraplatform/secrets/discovery.conf", "x")
    host.write("var/lib/infraplatform/joining", "lab")
    assert host.call("join_cluster").status == 0
    assert [call.split()[0] for call in host.calls("kubeadm")] == ["join"]


def test_etcds_ports_are_free_to_be_used_on_a_host_without_a_member(host: FakeHost) -> None:
    (host.root / "var/lib/infraplatform/member").unlink()
    host.stand_in("ss", "[[ $* != *:2379* ]] || echo LISTEN")
    assert "port 2379" not in host.call("findings_of_new_host").said
    assert "port 2379 is in use" in host.call("ETCD_ENDPOINTS=''; findings_of_new_host").said
