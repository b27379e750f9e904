"""What carries packets between pods: flannel by a manifest and the node program, Cilium or Calico by their charts.

All three by VXLAN, as a site's own routers know nothing of pods. Sources, read 2026-11-29: the charts tigera-operator
and crd.projectcalico.org.v1 of projectcalico/calico v3.32.1 and the schema of Installation in the latter; its
manifests/ for the names of images. Cilium's are in `cilium.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from components.binaries import pinned
from components.kubeadm.charts import Chart, Phase
from components.kubeadm.cilium import cilium_chart
from components.kubeadm.kubeadm_config import ClusterFacts
from components.settings import PodNetworkKind
from components.settings.cluster_kubeadm import PROXY_MODES
from components.versions import FLANNEL_VERSION, TIGERA_OPERATOR_VERSION

FLANNEL_IMAGE: Final = f"ghcr.io/flannel-io/flannel:{FLANNEL_VERSION}"
FLANNEL_MANIFEST: Final = "10-flannel.yaml"
CALICO_CRDS_CHART: Final = "calico-crds-chart"
CALICO_CHART: Final = "calico-chart"
_CALICO_NAMESPACE: Final = "tigera-operator"
_VARIABLE: Final = re.compile(r"^POD_NETWORK='(\w+)'$", re.MULTILINE)
_IPTABLES: Final = PROXY_MODES[0]


def pod_network_charts(cluster: ClusterFacts) -> Sequence[Chart]:
    """The charts that it comes by; none for flannel."""
    match cluster.settings.pod_network.kind:
        case PodNetworkKind.FLANNEL:
            return ()
        case PodNetworkKind.CILIUM:
            return (cilium_chart(cluster),)
        case PodNetworkKind.CALICO:
            return (_calico_kinds(), _calico(cluster))


def pod_network_variables(cluster: ClusterFacts) -> dict[str, str]:
    """What the node program knows of it; nothing where it does its own part, for flannel."""
    kind = cluster.settings.pod_network.kind
    return {} if kind is PodNetworkKind.FLANNEL else {"POD_NETWORK": kind.value}


def pod_network_in(variables: str) -> str:
    """The kind that a node is told of in its `node.env`."""
    found = _VARIABLE.search(variables)
    return PodNetworkKind.FLANNEL.value if found is None else found.group(1)


def absent_manifests(cluster: ClusterFacts) -> tuple[str, ...]:
    """The manifests that are not this cluster's."""
    return () if cluster.settings.pod_network.kind is PodNetworkKind.FLANNEL else (FLANNEL_MANIFEST,)


def _calico_kinds() -> Chart:
    return Chart(
        release="calico-crds",
        namespace=_CALICO_NAMESPACE,
        download=CALICO_CRDS_CHART,
        images=[],
        privileged=True,
        phase=Phase.NETWORK,
        values={},
    )


def _calico(cluster: ClusterFacts) -> Chart:
    """Calico's operator and what it is to install: nodes, policies and VXLAN, without BGP, CSI, UI or API server."""
    names = ("node", "cni", "typha", "kube-controllers")
    absent = ("installation", "apiServer", "goldmane", "whisker")
    return Chart(
        release="calico",
        namespace=_CALICO_NAMESPACE,
        download=CALICO_CHART,
        images=[
            f"quay.io/tigera/operator:{TIGERA_OPERATOR_VERSION}",
            *(f"quay.io/calico/{name}:v{pinned(CALICO_CHART)}" for name in names),
        ],
        privileged=True,  # the operator is in the host's network
        phase=Phase.NETWORK,
        # The installation follows as an object of its own: it waits there until its kind is known. The API is reached
        # by its service, which kube-proxy carries: not all pods are in the host's network, and know the endpoint.
        values={name: {"enabled": False} for name in absent},
        objects=[_installation(cluster)],
    )


def _installation(cluster: ClusterFacts) -> dict[str, Any]:
    iptables = cluster.settings.kube_proxy.get("mode", _IPTABLES) == _IPTABLES
    pool = {
        "name": "pods",
        "cidr": str(cluster.pod_cidr),
        "encapsulation": "VXLAN",
        "natOutgoing": "Enabled",
        "nodeSelector": "all()",
    }
    network = {
        "bgp": "Disabled",
        "linuxDataplane": "Iptables" if iptables else "Nftables",  # as kube-proxy's rules
        "nodeAddressAutodetectionV4": {"kubernetes": "NodeInternalIP"},
        "ipPools": [pool],
    }
    spec = {
        "variant": "Calico",
        "calicoNetwork": network,
        "flexVolumePath": "None",
        "kubeletVolumePluginPath": "None",
    }
    return {
        "apiVersion": "operator.tigera.io/v1",
        "kind": "Installation",
        "metadata": {"name": "default"},
        "spec": spec,
    }
