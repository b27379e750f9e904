"""Three control planes and two workers behind an address that outlives each: hosts die, come back and are replaced."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from components.kubeadm.program import PROGRAM
from tests.live import figures, hosts
from tests.live.client import api_client
from tests.live.cluster import Cluster, web_server
from tests.live.engine import EngineError
from tests.live.hosts import Host
from tests.live.load_balancer import API_PORT, LoadBalancer
from tests.live.site import Site, address_of

pytestmark = pytest.mark.live

WORKERS: Final = ("worker-1", "worker-2")
FIRST: Final = ("cp-1", "cp-2", "cp-3")
LATER: Final = ("cp-3", "cp-4", "cp-5")
MOST_FAILED_REQUESTS: Final = 3
"""Requests that were under way when a control plane died; a client asks again."""


@pytest.fixture(scope="module")
def load_balancer(site: Site) -> Iterator[LoadBalancer]:
    """What stands before the control planes, those to come too."""
    site.add(*FIRST, *WORKERS)
    balancer = LoadBalancer(hosts.GATEWAY, [address_of(f"cp-{number}") for number in range(1, 6)])
    yield balancer
    balancer.close()


def configure(site: Site, *control_planes: str) -> None:
    """Let the stack have these control planes and both workers."""
    site.configure(*control_planes, *WORKERS, endpoint={"host": hosts.GATEWAY, "port": API_PORT})


@pytest.fixture(scope="module")
def cluster(site: Site, load_balancer: LoadBalancer) -> Cluster:
    """The cluster after the first `up`."""
    assert load_balancer
    configure(site, *FIRST)
    figures.timed(figures.THREE_AND_TWO, site.stack.up)
    return site.cluster()


def members(site: Site, control_plane: str) -> set[str]:
    """The names of etcd's members, as a control plane sees them."""
    pki = "/etc/kubernetes/pki/etcd"
    command = f"/usr/local/bin/etcdctl --cacert {pki}/ca.crt --cert {pki}/server.crt --key {pki}/server.key member list"
    return {line.split(", ")[2] for line in site.hosts[control_plane].run(command).stdout.splitlines()}


def ready(*names: str) -> dict[str, bool]:
    """What `Cluster.nodes` gives where these are the nodes and all are Ready."""
    return dict.fromkeys((*names, *WORKERS), True)


def places(cluster: Cluster) -> set[str]:
    """The nodes on which a ready pod of the workload runs."""
    pods = cluster.get("pods", "--selector=app=web")["items"]
    return {pod["spec"]["nodeName"] for pod in pods if _is_ready(pod)}


def _is_ready(pod: dict[str, Any]) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(entry["type"] == "Ready" and entry["status"] == "True" for entry in conditions)


def test_three_control_planes_and_two_workers_are_ready(cluster: Cluster, site: Site) -> None:
    assert cluster.nodes() == ready(*FIRST)
    assert members(site, "cp-1") == set(FIRST)
    cluster.wait("every pod of the system is ready", lambda: not cluster.unready_pods())


def test_pods_on_both_workers_answer_by_their_services_name(cluster: Cluster) -> None:
    deployment, service = web_server("web", 2)
    lost = ("node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready")
    deployment["spec"]["template"]["spec"]["tolerations"] = [
        {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5} for key in lost
    ]
    deployment["spec"]["template"]["spec"]["topologySpreadConstraints"][0]["nodeTaintsPolicy"] = "Honor"
    cluster.apply(deployment, service)
    cluster.kubectl("rollout", "status", "deployment/web", "--timeout=90s", "--request-timeout=0")
    assert places(cluster) == set(WORKERS)
    pods = {pod["metadata"]["name"] for pod in cluster.get("pods", "--selector=app=web")["items"]}
    asked = "busybox timeout 3 wget -q -O - http://web.default.svc.cluster.local"
    said = cluster.output_of("client", f"exec 2>&-; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do {asked}; sleep 1; done")
    assert set(said.split()) == pods, "each pod has answered"


@pytest.mark.usefixtures("cluster")
def test_a_second_up_changes_nothing_and_connects_to_no_host(site: Site) -> None:
    site.up_without_a_change()


@pytest.mark.usefixtures("cluster")
def test_status_tells_the_true_state_and_every_drift(site: Site) -> None:
    host, node_env = site.hosts["cp-2"], "/etc/infraplatform/node.env"
    said = status(host, 0)
    assert "node cp-2 (control-plane) of live" in said
    assert said.count("voter, healthy") == len(FIRST)
    assert "certificate apiserver.crt: 364 days" in said
    assert "drift" not in said
    host.run(f"cp {node_env} /etc/node.env.aside && sed -i 's/ cp-3=[0-9.]*//; s/1\\.36\\.3/1.36.9/' {node_env}")
    said = status(host, 1)
    assert "drift: the configuration says v1.36.9" in said
    assert f"drift: the configuration has no control plane cp-3 at {site.hosts['cp-3'].address}" in said
    host.run(f"cp /etc/node.env.aside {node_env}")
    worker = site.hosts["worker-2"]
    worker.run("systemctl stop kubelet")
    assert "kubelet: inactive" in status(worker, 1)
    worker.run("systemctl start kubelet")
    status(host, 0)


def status(host: Host, expected: int) -> str:
    """What `infraplatform-node status` says, ending as expected."""
    result = host.run(f"{PROGRAM} status", check=False)
    assert result.returncode == expected, result.stdout + result.stderr
    return result.stdout


def test_a_killed_pod_and_a_killed_worker_heal(cluster: Cluster, site: Site) -> None:
    killed = cluster.get("pods", "--selector=app=web")["items"][0]["metadata"]["name"]
    cluster.kubectl("delete", "pod", killed, "--force", "--grace-period=0")
    cluster.wait("another pod is in its place", lambda: places(cluster) == set(WORKERS))
    site.hosts["worker-2"].kill()
    cluster.wait("the node is lost", lambda: not cluster.nodes()["worker-2"])
    cluster.wait("its pod runs elsewhere", lambda: _ready_on(cluster, "worker-1") == 2)
    site.hosts["worker-2"].boot()
    cluster.wait("the node is back", lambda: cluster.nodes() == ready(*FIRST))
    cluster.kubectl("rollout", "restart", "deployment/web")
    cluster.wait("its pods run again", lambda: places(cluster) == set(WORKERS))


def _ready_on(cluster: Cluster, node: str) -> int:
    pods = cluster.get("pods", "--selector=app=web")["items"]
    return sum(_is_ready(pod) and pod["spec"]["nodeName"] == node for pod in pods)


def test_a_dead_control_plane_is_replaced_by_another_in_one_up_while_the_api_answers(
    cluster: Cluster, site: Site
) -> None:
    with api_client(site.folder / "kubeconfig") as client:
        site.hosts["cp-1"].kill()
        site.add("cp-4")
        configure(site, "cp-2", "cp-3", "cp-4")
        said = site.stack.up().said
    print(f"{client.answered} answers, longest time between two {client.longest:.1f} s, failed: {client.failed}")
    assert len(client.failed) <= MOST_FAILED_REQUESTS
    assert client.longest < 10
    assert cluster.nodes() == ready("cp-2", "cp-3", "cp-4")
    assert members(site, "cp-2") == {"cp-2", "cp-3", "cp-4"}
    saved, removed = "cp-4: saved /var/backups/infraplatform-etcd", "cp-4: removed the etcd member of cp-1"
    assert said.index(saved) < said.index(removed)


@pytest.mark.usefixtures("cluster")
def test_a_join_that_fails_half_way_says_so(site: Site) -> None:
    (host,) = site.add("cp-5")
    configure(site, *LATER)
    killer = threading.Thread(target=_kill_kubeadm, args=(host,))
    killer.start()
    with pytest.raises(EngineError, match="cp-5: kubeadm join failed"):
        site.stack.up()
    killer.join()


def _kill_kubeadm(host: Host) -> None:
    """End kubeadm when it has made its host a member of etcd, and before that member runs."""
    manifest, deadline = host.root / "etc/kubernetes/manifests/etcd.yaml", time.monotonic() + 180
    while not manifest.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    host.run("pkill -KILL -x kubeadm", check=False)


def test_the_next_up_goes_on_with_the_join_and_removes_the_first_control_plane(cluster: Cluster, site: Site) -> None:
    assert len(members(site, "cp-2")) == 4, "it failed after it had become a member"
    site.stack.up()
    assert cluster.nodes() == ready(*LATER)
    assert members(site, "cp-3") == set(LATER)
    left = site.hosts["cp-2"].run("ls -A /etc/kubernetes; pgrep -l 'kube|etcd'", check=False)
    assert left.stdout == "", "the host that left is clean"


def test_no_control_plane_is_taken_away_where_two_of_three_are_down(cluster: Cluster, site: Site) -> None:
    cluster.kubectl("create", "configmap", "saved")
    site.hosts["cp-3"].run(f"{PROGRAM} backup")
    for name in ("cp-4", "cp-5"):
        site.hosts[name].kill()
    configure(site, "cp-3", "cp-4")
    with pytest.raises(EngineError, match=r"of 3 members 1 live|3 members of which 1 live"):
        site.stack.up()


def test_the_last_of_three_goes_on_from_its_snapshot_and_the_dead_leave(cluster: Cluster, site: Site) -> None:
    newest = site.hosts["cp-3"].run("ls /var/backups/infraplatform-etcd/*.snapshot | tail -n 1").stdout.strip()
    site.hosts["cp-3"].run(f"{PROGRAM} restore {newest}")
    configure(site, "cp-3")
    site.stack.up()
    assert members(site, "cp-3") == {"cp-3"}
    cluster.get("configmap", "saved")
    cluster.wait("the workers are with it", lambda: cluster.nodes() == ready("cp-3"))
    cluster.wait("pods run again", lambda: not cluster.unready_pods())


def test_hosts_that_were_dead_are_reset_and_join_what_was_restored(cluster: Cluster, site: Site) -> None:
    for name in ("cp-4", "cp-5"):  # one after the other: together they would be a majority of the old etcd
        site.hosts[name].boot()
        site.hosts[name].run(f"{PROGRAM} reset")
    configure(site, *LATER)
    site.stack.up()
    assert cluster.nodes() == ready(*LATER)
    assert members(site, "cp-3") == set(LATER)


def test_destroy_leaves_hosts_that_another_up_works_on(site: Site) -> None:
    site.stack.destroy()
    configure(site, *LATER)
    figures.timed(figures.WARM_THREE_AND_TWO, site.stack.up)
    assert site.cluster().nodes() == ready(*LATER)
