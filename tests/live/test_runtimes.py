"""Clusters of one control plane and one worker whose containers are run by CRI-O, and by Docker Engine."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live.build import KUBERNETES
from tests.live.cluster import Cluster, web_server
from tests.live.obstacles import obstacles
from tests.live.runtimes import CRI_O, DOCKER, Runtime, make_modest
from tests.live.site import Site, remove

pytestmark = pytest.mark.live

HOSTS = ("cp-1", "worker-1")
SERVICES = {"cri-o": ("crio", "kubelet"), "docker": ("docker", "cri-dockerd", "kubelet")}


@dataclass(frozen=True)
class Made:
    """A cluster, and what it is of."""

    runtime: Runtime
    site: Site
    cluster: Cluster


@pytest.fixture(scope="module", params=[CRI_O, DOCKER], ids=["cri-o", "docker"])
def made(request: pytest.FixtureRequest) -> Iterator[Made]:
    """A cluster on a site of its own, for each runtime whose programs are here."""
    runtime: Runtime = request.param
    if found := obstacles():
        pytest.skip("; ".join(found))
    if missing := runtime.missing:
        pytest.skip(f"nobody gave {' and '.join(missing)}: build them from their sources, into `given` in the cache")
    folder = Path(tempfile.mkdtemp(prefix="infraplatform-site-"))
    try:
        site = Site(folder)
        for host in site.add(*HOSTS, packages=runtime.packages):
            if runtime is DOCKER:
                make_modest(host)
        site.configure(*HOSTS, **runtime.settings(site, KUBERNETES))
        site.stack.up()
        yield Made(runtime, site, site.cluster())
    finally:
        with contextlib.suppress(FileNotFoundError):
            remove(folder)


def test_nodes_are_ready_by_the_runtime_that_was_chosen(made: Made) -> None:
    assert made.cluster.nodes() == dict.fromkeys(HOSTS, True)
    made.cluster.wait("every pod of the system is ready", lambda: not made.cluster.unready_pods())
    versions = {
        node["status"]["nodeInfo"]["containerRuntimeVersion"].partition("://")[0]
        for node in made.cluster.get("nodes")["items"]
    }
    assert versions == {made.runtime.kind}


def test_status_says_so_and_finds_nothing_amiss(made: Made) -> None:
    said = made.site.hosts[HOSTS[0]].run("infraplatform-node status").stdout
    assert f"container runtime: {made.runtime.kind} " in said
    for service in SERVICES[made.runtime.kind]:
        assert f"{service}: active" in said
    assert "drift" not in said


def test_a_pod_answers_by_its_services_name(made: Made) -> None:
    cluster = made.cluster
    cluster.apply(*web_server("web", 1))
    cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s", "--request-timeout=0")
    asked = "busybox timeout 3 wget -q -O - http://web.default.svc.cluster.local && exit"
    said = cluster.output_of("client", f"exec 2>&-; for _ in 1 2 3 4 5 6 7 8 9; do {asked}; sleep 1; done; exit 1")
    assert said.strip() == cluster.get("pods", "--selector=app=web")["items"][0]["metadata"]["name"]


def test_a_command_runs_in_a_pod_and_its_logs_are_read(made: Made) -> None:
    assert made.cluster.kubectl("exec", "deployment/web", "--", "busybox", "echo", "inside") == "inside\n"


def test_a_second_up_changes_nothing(made: Made) -> None:
    made.site.up_without_a_change()


def test_pods_outlive_a_restart_of_the_runtime(made: Made) -> None:
    def started() -> dict[str, str]:
        pods = made.cluster.get("pods", "--all-namespaces")["items"]
        return {
            status["containerID"]: status["state"]["running"]["startedAt"]
            for pod in pods
            for status in pod["status"]["containerStatuses"]
        }

    before = started()
    for service in SERVICES[made.runtime.kind][:-1]:
        made.site.hosts[HOSTS[1]].run(f"systemctl restart {service}")
    made.cluster.wait("nodes are ready", lambda: made.cluster.nodes() == dict.fromkeys(HOSTS, True))
    assert started() == before


def test_destroy_leaves_hosts_without_pods(made: Made) -> None:
    made.site.stack.destroy()
    for host in made.site.hosts.values():
        assert host.run("infraplatform-node status", check=False).returncode != 0
        assert host.run("pgrep -c kubelet", check=False).stdout.strip() == "0"
