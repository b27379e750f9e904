"""A cluster whose etcd is somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.cluster import Cluster
from tests.live.engine import EngineError
from tests.live.external_etcd import ENDPOINT, ExternalEtcd
from tests.live.site import Site

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def etcd(site: Site) -> Iterator[ExternalEtcd]:
    """etcd on the bridge."""
    made = ExternalEtcd(site.folder / "etcd")
    try:
        yield made
    finally:
        made.end()


def _configure(site: Site, etcd: ExternalEtcd, *names: str) -> None:
    secrets = {"external_etcd": etcd.certificates}
    site.configure(*names, secrets=secrets, etcd={"endpoints": [ENDPOINT]})


@pytest.fixture(scope="module")
def cluster(site: Site, etcd: ExternalEtcd) -> Cluster:
    """The cluster after the first `up`."""
    site.add("cp-1", "worker-1")
    _configure(site, etcd, "cp-1", "worker-1")
    site.stack.up()
    return site.cluster()


def test_the_cluster_is_kept_in_the_etcd_outside_and_nowhere_else(
    cluster: Cluster, site: Site, etcd: ExternalEtcd
) -> None:
    assert cluster.nodes() == {"cp-1": True, "worker-1": True}
    assert "/registry/minions/worker-1" in etcd.held()
    there = site.hosts["cp-1"].run("ls /var/lib/etcd /etc/kubernetes/manifests 2>&1 || true").stdout
    assert "etcd.yaml" not in there
    assert "No such file or directory" in there


@pytest.mark.usefixtures("cluster")
def test_its_snapshots_are_for_whoever_runs_it(site: Site) -> None:
    host = site.hosts["cp-1"]
    assert f"external etcd at {ENDPOINT}: healthy" in host.run("infraplatform-node status").stdout
    assert "backup is for whoever runs that" in host.run("infraplatform-node backup 2>&1 || true").stdout
    assert "infraplatform-backup.timer" not in host.run("systemctl list-timers --all").stdout


@pytest.mark.usefixtures("cluster")
def test_a_second_up_changes_nothing(site: Site) -> None:
    assert site.stack.up().changes == {}


@pytest.mark.usefixtures("cluster")
def test_another_cluster_is_not_founded_over_the_one_that_etcd_holds(site: Site, etcd: ExternalEtcd) -> None:
    site.stack.destroy()
    with pytest.raises(EngineError, match="holds a cluster already; give this one its own"):
        site.stack.up()
    etcd.empty()
    site.stack.up()
    assert site.cluster().nodes() == {"cp-1": True, "worker-1": True}
