"""Three control planes and two workers go to another minor and get other keys, while API and workload answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.live import hosts, mirror
from tests.live.build import KUBERNETES, KUBERNETES_NEXT
from tests.live.client import Client, api_client
from tests.live.cluster import Cluster, web_server
from tests.live.engine import EngineError
from tests.live.keys import accepted, key_of, serials, stored, word
from tests.live.load_balancer import API_PORT, LoadBalancer
from tests.live.site import Site, address_of

pytestmark = pytest.mark.live

CONTROL_PLANES: Final = ("cp-1", "cp-2", "cp-3")
NODES: Final = (*CONTROL_PLANES, "worker-1", "worker-2")
PORT: Final = 30080
MADE_ANEW: Final = {"certificates": "2", "operator": "2", "join": "2"}


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


def configure(site: Site, version: str, **cluster: Any) -> None:
    """Let the stack be of a version, with these settings of the cluster."""
    endpoint = {"host": hosts.GATEWAY, "port": API_PORT}
    site.configure(*NODES, **(site.release(version) | {"endpoint": endpoint} | cluster))


def rotate(site: Site, **values: Any) -> None:
    """Let the stack, which has been upgraded, have these values of `cluster.rotate`."""
    configure(site, KUBERNETES_NEXT, rotate=values)


@pytest.fixture(scope="module")
def cluster(site: Site) -> Iterator[Cluster]:
    """The cluster of the older version, with a workload and a secret."""
    site.add(*NODES)
    balancer = LoadBalancer(hosts.GATEWAY, [address_of(name) for name in CONTROL_PLANES])
    configure(site, KUBERNETES)
    site.stack.up()
    made = site.cluster()
    made.apply(*workload())
    made.kubectl("create", "secret", "generic", "kept", "--from-literal=word=written-before")
    made.kubectl("rollout", "status", "deployment/web", "--timeout=120s", "--request-timeout=0")
    made.wait("every pod of the system is ready", lambda: not made.unready_pods())
    yield made
    balancer.close()


@pytest.fixture(scope="module")
def user(site: Site, cluster: Cluster) -> Iterator[Client]:
    """Somebody who uses the workload all the time, at each node's port in turn."""
    assert cluster.nodes()
    with Client([f"http://{site.hosts[name].address}:{PORT}/" for name in NODES]) as client:
        yield client


@pytest.fixture(scope="module")
def operator(site: Site, cluster: Cluster) -> Iterator[Client]:
    """Somebody who reads from the API all the time, and asks again when a server that ends says so."""
    assert cluster.nodes()
    with api_client(site.folder / "kubeconfig", tries=5) as client:
        yield client


def versions(cluster: Cluster) -> dict[str, str]:
    """What each node's kubelet runs, by name."""
    items = cluster.get("nodes")["items"]
    return {node["metadata"]["name"]: node["status"]["nodeInfo"]["kubeletVersion"] for node in items}


@pytest.mark.usefixtures("user")
def test_other_kubelet_settings_are_taken_in_place(cluster: Cluster, site: Site) -> None:
    kubelet = site.settings()["cluster"]["kubelet"] | {"maxPods": 77}
    configure(site, KUBERNETES, kubelet=kubelet)
    site.stack.up()
    room = {node["metadata"]["name"]: node["status"]["capacity"]["pods"] for node in cluster.get("nodes")["items"]}
    assert room == dict.fromkeys(NODES, "77")


def test_an_upgrade_that_stops_half_way_is_gone_on_with_while_the_workload_answers(
    cluster: Cluster, user: Client, operator: Client, site: Site
) -> None:
    configure(site, KUBERNETES_NEXT)
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
    assert user.failed == []
    assert user.answered > 100
    assert operator.failed == []


def test_the_addons_follow(cluster: Cluster) -> None:
    proxy = cluster.get("daemonset/kube-proxy", "--namespace=kube-system")
    assert proxy["spec"]["template"]["spec"]["containers"][0]["image"].endswith(f":v{KUBERNETES_NEXT}")


@pytest.mark.usefixtures("cluster")
def test_etcd_was_saved_before(site: Site) -> None:
    saved = site.hosts["cp-1"].run("ls /var/backups/infraplatform-etcd/*.snapshot").stdout.split()
    assert saved


@pytest.mark.usefixtures("cluster")
def test_the_up_after_an_upgrade_is_empty(site: Site) -> None:
    site.up_without_a_change()


@pytest.mark.usefixtures("cluster")
def test_the_way_back_is_refused_before_anything_changes(site: Site) -> None:
    before = site.connections()
    configure(site, KUBERNETES)
    with pytest.raises(EngineError, match=f"goes back from {KUBERNETES_NEXT} to {KUBERNETES}"):
        site.stack.preview()
    assert site.connections() == before


@pytest.fixture(scope="module")
def token(cluster: Cluster) -> str:
    """A service account's token, signed by the key that the cluster was made with."""
    return cluster.kubectl("create", "token", "default", "--duration=2h").strip()


def test_certificates_are_renewed_and_the_operator_gets_another(cluster: Cluster, operator: Client, site: Site) -> None:
    before, kubeconfig = serials(site, CONTROL_PLANES), site.stack.outputs()["kubeconfig"]
    rotate(site, **MADE_ANEW)
    site.stack.up()
    after = serials(site, CONTROL_PLANES)
    assert not set(before) & set(after)
    assert site.stack.outputs()["kubeconfig"] != kubeconfig
    assert site.cluster().nodes() == dict.fromkeys(NODES, True)
    assert all(cluster.nodes().values()), "the operator's earlier certificate holds until it ends"
    assert operator.failed == []


def test_new_keys_are_used_and_what_the_old_ones_made_stays_good(
    cluster: Cluster, operator: Client, site: Site, token: str
) -> None:
    assert "k8s:enc:secretbox:v1:key1:" in stored(site.hosts["cp-2"])
    rotate(site, **MADE_ANEW, service_account_keys=["1", "2"], encryption_keys=["1", "2"])
    site.stack.up()
    assert "k8s:enc:secretbox:v1:key2:" in stored(site.hosts["cp-2"]), "secrets were written anew"
    assert word(cluster) == "written-before"
    new = cluster.kubectl("create", "token", "default").strip()
    assert key_of(new) != key_of(token)
    assert accepted(cluster, CONTROL_PLANES, new)
    assert accepted(cluster, CONTROL_PLANES, token)
    assert operator.failed == []


@pytest.mark.usefixtures("cluster")
def test_the_up_after_a_rotation_is_empty(site: Site) -> None:
    site.up_without_a_change()


@pytest.mark.usefixtures("cluster")
def test_a_key_that_nobody_could_accept_before_is_refused(site: Site) -> None:
    rotate(site, **MADE_ANEW, service_account_keys=["3"], encryption_keys=["1", "2"])
    with pytest.raises(EngineError, match="service_account_keys goes from"):
        site.stack.preview()


def test_an_old_key_that_goes_takes_its_tokens_along_and_no_secret(
    cluster: Cluster, operator: Client, site: Site, token: str
) -> None:
    rotate(site, **MADE_ANEW, service_account_keys=["2"], encryption_keys=["2"])
    site.stack.up()
    assert not accepted(cluster, CONTROL_PLANES, token)
    assert accepted(cluster, CONTROL_PLANES, cluster.kubectl("create", "token", "default").strip())
    assert word(cluster) == "written-before"
    assert operator.failed == []
