"""What a cluster's keys and certificates do, as its operator and its hosts see it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from tests.live.cluster import Cluster
from tests.live.hosts import Host
from tests.live.load_balancer import API_PORT
from tests.live.site import Site, address_of


def accepted(cluster: Cluster, control_planes: Sequence[str], token: str) -> bool:
    """Whether every control plane takes a token; each is asked by its own address."""
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}}
    said = [
        json.loads(
            cluster.kubectl(
                "--server",
                f"https://{address_of(name)}:{API_PORT}",
                "create",
                "--filename=-",
                "--output=json",
                stdin=json.dumps(review),
            )
        )["status"].get("authenticated", False)
        for name in control_planes
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


def stored(control_plane: Host) -> str:
    """How the secret lies in etcd, up to its encrypted part."""
    pki = "/etc/kubernetes/pki/etcd"
    ask = f"/usr/local/bin/etcdctl --cacert {pki}/ca.crt --cert {pki}/server.crt --key {pki}/server.key get"
    value = f"{ask} /registry/secrets/default/kept --print-value-only"
    return control_plane.run(f"{value} | head -c 40 | tr -cd '[:print:]'").stdout


def serials(site: Site, control_planes: Sequence[str]) -> list[str]:
    """Serial numbers of the control planes' certificates."""
    ask = "openssl x509 -noout -serial -in /etc/kubernetes/pki/"
    files = ("apiserver.crt", "front-proxy-client.crt", "etcd/server.crt")
    return [site.hosts[name].run(ask + file).stdout for name in control_planes for file in files]
