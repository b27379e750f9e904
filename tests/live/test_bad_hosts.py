"""What is amiss on hosts and mirrors is said with the host and the remedy, and the next `up` goes on from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from components.kubeadm.program import PROGRAM
from tests.live.cluster import Cluster, ClusterError
from tests.live.engine import EngineError, Stack
from tests.live.processes import run
from tests.live.secrets_scan import Watch, leaks, secrets_of
from tests.live.site import Site

pytestmark = pytest.mark.live

HOSTS: Final = ("cp-1", "worker-1")


@pytest.fixture(scope="module", autouse=True)
def _hosts(site: Site) -> None:
    site.add(*HOSTS)


def refusal(site: Site, **cluster: Any) -> str:
    """What an `up` says that fails."""
    site.configure(*HOSTS, **cluster)
    with pytest.raises(EngineError) as caught:
        site.stack.up()
    return str(caught.value)


def test_two_hosts_with_one_address_are_refused_before_anything(site: Site) -> None:
    settings = site.settings(*HOSTS)
    settings["provider"]["hosts"]["worker-1"]["address"] = site.hosts["cp-1"].address
    site.stack.configure(settings, {})
    with pytest.raises(EngineError, match=r"worker-1.*") as caught:
        site.stack.preview()
    assert site.hosts["cp-1"].address in str(caught.value)
    assert sum(site.connections().values()) == 0


@contextmanager
def _swap(folder: Path) -> Iterator[None]:
    """Swap on this machine, which its hosts share."""
    file = folder / "swap"
    file.touch(mode=0o600)
    file.write_bytes(bytes(1024 * 1024))
    run("mkswap", "--quiet", str(file))
    run("swapon", str(file))
    try:
        yield
    finally:
        run("swapoff", str(file))
        file.unlink()


def test_swap_and_a_full_disk_of_all_hosts_are_said_together(site: Site) -> None:
    site.hosts["worker-1"].run("mount -t tmpfs -o size=64M full /usr/local")
    with _swap(site.folder):
        said = refusal(site)
    assert "3 findings, and nothing was changed" in said
    for host in HOSTS:
        assert f"{host}: swap is on; run `swapoff -a` and remove its line from /etc/fstab" in said
    assert "worker-1: /usr/local has 64 MiB free; a node needs 2048, make room" in said
    site.hosts["worker-1"].run("umount /usr/local")
    for host in site.hosts.values():
        assert host.run("ls /etc/infraplatform", check=False).returncode != 0, "nothing was changed"


def test_a_host_of_another_cluster_is_refused(site: Site) -> None:
    worker = site.hosts["worker-1"]
    worker.run("mkdir -p /etc/kubernetes && touch /etc/kubernetes/kubelet.conf")
    said = refusal(site)
    assert "worker-1: it is a node of another cluster (/etc/kubernetes/kubelet.conf)" in said
    assert "run `kubeadm reset` on it" in said
    worker.run("rm /etc/kubernetes/kubelet.conf")


def test_hosts_that_do_not_reach_each_other_are_named_with_the_port(site: Site) -> None:
    rule = "INPUT --protocol tcp --dport 6443 --jump DROP"
    site.hosts["cp-1"].run(f"iptables --append {rule}")
    said = refusal(site)
    assert "1 finding, and nothing was changed" in said
    assert "worker-1: does not reach cp-1:6443; mend routing or firewalls between them" in said
    site.hosts["cp-1"].run(f"iptables --delete {rule}")


def test_a_mirror_that_does_not_answer_is_named(site: Site) -> None:
    downloads = site.settings()["cluster"]["downloads"]
    gone = downloads["kubelet"] | {"url": "http://10.98.0.1:9/kubelet"}
    said = refusal(site, downloads=downloads | {"kubelet": gone})
    for host in HOSTS:
        assert f"{host}: http://10.98.0.1:9/kubelet cannot be fetched; check the mirror" in said


def test_a_wrong_checksum_is_named_and_nothing_of_it_stays(site: Site) -> None:
    downloads = site.settings()["cluster"]["downloads"]
    wrong = downloads["kubelet"] | {"sha256": "0" * 64}
    said = refusal(site, downloads=downloads | {"kubelet": wrong})
    for host in HOSTS:
        assert f"{host}: {wrong['url']} has sha256 {downloads['kubelet']['sha256']}, the settings say 000" in said
        assert site.hosts[host].run("ls -A /usr/local/bin | grep kubelet", check=False).stdout == ""


def test_a_disk_that_is_full_half_way_is_named(site: Site) -> None:
    worker = site.hosts["worker-1"]
    worker.run("mkdir -p /var/lib/infraplatform && mount -t tmpfs -o size=64M full /var/lib/infraplatform")
    said = refusal(site)
    assert "worker-1: /var/lib/infraplatform has 6" in said
    assert "MiB free, 500 are needed; make room there" in said
    worker.run("umount /var/lib/infraplatform")


@pytest.fixture(scope="module")
def watch(site: Site) -> Watch:
    """Everything that ran while the cluster was made."""
    with Watch() as made:
        site.configure(*HOSTS)
        site.stack.up()
    return made


@pytest.fixture(scope="module")
def cluster(site: Site, watch: Watch) -> Cluster:
    """The cluster after an `up` that went on from all of the failed ones."""
    assert watch.seen
    return site.cluster()


def test_the_next_up_goes_on_from_all_of_that(cluster: Cluster) -> None:
    assert cluster.nodes() == dict.fromkeys(HOSTS, True)


@pytest.mark.usefixtures("cluster")
def test_no_secret_is_in_a_log_the_open_state_a_command_line_or_an_environment(site: Site, watch: Watch) -> None:
    secrets = secrets_of(site)
    assert len(secrets) > 10
    assert leaks(secrets, site, watch) == []
    canary = next(iter(secrets.values()))
    site.hosts["worker-1"].run(f"logger -- {canary} && journalctl --sync")
    assert leaks(secrets, site, watch) != [], "the scan finds what is there"
    site.hosts["worker-1"].run("journalctl --rotate && journalctl --vacuum-time=1s")


@pytest.mark.usefixtures("cluster")
def test_a_member_of_another_stack_is_refused_and_stays_as_it_is(site: Site) -> None:
    before = site.hosts["cp-1"].run("cat /etc/infraplatform/node.env").stdout
    other = Stack(site.folder / "other", "other")
    key = (site.folder / "id").read_text(encoding="utf-8")
    other.configure(site.settings("cp-1", name="other"), {"ssh_private_key": key})
    with pytest.raises(EngineError, match=r"cp-1: it is a node of another cluster \(live\)"):
        other.up()
    assert site.hosts["cp-1"].run("cat /etc/infraplatform/node.env").stdout == before


def test_a_snapshot_brings_back_what_was_and_takes_away_what_came_after(cluster: Cluster, site: Site) -> None:
    host = site.hosts["cp-1"]
    cluster.kubectl("create", "configmap", "before", "--from-literal=kept=yes")
    host.run(f"{PROGRAM} backup")
    cluster.kubectl("create", "configmap", "after")
    newest = host.run("ls /var/backups/infraplatform-etcd/*.snapshot | tail -n 1").stdout.strip()
    host.run(f"{PROGRAM} restore {newest}")
    cluster.wait("the restored API answers", lambda: bool(cluster.get("configmap", "before")), 60)
    assert cluster.get("configmap", "before")["data"] == {"kept": "yes"}
    with pytest.raises(ClusterError, match="not found"):
        cluster.get("configmap", "after")
    cluster.wait("the nodes are Ready", lambda: cluster.nodes() == dict.fromkeys(HOSTS, True), 90)
    cluster.wait("pods run again", lambda: not cluster.unready_pods(), 120)
    assert cluster.output_of("anew", "echo it runs") == "it runs\n"
    site.configure(*HOSTS)
    assert site.stack.up().changes == {}
