"""Certificates and keys are made anew by declared values, while the API answers; what the old ones made is good."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.live import hosts
from tests.live.cluster import Cluster
from tests.live.engine import EngineError
from tests.live.load_balancer import LoadBalancer
from tests.live.site import Site

pytestmark = pytest.mark.live

NODES = ("cp-1", "cp-2", "cp-3")
TRIES = 5
MADE_ANEW = {"certificates": "2", "operator": "2", "join": "2"}


class Asker:
    """Asks the API from outside whether it lives, all the time; what failed five times in a row is noted."""

    def __init__(self) -> None:
        self.answered = 0
        self.failed: list[str] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        while not self._ended.wait(0.5):
            if any(self._answers(opener) for _ in range(TRIES)):
                self.answered += 1
            else:
                self.failed.append(time.strftime("%H:%M:%S"))

    @staticmethod
    def _answers(opener: urllib.request.OpenerDirector) -> bool:
        with suppress(OSError), opener.open(f"https://{hosts.GATEWAY}:6443/livez", timeout=3) as answer:
            return bool(answer.read() == b"ok")
        time.sleep(0.3)
        return False


def _configure(site: Site, **rotate: Any) -> None:
    site.configure(*NODES, endpoint={"host": hosts.GATEWAY, "port": 6443}, rotate=rotate)


@pytest.fixture(scope="module")
def cluster(site: Site) -> Iterator[Cluster]:
    """Three control planes behind an address, a secret and a token from before all rotations."""
    made = site.add(*NODES)
    balancer = LoadBalancer(hosts.GATEWAY, [host.address for host in made])
    _configure(site)
    site.stack.up()
    cluster = site.cluster()
    cluster.kubectl("create", "secret", "generic", "kept", "--from-literal=word=written-before")
    yield cluster
    balancer.close()


@pytest.fixture(scope="module")
def asker(cluster: Cluster) -> Iterator[Asker]:
    """Somebody who needs the API all the time."""
    assert cluster.nodes()
    made = Asker()
    yield made
    made.end()


@pytest.fixture(scope="module")
def token(cluster: Cluster) -> str:
    """A service account's token, signed by the key that the cluster was made with."""
    return cluster.kubectl("create", "token", "default", "--duration=2h").strip()


def accepted(cluster: Cluster, token: str) -> bool:
    """Whether every control plane takes a token; each is asked by its own address."""
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}}
    said = [
        json.loads(
            cluster.kubectl(
                "--server",
                f"https://10.98.0.{10 + number}:6443",
                "create",
                "--filename=-",
                "--output=json",
                stdin=json.dumps(review),
            )
        )["status"].get("authenticated", False)
        for number in (1, 2, 3)
    ]
    assert len(set(said)) == 1, f"control planes differ: {said}"
    return bool(said[0])


def key_of(token: str) -> str:
    """The key that signed a token, as its header names it."""
    header = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])


def word(cluster: Cluster) -> str:
    """What the secret says."""
    return base64.b64decode(cluster.get("secret", "kept")["data"]["word"]).decode()


def stored(site: Site) -> str:
    """How the secret lies in etcd, up to its encrypted part."""
    pki = "/etc/kubernetes/pki/etcd"
    ask = f"/usr/local/bin/etcdctl --cacert {pki}/ca.crt --cert {pki}/server.crt --key {pki}/server.key get"
    return (
        site.hosts["cp-2"]
        .run(f"{ask} /registry/secrets/default/kept --print-value-only | head -c 40 | tr -cd '[:print:]'")
        .stdout
    )


def serials(site: Site) -> list[str]:
    """Serial numbers of the control planes' certificates."""
    ask = "openssl x509 -noout -serial -in /etc/kubernetes/pki/"
    files = ("apiserver.crt", "front-proxy-client.crt", "etcd/server.crt")
    return [site.hosts[name].run(ask + file).stdout for name in NODES for file in files]


def test_certificates_are_renewed_and_the_operator_gets_another(cluster: Cluster, asker: Asker, site: Site) -> None:
    before, operator = serials(site), site.stack.outputs()["kubeconfig"]
    _configure(site, **MADE_ANEW)
    site.stack.up()
    after = serials(site)
    assert not set(before) & set(after)
    assert site.stack.outputs()["kubeconfig"] != operator
    assert site.cluster().nodes() == dict.fromkeys(NODES, True)
    assert all(cluster.nodes().values()), "the operator's earlier certificate holds until it ends"
    assert asker.failed == []


def test_new_keys_are_used_and_what_the_old_ones_made_stays_good(
    cluster: Cluster, asker: Asker, site: Site, token: str
) -> None:
    assert "k8s:enc:secretbox:v1:key1:" in stored(site)
    _configure(site, **MADE_ANEW, service_account_keys=["1", "2"], encryption_keys=["1", "2"])
    site.stack.up()
    assert "k8s:enc:secretbox:v1:key2:" in stored(site), "secrets were written anew"
    assert word(cluster) == "written-before"
    new = cluster.kubectl("create", "token", "default").strip()
    assert key_of(new) != key_of(token)
    assert accepted(cluster, new)
    assert accepted(cluster, token)
    assert asker.failed == []
    assert asker.answered > 50


@pytest.mark.usefixtures("cluster")
def test_the_up_after_a_rotation_is_empty(site: Site) -> None:
    before = site.connections()
    assert site.stack.up().changes == {}
    assert site.connections() == before


@pytest.mark.usefixtures("cluster")
def test_a_key_that_nobody_could_accept_before_is_refused(site: Site) -> None:
    _configure(site, **MADE_ANEW, service_account_keys=["3"], encryption_keys=["1", "2"])
    with pytest.raises(EngineError, match="service_account_keys goes from"):
        site.stack.preview()


def test_an_old_key_that_goes_takes_its_tokens_along_and_no_secret(
    cluster: Cluster, asker: Asker, site: Site, token: str
) -> None:
    _configure(site, **MADE_ANEW, service_account_keys=["2"], encryption_keys=["2"])
    site.stack.up()
    assert not accepted(cluster, token)
    assert accepted(cluster, cluster.kubectl("create", "token", "default").strip())
    assert word(cluster) == "written-before"
    assert asker.failed == []
