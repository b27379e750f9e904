"""`infraplatform:cluster` by kubeadm: the version, the API's endpoint, and where binaries come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator

from components.settings.base import Fault, Settings, rule, wrong
from components.settings.cluster_kubeadm_backup import EtcdBackupSettings
from components.settings.cluster_kubeadm_binaries import (
    Downloads,
    DownloadSettings,
    MirrorUrl,
    Preinstalled,
    downloads_of,
)
from components.settings.cluster_kubeadm_etcd import ExternalEtcdSettings
from components.settings.cluster_kubeadm_firewall import HostFirewallSettings
from components.settings.cluster_kubeadm_load_balancer import LoadBalancerKind, LoadBalancerSettings
from components.settings.cluster_kubeadm_login import LoginSettings
from components.settings.cluster_kubeadm_pod_network import PodNetworkSettings
from components.settings.cluster_kubeadm_proxy import ProxySettings
from components.settings.cluster_kubeadm_rotation import RotationSettings
from components.settings.cluster_kubeadm_runtime import RuntimeKind, RuntimeSettings
from components.settings.cluster_kubeadm_upgrade import KubeadmUpgradeSettings
from components.settings.provider_servers import Address, Port, Reachable
from components.settings.values import EachOnce, LogicalName, PartOverrides, matching
from components.terms import Architecture
from components.versions import KUBEADM_MINORS

NODE_BINARIES: Final = ("kubeadm", "kubelet", "kubectl", "cni-plugins", "etcd")
"""What every host needs beside its container runtime."""
API_PORT: Final = 6443
"""Where API servers listen; kubeadm's own default."""
PROXY_MODES: Final = ("iptables", "nftables")
"""Modes of kube-proxy here; ipvs is on its way out of Kubernetes (deprecated since 1.35: known, not read)."""
KUBELET_OURS: Final = ("apiVersion", "kind", "cgroupDriver", "clusterDNS", "clusterDomain", "containerRuntimeEndpoint")
"""Fields of KubeletConfiguration that follow from other settings, or are kubeadm's to write."""

ImageName = Annotated[
    str,
    matching(
        r"^[a-z0-9.-]+(:\d{1,5})?(/[a-z0-9._-]+)+:[A-Za-z0-9._-]+$",
        "an image's whole name: registry, path and tag",
        examples=["registry.k8s.io/pause:3.10.2"],
    ),
]
PreflightCheck = Annotated[
    str, matching(r"^[A-Za-z0-9-]+$", "the name of a check, as kubeadm prints it", examples=["SystemVerification"])
]


class CgroupDriver(StrEnum):
    """What makes control groups for pods."""

    SYSTEMD = "systemd"
    CGROUPFS = "cgroupfs"


class EndpointSettings(Settings):
    """Where operators and nodes reach the API server."""

    host: Reachable
    """A DNS name, or the IPv4 address of a load balancer; fixed at the cluster's creation, so a name is better."""
    port: Port = API_PORT
    """Its port."""
    virtual_ip: Address | None = None
    """A free IPv4 address of the hosts' network; one control plane at a time answers for it, by kube-vip; fixed."""

    @rule
    def virtual_addresses_lead_straight_to_the_api(self) -> Iterator[Fault]:
        """Nothing translates ports behind a virtual address, and it is what the host means."""
        if self.virtual_ip is None:
            return
        if self.port != API_PORT:
            problem = f"is {self.port}, and behind virtual_ip there is the API server itself"
            yield Fault(("port",), problem, f"remove it: API servers listen on {API_PORT}")
        if self.host != self.virtual_ip and re.fullmatch(r"[0-9.]+", self.host):
            problem = f"is {self.host}, and virtual_ip is another address"
            yield Fault(("host",), problem, f"write {self.virtual_ip}, or a DNS name for it")


class ContainerdSettings(Settings):
    """What only some hosts need of containerd."""

    restrict_oom_score_adj: bool = False
    """Whether containers keep containerd's own out-of-memory score, where hosts may not lower it."""


class KubeadmClusterSettings(Settings):
    """A cluster made by kubeadm on machines of one's own."""

    kind: Literal["kubeadm"] = "kubeadm"
    """kubeadm."""
    name: LogicalName = "cluster"
    """The cluster's name in kubeconfigs; fixed at the cluster's creation."""
    version: Annotated[str, Field(examples=["1.36.3"])]
    """Kubernetes version with its patch, in quotes; goes forward, one minor at a time."""
    endpoint: EndpointSettings | None = None
    """Where the API is reached; left out with one control plane: its private address."""
    download_mirror: MirrorUrl | None = None
    """A mirror of binaries with upstream's layout: below it upstream's host, then the path there."""
    downloads: Downloads = {}
    """Binaries by name that come from elsewhere, or whose sums are not known here; nothing where upstream's will do."""
    preinstalled: Annotated[tuple[Preinstalled, ...], EachOnce, Field(examples=[["runc"]])] = ()
    """What the hosts bring themselves, by their own packages, and do not download."""
    proxy: ProxySettings | None = None
    """HTTP proxies for the hosts; left out: they reach the world themselves."""
    image_archives: Annotated[dict[ImageName, DownloadSettings], Field(examples=[{}])] = {}
    """Docker archives by their image's whole name, for sites without a registry; each host imports what it may run."""
    cgroup_driver: CgroupDriver = CgroupDriver.SYSTEMD
    """What makes control groups: systemd, or cgroupfs on hosts where systemd cannot."""
    kubelet: Annotated[dict[str, Any], Field(examples=[{"maxPods": 200}])] = {}
    """Fields of KubeletConfiguration for all nodes, over what this part sets."""
    pod_network: PodNetworkSettings = PodNetworkSettings()
    """What carries packets between pods."""
    kube_proxy: Annotated[dict[str, Any], Field(examples=[{"conntrack": {"maxPerCore": 0, "min": 0}}])] = {}
    """Fields of KubeProxyConfiguration, over what this part sets; mode is iptables, or nftables."""
    ignore_preflight: Annotated[tuple[PreflightCheck, ...], EachOnce, Field(examples=[["SystemVerification"]])] = ()
    """Checks of kubeadm whose findings do not stop it."""
    runtime: RuntimeSettings = RuntimeSettings()
    """What runs containers."""
    containerd: ContainerdSettings = ContainerdSettings()
    """What only some hosts need of containerd."""
    login: LoginSettings | None = None
    """People log in at an OpenID Connect issuer; left out: the operators' certificate is the one way in."""
    load_balancer: LoadBalancerSettings | None = None
    """Addresses for services of type LoadBalancer; left out: they stay without one."""
    host_firewall: HostFirewallSettings | None = None
    """Who reaches the hosts themselves; left out: they keep the rules that they have."""
    etcd: ExternalEtcdSettings | None = None
    """etcd that somebody runs already; left out: a member on each control plane; fixed at the cluster's creation."""
    etcd_backup: EtcdBackupSettings = EtcdBackupSettings()
    """Snapshots of etcd."""
    upgrade: KubeadmUpgradeSettings = KubeadmUpgradeSettings()
    """How nodes follow a new version."""
    rotate: RotationSettings = RotationSettings()
    """Credentials made anew, each by another value."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""

    @property
    def zones(self) -> tuple[str, ...]:
        """Own servers have none."""
        return ()

    @property
    def minor(self) -> str:
        """The version without its patch."""
        return self.version.rpartition(".")[0]

    @property
    def binaries(self) -> tuple[str, ...]:
        """The names of what a host downloads."""
        return tuple(name for name in (*NODE_BINARIES, *self.runtime.binaries) if name not in self.preinstalled)

    @property
    def charts(self) -> tuple[str, ...]:
        """The downloads of the charts that this part brings."""
        balancer = self.load_balancer
        metallb = balancer is not None and balancer.kind is LoadBalancerKind.METALLB
        return (*self.pod_network.charts, *(("metallb-chart",) if metallb else ()))

    def downloads_for(
        self, architecture: Architecture, more: tuple[str, ...] = ()
    ) -> dict[str, DownloadSettings | None]:
        """What a host of this architecture downloads, by name; None where the sum is not known.

        `more` are names beside those of every host, as a control plane's charts.
        """
        names = (*self.binaries, *more)
        return downloads_of(names, self.version, architecture, self.download_mirror, self.downloads)

    @field_validator("version")
    @classmethod
    def _version_is_supported(cls, version: str) -> str:
        minor, _, patch = version.rpartition(".")
        if minor in KUBEADM_MINORS and patch.isdigit():
            return version
        remedy = f"write a patch version of {' or '.join(KUBEADM_MINORS)}, as 1.36.3"
        raise wrong(f"Kubernetes version {version!r} is not supported by kubeadm here", remedy)

    @rule
    def kubelet_fields_are_free(self) -> Iterator[Fault]:
        """What other settings decide is not said twice."""
        for name in self.kubelet:
            if name in KUBELET_OURS:
                remedy = "write cluster.cgroup_driver" if name == "cgroupDriver" else "remove it"
                yield Fault(("kubelet", name), "is not free: it follows from other settings", remedy)

    @rule
    def kube_proxy_is_one_of_ours(self) -> Iterator[Fault]:
        """Its mode is one that the nodes are ready for, and nothing is said of one that is not there."""
        mode = self.kube_proxy.get("mode", PROXY_MODES[0])
        if self.kube_proxy and self.pod_network.kube_proxy_replacement:
            yield Fault(("kube_proxy",), "is for nobody: pod_network.kube_proxy_replacement is on", "remove it")
        elif mode not in PROXY_MODES:
            yield Fault(("kube_proxy", "mode"), f"{mode!r} is no mode of kube-proxy here", "write iptables or nftables")

    @rule
    def node_ports_are_held_by_the_hosts_rules(self) -> Iterator[Fault]:
        """Cilium in kube-proxy's place takes packets to node ports before nftables sees them."""
        if self.host_firewall and self.host_firewall.node_port_sources and self.pod_network.kube_proxy_replacement:
            problem = "cannot hold: Cilium takes packets to node ports before the hosts' rules see them"
            remedy = "remove it, and limit services by loadBalancerSourceRanges"
            yield Fault(("host_firewall", "node_port_sources"), problem, remedy)

    @rule
    def cilium_announces_what_it_carries(self) -> Iterator[Fault]:
        """Cilium answers for addresses of services only where it carries packets to them."""
        cilium = self.load_balancer is not None and self.load_balancer.kind is LoadBalancerKind.CILIUM
        if cilium and not self.pod_network.kube_proxy_replacement:
            problem = "is cilium, which has to carry packets to services, too"
            remedy = "write metallb, or pod_network: {kind: cilium, kube_proxy_replacement: true}"
            yield Fault(("load_balancer", "kind"), problem, remedy)

    @rule
    def hosts_bring_what_their_runtime_needs(self) -> Iterator[Fault]:
        """What is said of one runtime is in vain with another."""
        kind = self.runtime.kind
        for number, name in enumerate(self.preinstalled):
            if name not in self.runtime.binaries:
                problem = f"{name.value} is not used: runtime.kind is {kind.value}"
                yield Fault(("preinstalled", number), problem, "remove it")
        if kind is not RuntimeKind.CONTAINERD and self.containerd != ContainerdSettings():
            yield Fault(("containerd",), f"is for nobody: runtime.kind is {kind.value}", "remove it")
