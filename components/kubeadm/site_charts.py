"""All charts of a cluster, in the order in which they are installed."""

from __future__ import annotations

from components.kubeadm.charts import Chart
from components.kubeadm.kubeadm_config import ClusterFacts
from components.kubeadm.load_balancer import load_balancer_chart
from components.kubeadm.pod_network import pod_network_charts


def cluster_charts(cluster: ClusterFacts) -> list[Chart]:
    """The charts of the cluster's own settings."""
    balancer = cluster.settings.load_balancer
    return [*pod_network_charts(cluster), *([] if balancer is None else [load_balancer_chart(balancer)])]
