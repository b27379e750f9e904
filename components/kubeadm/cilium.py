"""Cilium: the network between pods, packets to services in kube-proxy's place, and addresses of services (ARP).

Sources: github.com/cilium/cilium v1.20.2, install/kubernetes/cilium/values.yaml, pkg/k8s/apis/cilium.io/client/crds and
Documentation/network/{l2-announcements,lb-ipam}.rst, read 2026-11-29; values.yaml of the chart 1.20.0 before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from components.binaries import pinned
from components.kubeadm.charts import Chart, Phase
from components.kubeadm.kubeadm_config import ClusterFacts
from components.settings import LoadBalancerKind, LoadBalancerSettings

CILIUM_CHART: Final = "cilium-chart"
"""The download."""
_API: Final = "cilium.io"
_QUERIES, _MOST_QUERIES = 10, 100
"""An agent's requests to the API in a second: its own default, and where ours end."""
_RENEWED_SECONDS: Final = 5
"""How often an address's lease is renewed (l2announcements.leaseRenewDeadline, the chart's default)."""
_NO_BALANCER: Final = {"key": "node.kubernetes.io/exclude-from-external-load-balancers", "operator": "DoesNotExist"}
"""kubeadm gives control planes this label, and MetalLB, too, heeds it."""


def cilium_chart(cluster: ClusterFacts) -> Chart:
    """Cilium with the range that the cluster gives each Node, so one part alone hands out `network.pod_cidr`.

    Its pods reach the API by the cluster's endpoint, which the hosts know: through the service they could not, before
    they carry its packets. Images have tags alone, as all here, so a site's archive of one is found by its name. What
    changes in its configuration restarts its pods, which read it once. The kinds of its objects come with its
    operator, so they are made when nodes are there to run that.
    """
    version = pinned(CILIUM_CHART)
    balancer = _balancer(cluster)
    by_tag = {"useDigest": False}
    return Chart(
        release="cilium",
        namespace="kube-system",
        download=CILIUM_CHART,
        images=[f"quay.io/cilium/{name}:v{version}" for name in ("cilium", "operator-generic")],
        phase=Phase.NETWORK,
        objects_phase=Phase.LATER,
        values={
            "ipam": {"mode": "kubernetes"},
            "k8sServiceHost": cluster.endpoint_host,
            "k8sServicePort": cluster.endpoint_port,
            "kubeProxyReplacement": cluster.settings.pod_network.kube_proxy_replacement,
            "image": by_tag,
            "operator": {"image": by_tag, "rollOutPods": True},
            "rollOutCiliumPods": True,
            "envoy": {"enabled": False},  # the agent has it, too, and starts it for policies that need it
            "hubble": {"enabled": False},
            **({} if balancer is None else _announcing(balancer)),
        },
        objects=[] if balancer is None else _announced(balancer),
    )


def _balancer(cluster: ClusterFacts) -> LoadBalancerSettings | None:
    balancer = cluster.settings.load_balancer
    return balancer if balancer is not None and balancer.kind is LoadBalancerKind.CILIUM else None


def _announcing(balancer: LoadBalancerSettings) -> dict[str, Any]:
    """Each service with an address has a lease that its node renews: so many requests more, at the worst."""
    addresses = sum(int(span.last) - int(span.first) + 1 for span in balancer.spans.values())
    queries = min(_QUERIES + addresses // _RENEWED_SECONDS, _MOST_QUERIES)
    return {"l2announcements": {"enabled": True}, "k8sClientRateLimit": {"qps": queries, "burst": 2 * queries}}


def _announced(balancer: LoadBalancerSettings) -> list[dict[str, Any]]:
    """A pool for each of the settings', and one policy: all of their addresses, by all nodes but control planes."""
    pools = [
        _object("v2", "CiliumLoadBalancerIPPool", pool, {"blocks": [_block(text) for text in ranges]})
        for pool, ranges in balancer.pools.items()
    ]
    spec = {"loadBalancerIPs": True, "nodeSelector": {"matchExpressions": [_NO_BALANCER]}}
    return [*pools, _object("v2alpha1", "CiliumL2AnnouncementPolicy", "all-pools", spec)]


def _block(text: str) -> Mapping[str, str]:
    first, dash, last = text.partition("-")
    if dash:
        return {"start": first, "stop": last}
    return {"cidr": text if "/" in text else f"{text}/32"}


def _object(version: str, kind: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """It belongs to no namespace."""
    return {"apiVersion": f"{_API}/{version}", "kind": kind, "metadata": {"name": name}, "spec": spec}
