"""A cluster goes to the next minor by `up`, while a workload answers; what stopped half-way is gone on with."""

from __future__ import annotations

import itertools
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live import mirror
from tests.live.build import KUBERNETES, KUBERNETES_NEXT
from tests.live.cluster import Cluster, web_server
from tests.live.engine import EngineError
from tests.live.site import Site

pytestmark = pytest.mark.live

NODES = ("cp-1", "worker-1", "worker-2")
PORT = 30080


class Client:
    """Asks a service at each node's port in turn, five times a second, and notes what failed."""

    def __init__(self, addresses: list[str]) -> None:
        self.answered = 0
        self.failed: list[str] = []
        self._addresses = itertools.cycle(addresses)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not self._ended.wait(0.2):
            address = next(self._addresses)
            try:
                with opener.open(f"http://{address}:{PORT}/", timeout=5) as answer:
                    answer.read()
                self.answered += 1
            except OSError as error:
                self.failed.append(f"{time.strftime('%H:%M:%S')} {address}: {error}")


def workload() -> list[dict[str, Any]]:
    """Two pods that may move, one at a time, and that end only when nobody is led to them any more."""
    deployment, service = web_server("web", 2)
    pod = deployment["spec"]["template"]["spec"]
    pod["topologySpreadConstraints"][0]["whenUnsatisfiable"] = "ScheduleAnyway"
    pod["terminationGracePeriodSeconds"] = 20
    pod["containers"][0]["lifecycle"] = {"preStop": {"sleep": {"seconds": 5}}}
    service["spec"] |= {"type": "NodePort", "ports": [{"port": 80, "targetPort": 8080, "nodePort": PORT}]}
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "web"},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}},
    }
    return [deployment, service, budget]


def _configure(site: Site, version: str, **cluster: Any) -> None:
    site.configure(*NODES, **(site.release(version) | cluster))


@pytest.fixture(scope="module")
def cluster(site: Site) -> Cluster:
    """The cluster of the older version."""
    site.add(*NODES)
    _configure(site, KUBERNETES)
    site.stack.up()
    made = site.cluster()
    made.apply(*workload())
    made.kubectl("rollout", "status", "deployment/web", "--timeout=120s", "--request-timeout=0")
    made.wait("every pod of the system is ready", lambda: not made.unready_pods())
    return made


@pytest.fixture(scope="module")
def client(site: Site, cluster: Cluster) -> Iterator[Client]:
    """Somebody who uses the workload all the time."""
    assert cluster.nodes()
    made = Client([site.hosts[name].address for name in NODES])
    yield made
    made.end()


def versions(cluster: Cluster) -> dict[str, str]:
    """What each node's kubelet runs, by name."""
    items = cluster.get("nodes")["items"]
    return {node["metadata"]["name"]: node["status"]["nodeInfo"]["kubeletVersion"] for node in items}


@pytest.mark.usefixtures("client")
def test_other_kubelet_settings_are_taken_in_place(cluster: Cluster, site: Site) -> None:
    kubelet = site.settings()["cluster"]["kubelet"] | {"maxPods": 77}
    _configure(site, KUBERNETES, kubelet=kubelet)
    site.stack.up()
    room = {node["metadata"]["name"]: node["status"]["capacity"]["pods"] for node in cluster.get("nodes")["items"]}
    assert room == dict.fromkeys(NODES, "77")


def test_an_upgrade_that_stops_half_way_is_gone_on_with_while_the_workload_answers(
    cluster: Cluster, client: Client, site: Site
) -> None:
    _configure(site, KUBERNETES_NEXT)
    kubelet = mirror.folder() / f"kubernetes/v{KUBERNETES_NEXT}/bin/linux/amd64/kubelet"
    aside = kubelet.with_suffix(".aside")
    kubelet.rename(aside)
    try:
        with pytest.raises(EngineError, match="kubelet cannot be fetched; check the mirror"):
            site.stack.up()
    finally:
        aside.rename(kubelet)
    assert versions(cluster) == dict.fromkeys(NODES, f"v{KUBERNETES}"), "no kubelet is newer than its API server"
    served = json.loads(cluster.kubectl("get", "--raw=/version"))
    assert served["gitVersion"] == f"v{KUBERNETES_NEXT}", "it stopped after the first control plane's components"
    site.stack.up()
    assert versions(cluster) == dict.fromkeys(NODES, f"v{KUBERNETES_NEXT}")
    assert all(cluster.nodes().values())
    cluster.wait("every pod is ready", lambda: not cluster.unready_pods())
    assert client.failed == []
    assert client.answered > 100


def test_the_addons_follow(cluster: Cluster) -> None:
    proxy = cluster.get("daemonset/kube-proxy", "--namespace=kube-system")
    assert proxy["spec"]["template"]["spec"]["containers"][0]["image"].endswith(f":v{KUBERNETES_NEXT}")


@pytest.mark.usefixtures("cluster")
def test_etcd_was_saved_before(site: Site) -> None:
    saved = site.hosts["cp-1"].run("ls /var/backups/infraplatform-etcd/*.snapshot").stdout.split()
    assert saved


@pytest.mark.usefixtures("cluster")
def test_the_up_after_an_upgrade_is_empty(site: Site) -> None:
    before = site.connections()
    assert site.stack.up().changes == {}
    assert site.connections() == before


@pytest.mark.usefixtures("cluster")
def test_the_way_back_is_refused_before_anything_changes(site: Site) -> None:
    before = site.connections()
    _configure(site, KUBERNETES)
    with pytest.raises(EngineError, match=f"goes back from {KUBERNETES_NEXT} to {KUBERNETES}"):
        site.stack.preview()
    assert site.connections() == before
