"""One control plane and one worker, from nothing to nothing: each scenario goes on from where the last one ended."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from tests.live import figures, hosts
from tests.live.cluster import Cluster, web_server
from tests.live.engine import EngineError
from tests.live.processes import run
from tests.live.site import Site

pytestmark = pytest.mark.live

FIREWALL = {"ssh_sources": [f"{hosts.GATEWAY}/32"]}
"""All of this goes on behind the hosts' own firewall; this machine is the operator's."""
STRANGER = "192.0.2.77"


@pytest.fixture(scope="module")
def cluster(site: Site) -> Cluster:
    """The cluster after the first `up`."""
    site.add("cp-1", "worker-1")
    site.configure("cp-1", "worker-1", host_firewall=FIREWALL)
    figures.timed(figures.ONE_AND_ONE, site.stack.up)
    return site.cluster()


def test_up_makes_a_cluster_whose_nodes_are_ready(cluster: Cluster) -> None:
    assert cluster.nodes() == {"cp-1": True, "worker-1": True}
    cluster.wait("every pod of the system is ready", lambda: not cluster.unready_pods())


def test_a_pod_on_the_worker_answers_by_its_services_name(cluster: Cluster) -> None:
    cluster.apply(*web_server("web", 1))
    cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s", "--request-timeout=0")
    pods = cluster.get("pods", "--selector=app=web")["items"]
    assert [pod["spec"]["nodeName"] for pod in pods] == ["worker-1"]
    asked = "busybox timeout 3 wget -q -O - http://web.default.svc.cluster.local && exit"
    # Rules and routes of a node that has just joined come one after another.
    said = cluster.output_of("client", f"exec 2>&-; for _ in 1 2 3 4 5 6 7 8 9; do {asked}; sleep 1; done; exit 1")
    assert said.strip() == pods[0]["metadata"]["name"]


@pytest.mark.usefixtures("cluster")
def test_a_second_up_changes_nothing_and_connects_to_no_host(site: Site) -> None:
    site.up_without_a_change()


@pytest.mark.usefixtures("cluster")
def test_the_hosts_let_in_whom_they_know(site: Site) -> None:
    run("ip", "address", "replace", f"{STRANGER}/32", "dev", hosts.BRIDGE)
    places = [(host.address, port) for host in site.hosts.values() for port in (22, 10250)]
    places += [(site.hosts["cp-1"].address, port) for port in (2379, 6443)]
    assert [place for place in places if not _reaches(hosts.GATEWAY, *place)] == []
    assert [place for place in places if _reaches(STRANGER, *place)] == []
    worker = site.hosts["worker-1"]
    between = "timeout 2 bash -c ': </dev/tcp/{}/{}'"
    assert worker.run(between.format(site.hosts["cp-1"].address, 6443)).returncode == 0
    assert worker.run(between.format(site.hosts["cp-1"].address, 22), check=False).returncode != 0
    assert "host firewall: loaded" in worker.run("infraplatform-node status").stdout


def test_a_volume_outlives_its_pod(cluster: Cluster) -> None:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "16Mi"}}}
    cluster.apply({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "kept"}, "spec": claim})
    volumes = [{"name": "kept", "persistentVolumeClaim": {"claimName": "kept"}}]
    cluster.output_of("writer", "echo written > /data/file", volumes=volumes)
    assert cluster.output_of("reader", "cat /data/file", volumes=volumes) == "written\n"


def test_a_worker_added_touches_no_other_node(cluster: Cluster, site: Site) -> None:
    site.add("worker-2")
    site.configure("cp-1", "worker-1", "worker-2", host_firewall=FIREWALL)
    before = site.connections()
    site.stack.up()
    assert cluster.nodes() == {"cp-1": True, "worker-1": True, "worker-2": True}
    after = site.connections()
    touched = {name for name in after if after[name] != before[name]}
    assert touched == {"worker-2"}
    cluster.apply(*web_server("web", 2))
    cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s", "--request-timeout=0")
    pods = cluster.get("pods", "--selector=app=web")["items"]
    assert {pod["spec"]["nodeName"] for pod in pods} == {"worker-1", "worker-2"}


@pytest.mark.usefixtures("cluster")
def test_a_host_with_another_key_is_refused(site: Site) -> None:
    site.configure("cp-1", "worker-1", "worker-2", etcd_backup={"keep": 5}, host_firewall=FIREWALL)
    worker = site.hosts["worker-2"]
    pinned = site.settings("worker-2")["provider"]["hosts"]["worker-2"]["host_key"]
    worker.new_host_key()
    worker.run("systemctl restart ssh")
    assert worker.host_key != pinned
    with pytest.raises(EngineError, match="host key"):
        site.stack.up()


@pytest.mark.usefixtures("cluster")
def test_destroy_leaves_hosts_that_another_up_works_on(site: Site) -> None:
    site.configure("cp-1", "worker-1", "worker-2", host_firewall=FIREWALL)
    site.stack.up()
    site.stack.destroy()
    for host in site.hosts.values():
        left = host.run(
            "ls -A /etc/kubernetes /var/lib/etcd /var/lib/kubelet 2>/dev/null; pgrep -l 'kube|etcd'", check=False
        )
        assert left.stdout.split() in ([], ["/etc/kubernetes:"]), f"{host.name} is not clean"
        assert "table inet infraplatform" not in host.run("nft list tables").stdout
    site.configure("cp-1", "worker-1", host_firewall=FIREWALL)
    figures.timed(figures.WARM_ONE_AND_ONE, site.stack.up)
    assert site.cluster().nodes() == {"cp-1": True, "worker-1": True}


def _reaches(source: str, address: str, port: int) -> bool:
    """Whether a connection from one of this machine's addresses comes about."""
    with suppress(OSError), socket.create_connection((address, port), 2, (source, 0)):
        return True
    return False
