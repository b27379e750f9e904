"""Three control planes behind an address that outlives each: one dies and is replaced by another in one `up`."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from tests.live import hosts
from tests.live.cluster import Cluster
from tests.live.site import Site

pytestmark = pytest.mark.live

_API: int = 6443


class LoadBalancer:
    """Hands connections to the first control plane that takes them; stands for the user's own load balancer."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses
        self._server = socket.create_server((hosts.GATEWAY, _API))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._hand_over, args=(client,), daemon=True).start()

    def _hand_over(self, client: socket.socket) -> None:
        for address in self.addresses:
            with suppress(OSError):
                server = socket.create_connection((address, _API), timeout=2)
                server.settimeout(None)
                threading.Thread(target=_copy, args=(client, server), daemon=True).start()
                _copy(server, client)
                return
        client.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), closing(target):
        while data := source.recv(65536):
            target.sendall(data)


@pytest.fixture(scope="module")
def load_balancer(site: Site) -> Iterator[LoadBalancer]:
    """What stands before the control planes."""
    made = site.add("cp-1", "cp-2", "cp-3", "worker-1")
    balancer = LoadBalancer([host.address for host in made if host.name.startswith("cp-")])
    yield balancer
    balancer.close()


def _configure(site: Site, *names: str) -> None:
    site.configure(*names, endpoint={"host": hosts.GATEWAY, "port": _API})


@pytest.fixture(scope="module")
def cluster(site: Site, load_balancer: LoadBalancer) -> Cluster:
    """The cluster after the first `up`."""
    assert load_balancer.addresses
    _configure(site, "cp-1", "cp-2", "cp-3", "worker-1")
    site.stack.up()
    return site.cluster()


def _members(site: Site, control_plane: str) -> int:
    """How many members etcd has, as a control plane sees it."""
    pki = "/etc/kubernetes/pki/etcd"
    command = f"/usr/local/bin/etcdctl --cacert {pki}/ca.crt --cert {pki}/server.crt --key {pki}/server.key member list"
    return len(site.hosts[control_plane].run(command).stdout.splitlines())


def test_three_control_planes_are_ready_and_are_etcds_members(cluster: Cluster, site: Site) -> None:
    assert cluster.nodes() == dict.fromkeys(("cp-1", "cp-2", "cp-3", "worker-1"), True)
    assert _members(site, "cp-1") == 3


def test_a_dead_control_plane_is_replaced_by_another_in_one_up(
    cluster: Cluster, site: Site, load_balancer: LoadBalancer
) -> None:
    site.hosts["cp-1"].kill()
    (added,) = site.add("cp-4")
    load_balancer.addresses = [site.hosts[name].address for name in ("cp-2", "cp-3")] + [added.address]
    _configure(site, "cp-2", "cp-3", "cp-4", "worker-1")
    site.stack.up()
    assert cluster.nodes() == dict.fromkeys(("cp-2", "cp-3", "cp-4", "worker-1"), True)
    assert _members(site, "cp-2") == 3
