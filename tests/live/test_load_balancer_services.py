"""Services of type LoadBalancer, by a chart that control planes install: changed and removed by `up`, as all else."""

from __future__ import annotations

import urllib.request
from typing import Any, Final

import pytest

from tests.live.cluster import Cluster, web_server
from tests.live.site import Site

pytestmark = pytest.mark.live

HOSTS: Final = ("cp-1", "worker-1")
FIRST: Final = "10.98.0.240"
ADDED: Final = "10.98.0.250"
POOL: Final = [f"{FIRST}-{FIRST}"]
WIDER_POOL: Final = [*POOL, ADDED]


def service(name: str, **annotations: str) -> dict[str, Any]:
    """A service before the web server that anybody on the hosts' network may ask."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "annotations": annotations},
        "spec": {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]},
    }


def addresses(cluster: Cluster, name: str) -> list[str]:
    """What the service got."""
    ingress = cluster.get("service", name)["status"]["loadBalancer"].get("ingress", [])
    return [entry["ip"] for entry in ingress]


def answer(address: str) -> str:
    """What this machine, which is on the hosts' network and no node, is told at the address; empty: nothing."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{address}", timeout=2) as page:
            return str(page.read().decode()).strip()
    except OSError:
        return ""


@pytest.fixture(scope="module")
def cluster(site: Site) -> Cluster:
    """A cluster that had MetalLB from the start, and a web server in it."""
    site.add(*HOSTS)
    site.configure(*HOSTS, **site.with_load_balancer(default=POOL))
    site.stack.up()
    made = site.cluster()
    made.apply(*web_server("web", 1))
    made.kubectl("rollout", "status", "deployment/web", "--timeout=60s", "--request-timeout=0")
    return made


def test_a_service_gets_an_address_of_the_pool_that_answers_outside_of_the_cluster(cluster: Cluster) -> None:
    cluster.apply(service("front"))
    cluster.wait("the service has its address", lambda: addresses(cluster, "front") == [FIRST], 60)
    pod = cluster.get("pods", "--selector=app=web")["items"][0]["metadata"]["name"]
    cluster.wait("the address answers", lambda: bool(answer(FIRST) == pod), 60)


@pytest.mark.usefixtures("cluster")
def test_a_second_up_changes_nothing(site: Site) -> None:
    assert site.stack.up().changes == {}


def test_an_address_added_to_a_pool_is_given_out(cluster: Cluster, site: Site) -> None:
    cluster.apply(service("second", **{"metallb.io/loadBalancerIPs": ADDED}))
    assert addresses(cluster, "second") == []
    site.configure(*HOSTS, **site.with_load_balancer(default=WIDER_POOL))
    touched = site.stack.up().touched
    assert not [name for name in touched if name.startswith("worker-1")], "the worker has no part in it"
    cluster.wait("the service has its address", lambda: addresses(cluster, "second") == [ADDED], 60)
    cluster.wait("both addresses answer", lambda: bool(answer(FIRST) and answer(ADDED)), 60)


def test_without_the_setting_nothing_of_it_is_left(cluster: Cluster, site: Site) -> None:
    site.configure(*HOSTS)
    site.stack.up()
    helm = "helm --kubeconfig /etc/kubernetes/admin.conf list --all --all-namespaces --short"
    assert site.hosts["cp-1"].run(helm).stdout == ""
    kinds = "namespaces,crds,clusterroles,clusterrolebindings,validatingwebhookconfigurations"
    left = [name for name in cluster.kubectl("get", kinds, "--output=name").split() if "metallb" in name]
    assert left == []
    assert answer(FIRST) == ""
    assert cluster.nodes() == dict.fromkeys(HOSTS, True)
