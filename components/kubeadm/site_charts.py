"""All charts of a cluster, in the order in which they are installed."""

from __future__ import annotations

from collections.abc import Sequence

from components.kubeadm.charts import Chart
from components.kubeadm.kubeadm_config import ClusterFacts
from components.kubeadm.load_balancer import load_balancer_chart
from components.kubeadm.pod_network import pod_network_charts
from components.kubeadm.proxies import proxy_variables
from components.kubeadm.registry import OwnRegistry
from components.kubeadm.volumes import storage_charts
from components.settings import LoadBalancerKind, ServersStorageSettings
from components.terms import Taint


def site_charts(
    cluster: ClusterFacts, volumes: ServersStorageSettings, taints: Sequence[Taint], registry: OwnRegistry | None
) -> list[Chart]:
    """The charts of all parts; `taints` are those of workers."""
    own = () if registry is None else registry.charts(proxy_variables(cluster))
    return [*cluster_charts(cluster), *storage_charts(volumes, taints), *own]


def cluster_charts(cluster: ClusterFacts) -> list[Chart]:
    """The charts of the cluster's own settings. Cilium's own load balancer is a part of Cilium's chart."""
    network, balancer = pod_network_charts(cluster), cluster.settings.load_balancer
    if balancer is None or balancer.kind is LoadBalancerKind.CILIUM:
        return [*network]
    return [*network, load_balancer_chart(balancer)]
