"""The binaries that nodes download: which versions belong together, where upstream has them, what they hash to.

`binaries.sha256` beside this file is what `sha256sum --check` reads in the folder of a mirror with upstream's layout:
the host's name, then the path there. Its sums are facts of kubespray's table (kubernetes-sigs/kubespray,
roles/kubespray_defaults/vars/main/checksums.yml, commit 46dbdd3 of 2026-08-21, read 2026-11-29), which its robots read
from the releases themselves; nobody here has compared them with upstream. It has no Kubernetes 1.37 yet. To move a
version, add its lines there and change its pin here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from components.terms import Architecture
from components.versions import KUBEADM_RELEASES

_GITHUB: Final = "github.com/{0}/releases/download/v{{version}}/"
_UPSTREAM: Final = {
    "kubeadm": "dl.k8s.io/release/v{version}/bin/linux/{architecture}/kubeadm",
    "kubelet": "dl.k8s.io/release/v{version}/bin/linux/{architecture}/kubelet",
    "kubectl": "dl.k8s.io/release/v{version}/bin/linux/{architecture}/kubectl",
    "containerd": _GITHUB.format("containerd/containerd") + "containerd-{version}-linux-{architecture}.tar.gz",
    "runc": _GITHUB.format("opencontainers/runc") + "runc.{architecture}",
    "cri-o": "storage.googleapis.com/cri-o/artifacts/cri-o.{architecture}.v{version}.tar.gz",
    "cri-dockerd": _GITHUB.format("Mirantis/cri-dockerd") + "cri-dockerd-{version}.{architecture}.tgz",
    "cni-plugins": _GITHUB.format("containernetworking/plugins") + "cni-plugins-linux-{architecture}-v{version}.tgz",
    "etcd": _GITHUB.format("etcd-io/etcd") + "etcd-v{version}-linux-{architecture}.tar.gz",
    "helm": "get.helm.sh/helm-v{version}-linux-{architecture}.tar.gz",
    "cilium-chart": "helm.cilium.io/cilium-{version}.tgz",
    "calico-crds-chart": _GITHUB.format("projectcalico/calico") + "crd.projectcalico.org.v1-v{version}.tgz",
    "calico-chart": _GITHUB.format("projectcalico/calico") + "tigera-operator-v{version}.tgz",
    "csi-driver-nfs-chart": "raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts/v{version}/"
    "csi-driver-nfs-{version}.tgz",
    "harbor-chart": "helm.goharbor.io/harbor-{version}.tgz",
    "longhorn-chart": "github.com/longhorn/charts/releases/download/longhorn-{version}/longhorn-{version}.tgz",
    "metallb-chart": "github.com/metallb/metallb/releases/download/metallb-chart-{version}/metallb-{version}.tgz",
}
"""Where upstream has each, without the scheme. Source: kubespray as above, its download.yml.

Charts: the index.yaml of cilium/charts (commit of 2026-08-03), of metallb/metallb's branch gh-pages and of
csi-driver-nfs, and that of goharbor/harbor-helm's branch chart-repository, which have the sums too, read 2026-11-29;
those of Cilium and Harbor are also what the files there hash to.
No source of the sums of Calico's charts was found, and public files name two different sums of Longhorn's: who wants
them writes their sums.
"""
CHART: Final = "-chart"
"""What the name of a Helm chart ends with; it is one file for hosts of all architectures."""
BINARIES: Final = tuple(_UPSTREAM)
"""What a node may download, by the names that the settings and the node program use."""
_PINS: Final = {
    "containerd": "2.2.7",
    "runc": "1.4.3",
    "cri-dockerd": "0.3.24",
    "cni-plugins": "1.9.1",
    "helm": "3.18.4",
    "cilium-chart": "1.20.0",
    "calico-crds-chart": "3.32.1",
    "calico-chart": "3.32.1",
    "csi-driver-nfs-chart": "4.13.4",
    "harbor-chart": "1.19.1",
    "longhorn-chart": "1.12.1",
    "metallb-chart": "0.16.1",
}
_KUBERNETES: Final = ("kubeadm", "kubelet", "kubectl")
_CRI_O: Final = {"1.34": "1.34.11", "1.35": "1.35.6", "1.36": "1.36.3"}
"""CRI-O's version by Kubernetes' minor, which is its own; of another minor the first is taken, and has no known sum."""


def upstream(name: str, kubernetes: str, architecture: Architecture) -> str:
    """Where upstream has a binary, without the scheme."""
    return _UPSTREAM[name].format(version=_version(name, kubernetes), architecture=architecture.value)


def pinned(name: str) -> str:
    """The version of what is the same for every Kubernetes."""
    return _PINS[name]


def known_sum(path: str) -> str | None:
    """The SHA-256 sum of what upstream has there; None where it is not known."""
    return _sums().get(path)


def known_patches(minor: str) -> list[str]:
    """The patch versions of a minor whose sums are known, oldest first."""
    prefix, suffix = "dl.k8s.io/release/v", "/bin/linux/amd64/kubeadm"
    versions = [path.removeprefix(prefix).removesuffix(suffix) for path in _sums() if path.endswith(suffix)]
    return [version for version in versions if version.startswith(f"{minor}.")]


def _version(name: str, kubernetes: str) -> str:
    if name in _KUBERNETES:
        return kubernetes
    if name == "etcd":  # the tools of what the control planes run, whose image's tag has a build number
        return KUBEADM_RELEASES[kubernetes.rpartition(".")[0]].etcd.partition("-")[0]
    if name == "cri-o":
        minor = kubernetes.rpartition(".")[0]
        return _CRI_O.get(minor, f"{minor}.0")
    return pinned(name)


@cache
def _sums() -> dict[str, str]:
    text = Path(__file__).with_suffix(".sha256").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines()]
    return {path: digest for digest, path in lines}
