"""The cluster's own registry: pushed to from outside, pulled from by every node, alive after its pod's death."""

from __future__ import annotations

import http.client
from typing import Any, Final

import pytest

from components.versions import HELPER_IMAGE_VERSION
from tests.live.cluster import Cluster
from tests.live.images import images
from tests.live.registry_client import RegistryClient, authority_of
from tests.live.site import Site

pytestmark = pytest.mark.live

HOST: Final = "registry.live.internal:30500"
NAMESPACE: Final = "infraplatform-registry"
HOSTS: Final = ("cp-1", "worker-1")


def registry(**more: Any) -> dict[str, Any]:
    """The part of the settings."""
    return {"registry": {"kind": "self-hosted", "repositories": ["team/app"], **more}}


def runtime_started(site: Site) -> dict[str, str]:
    """When each host's containerd was started."""
    command = "systemctl show containerd --property=ActiveEnterTimestampMonotonic --value"
    return {name: host.run(command).stdout for name, host in site.hosts.items()}


@pytest.fixture(scope="module")
def cluster(site: Site) -> Cluster:
    """A cluster that has run with somebody else's registry, and gets its own by a second `up`."""
    site.add(*HOSTS)
    site.configure(*HOSTS)
    site.stack.up()
    before = runtime_started(site)
    site.configure(*HOSTS, parts=registry())
    site.stack.up()
    assert runtime_started(site) == before, "no containerd was restarted"
    made = site.cluster()
    _wait(made, site)
    return made


def _wait(cluster: Cluster, site: Site) -> None:
    cluster.kubectl(
        "rollout", "status", "deployment/registry", f"--namespace={NAMESPACE}", "--timeout=90s", "--request-timeout=0"
    )
    outside = client(site)
    cluster.wait("the registry answers at the control plane's port", outside.answers, 60)


def client(site: Site, *, login: bool = True) -> RegistryClient:
    """Somebody outside, who asks the control plane though the registry's pod is on the worker."""
    outputs = site.stack.outputs()
    assert outputs["registry_url"] == HOST
    docker_config = outputs["pull_credentials"] if login else ""
    return RegistryClient(HOST, site.hosts["cp-1"].address, authority_of(outputs), docker_config)


def run(cluster: Cluster, name: str, image: str) -> str:
    """What a pod of an image says, which is pulled for it; no pull secret is named."""
    spec = {
        "restartPolicy": "Never",
        "containers": [
            {
                "name": "main",
                "image": image,
                "imagePullPolicy": "Always",
                "command": ["/bin/busybox", "echo", "it runs"],
            }
        ],
    }
    cluster.apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})
    cluster.wait(f"pod {name} ends", lambda: bool(cluster.get("pod", name)["status"]["phase"] == "Succeeded"), 60)
    return cluster.kubectl("logs", name)


def test_an_image_pushed_from_outside_runs_on_a_worker(cluster: Cluster, site: Site) -> None:
    busybox = next(image for image in images() if image.reference.endswith(f"/busybox:{HELPER_IMAGE_VERSION}"))
    image = client(site).push(busybox.archive, "team/app", "1")
    assert image == f"{site.stack.outputs()['repository_urls']['team/app']}:1"
    assert run(cluster, "pulled", image) == "it runs\n"


@pytest.mark.usefixtures("cluster")
def test_nobody_pulls_or_pushes_without_a_password(site: Site) -> None:
    stranger = client(site, login=False)
    assert stranger.ask("GET", "/v2/team/app/manifests/1")[0] == http.client.UNAUTHORIZED
    assert stranger.ask("POST", "/v2/team/app/blobs/uploads/")[0] == http.client.UNAUTHORIZED


@pytest.mark.usefixtures("cluster")
def test_the_password_is_root_s_alone_on_a_host(site: Site) -> None:
    for host in site.hosts.values():
        path = f"/etc/containerd/certs.d/{HOST}/hosts.toml"
        assert host.run(f"stat -c '%a %U' {path}").stdout == "600 root\n"
        assert "Authorization" in host.run(f"cat {path}").stdout


def test_images_outlive_the_registrys_pod(cluster: Cluster, site: Site) -> None:
    before = cluster.get("pods", f"--namespace={NAMESPACE}")["items"][0]["metadata"]["name"]
    cluster.kubectl("delete", "pod", before, f"--namespace={NAMESPACE}", "--force", "--grace-period=0")
    _wait(cluster, site)
    assert cluster.get("pods", f"--namespace={NAMESPACE}")["items"][0]["metadata"]["name"] != before
    image = f"{HOST}/team/app:1"
    site.hosts["worker-1"].run(f"ctr -n k8s.io images rm {image} >/dev/null 2>&1")
    assert run(cluster, "pulled-again", image) == "it runs\n"


def test_a_rotated_password_reaches_nodes_and_registry(cluster: Cluster, site: Site) -> None:
    old = client(site)
    started = runtime_started(site)
    site.configure(*HOSTS, parts=registry(rotate="2"))
    site.stack.up()
    assert runtime_started(site) == started
    new = client(site)
    cluster.wait("the new password opens", lambda: new.ask("GET", "/v2/")[0] == http.client.OK, 150)
    assert old.ask("GET", "/v2/")[0] == http.client.UNAUTHORIZED
    assert run(cluster, "pulled-anew", f"{HOST}/team/app:1") == "it runs\n"
