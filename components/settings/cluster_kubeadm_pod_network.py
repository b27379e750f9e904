"""`infraplatform:cluster.pod_network` by kubeadm: what carries packets between pods, and maybe those of services."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from components.settings.base import Fault, Settings, rule


class PodNetworkKind(StrEnum):
    """What carries packets between pods."""

    FLANNEL = "flannel"
    CILIUM = "cilium"
    CALICO = "calico"


class PodNetworkSettings(Settings):
    """What carries packets between pods, by VXLAN; fixed at the cluster's creation."""

    kind: PodNetworkKind = PodNetworkKind.FLANNEL
    """flannel, which enforces no network policies; cilium and calico do."""
    kube_proxy_replacement: bool = False
    """Whether Cilium carries packets to services, too, and the cluster has no kube-proxy."""

    @property
    def charts(self) -> tuple[str, ...]:
        """The downloads of the charts that it comes by."""
        match self.kind:
            case PodNetworkKind.FLANNEL:
                return ()
            case PodNetworkKind.CILIUM:
                return ("cilium-chart",)
            case PodNetworkKind.CALICO:
                return ("calico-crds-chart", "calico-chart")

    @rule
    def cilium_alone_replaces_kube_proxy(self) -> Iterator[Fault]:
        """The others need it."""
        if self.kube_proxy_replacement and self.kind is not PodNetworkKind.CILIUM:
            problem = f"is on, and {self.kind.value} needs kube-proxy"
            yield Fault(("kube_proxy_replacement",), problem, "write kind: cilium, or remove it")
