"""What a site has already and a cluster uses: an HTTP proxy, an issuer of tokens, disks that are mounted on hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.live import issuer, mirror, web_proxy
from tests.live.cluster import Cluster, ClusterError
from tests.live.hosts import GATEWAY
from tests.live.issuer import Issuer
from tests.live.site import Site
from tests.live.web_proxy import WebProxy

pytestmark = pytest.mark.live

HOSTS: Final = ("cp-1", "worker-1")
MIRROR: Final = "mirror.live.internal"
DISK: Final = "/mnt/disk-a"
STRANGER: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def proxy(site: Site) -> Iterator[WebProxy]:
    """The one who knows where the mirror and the issuer are."""
    made = WebProxy(site.folder, {MIRROR: GATEWAY, issuer.NAME: GATEWAY})
    yield made
    made.end()


@pytest.fixture(scope="module")
def people(site: Site) -> Iterator[Issuer]:
    """The issuer of people's tokens."""
    made = Issuer(site.folder)
    yield made
    made.end()


@pytest.fixture(scope="module")
def cluster(site: Site, proxy: WebProxy, people: Issuer) -> Cluster:  # noqa: ARG001  the proxy has to be there
    """The cluster after the first `up`."""
    site.add(*HOSTS)
    site.hosts["worker-1"].run(f"mkdir {DISK} && mount -t tmpfs disk-a {DISK}")
    configure(site, people)
    site.stack.up()
    return site.cluster()


def configure(site: Site, people: Issuer) -> None:
    """The settings of all scenarios here."""
    disk = {"host": "worker-1", "path": DISK, "size_gib": 1}
    site.configure(
        *HOSTS,
        **mirror.settings(f"http://{MIRROR}:{mirror.PORT}"),
        proxy={"http": web_proxy.URL, "https": web_proxy.URL},
        login={"issuer": issuer.URL, "client_id": "kubernetes", "ca": people.ca},
        parts={"storage": {"local_volumes": {"fast": {"disk-a": disk}}}},
    )


def as_person(site: Site, token: str) -> Cluster:
    """The cluster as somebody sees it who has nothing but a token."""
    kubeconfig = json.loads(site.stack.outputs()["kubeconfig"])
    kubeconfig["users"][0]["user"] = {"token": token}
    folder = site.folder / "person"
    folder.mkdir(exist_ok=True)
    return Cluster(json.dumps(kubeconfig), folder)


def test_hosts_get_through_the_proxy_what_they_cannot_reach(cluster: Cluster, site: Site, proxy: WebProxy) -> None:
    for host in site.hosts.values():
        assert host.run(f"curl --noproxy '*' -sm 1 http://{MIRROR}:{mirror.PORT}/", check=False).returncode != 0
    assert cluster.nodes() == dict.fromkeys(HOSTS, True)
    assert {host.address for host in site.hosts.values()} <= proxy.clients()


def test_nodes_pods_and_services_are_reached_without_it(cluster: Cluster, proxy: WebProxy) -> None:
    cluster.wait("every pod of the system is ready", lambda: not cluster.unready_pods())
    asked = "busybox nslookup kubernetes.default.svc.cluster.local"
    address = cluster.get("service", "kubernetes")["spec"]["clusterIP"]
    assert address in cluster.output_of("client", f"for _ in 1 2 3 4 5; do {asked} && exit; sleep 1; done; exit 1")
    assert proxy.asked() <= {f"{MIRROR}:{mirror.PORT}", f"{issuer.NAME}:{issuer.PORT}"}


@pytest.mark.usefixtures("cluster")
def test_a_second_up_changes_nothing(site: Site, people: Issuer) -> None:
    configure(site, people)
    assert site.stack.up().changes == {}


def test_a_group_may_what_its_role_says_and_no_more(
    cluster: Cluster, site: Site, people: Issuer, proxy: WebProxy
) -> None:
    cluster.apply(binding("oidc:watchers", "view"))
    watcher = as_person(site, people.token("kim", "watchers"))
    cluster.wait("the API server has the issuer's keys", lambda: bool(watcher.get("pods", "--all-namespaces")), 60)
    assert f"{issuer.NAME}:{issuer.PORT}" in proxy.asked(), "the API server reaches it by the proxy alone"
    who = json.loads(watcher.kubectl("auth", "whoami", "--output=json"))["status"]["userInfo"]
    assert (who["username"], "oidc:watchers" in who["groups"]) == ("oidc:kim", True)
    with pytest.raises(ClusterError, match=r"oidc:kim.*cannot create"):
        watcher.kubectl("create", "configmap", "mine")
    with pytest.raises(ClusterError, match=r"oidc:lee.*cannot list"):
        as_person(site, people.token("lee", "guests")).get("pods")


@pytest.mark.usefixtures("cluster")
def test_a_token_that_is_not_the_issuers_for_this_cluster_is_nobodys(site: Site, people: Issuer) -> None:
    refused: tuple[dict[str, Any], ...] = (
        {"aud": "webshop"},
        {"iss": "https://elsewhere.live.internal"},
        {"exp": 1},
        {"key": STRANGER},
    )
    for claims in refused:
        with pytest.raises(ClusterError, match=r"logged in|Unauthorized"):
            as_person(site, people.token("kim", "watchers", **claims)).get("pods")


@pytest.mark.usefixtures("cluster")
def test_no_issuer_makes_an_administrator(site: Site, people: Issuer) -> None:
    with pytest.raises(ClusterError, match=r"oidc:mallory.*cannot list"):
        as_person(site, people.token("mallory", "system:masters")).get("secrets")


def test_a_mounted_disk_is_a_volume(cluster: Cluster, site: Site) -> None:
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "fast",
        "resources": {"requests": {"storage": "1Gi"}},
    }
    cluster.apply({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "fast"}, "spec": claim})
    volumes = [{"name": "fast", "persistentVolumeClaim": {"claimName": "fast"}}]
    cluster.output_of("writer", "echo written > /data/file", volumes=volumes)
    assert site.hosts["worker-1"].run(f"cat {DISK}/file").stdout == "written\n"
    assert cluster.get("pvc", "fast")["spec"]["volumeName"] == "disk-a"


def binding(group: str, role: str) -> dict[str, Any]:
    """What a group may, in all namespaces."""
    api = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{api}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "watchers"},
        "roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": api, "kind": "Group", "name": group}],
    }
