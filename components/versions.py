"""Every version that the platform pins, with its source and the day it was read. Nothing floats.

How to move a pin: read the newest with `aws eks describe-addon-versions --kubernetes-version 1.35 --addon-name NAME`,
change it here with the day, and let the pull request's preview show what it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True)
class EksRelease:
    """A Kubernetes minor on EKS: when AWS ends its standard support, and when the extended one at extra cost."""

    standard_support_ends: date
    extended_support_ends: date


EKS_RELEASES: Final[dict[str, EksRelease]] = {
    "1.34": EksRelease(date(2026, 12, 2), date(2027, 12, 2)),
    "1.35": EksRelease(date(2027, 3, 27), date(2028, 3, 27)),
    "1.36": EksRelease(date(2027, 8, 2), date(2028, 8, 2)),
}
"""The minors that the platform offers, oldest first.

Source: EKS user guide, "Amazon EKS Kubernetes release calendar", as transcribed by public decision records on
2026-09-08; the extended end is 12 months after the standard one, as the guide says. Read 2026-11-23.
"""

EKS_MINORS: Final[tuple[str, ...]] = tuple(EKS_RELEASES)
"""Kubernetes minors to choose from, oldest first."""

ADD_ON_VERSIONS: Final[dict[str, dict[str, str]]] = {
    "1.34": {
        "vpc-cni": "v1.22.4-eksbuild.3",  # A
        "kube-proxy": "v1.34.6-eksbuild.29",  # A
        "coredns": "v1.12.4-eksbuild.38",  # A
        "eks-pod-identity-agent": "v1.3.10-eksbuild.3",  # B
        "metrics-server": "v0.9.0-eksbuild.11",  # A
        "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",  # A
        "aws-efs-csi-driver": "v3.4.0-eksbuild.1",  # B
        "snapshot-controller": "v8.6.0-eksbuild.6",  # D: seen on 1.35 only, taken as compatible
    },
    "1.35": {
        "vpc-cni": "v1.22.4-eksbuild.3",  # A
        "kube-proxy": "v1.35.3-eksbuild.29",  # A
        "coredns": "v1.13.2-eksbuild.31",  # A
        "eks-pod-identity-agent": "v1.3.10-eksbuild.3",  # C
        "metrics-server": "v0.9.0-eksbuild.11",  # A
        "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",  # A
        "aws-efs-csi-driver": "v3.4.2-eksbuild.1",  # D
        "snapshot-controller": "v8.6.0-eksbuild.6",  # D
    },
    "1.36": {
        "vpc-cni": "v1.22.4-eksbuild.3",  # A
        "kube-proxy": "v1.36.0-eksbuild.25",  # A
        "coredns": "v1.14.3-eksbuild.23",  # A
        "eks-pod-identity-agent": "v1.3.10-eksbuild.3",  # E
        "metrics-server": "v0.9.0-eksbuild.11",  # A
        "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",  # A, F
        "aws-efs-csi-driver": "v3.4.2-eksbuild.1",  # F
        "snapshot-controller": "v8.6.0-eksbuild.6",  # D: seen on 1.35 only, taken as compatible
    },
}
"""EKS add-on versions by Kubernetes minor.

Each was found in a public repository on 2026-11-23, on a cluster of that minor unless its line says otherwise; none was
tried by us on a cluster. Where from:
    A  the log of an upgrade of a live cluster from 1.31 to 1.36 on 2026-09-23, with the defaults of each minor
    B  the locked add-on versions of a deployment qualified for 1.34
    C  the versions that `describe-addon-versions --kubernetes-version 1.35` gave a CDK program
    D  the pinned add-ons of a production platform on 1.35
    E  the table of what a cluster of 1.36 resolved to
    F  mitodl/ol-infrastructure pull request 5959 of 2026-09-21: the default, and the newest, for 1.36
"""

CLUSTER_AUTOSCALER_VERSIONS: Final[dict[str, str]] = {
    "1.34": "v1.34.5",
    "1.35": "v1.35.2",
    "1.36": "v1.36.1",
}
"""Tags of the cluster-autoscaler image by Kubernetes minor, which it must match.

Source: kubernetes/autoscaler releases of 2026-07-23, read 2026-11-23. Their digests could not be read from here.
"""

KARPENTER_VERSION: Final = "1.14.1"
"""Version of the charts `karpenter` and `karpenter-crd`; supports Kubernetes 1.26 to 1.36.

Source: aws/karpenter-provider-aws, charts/karpenter/Chart.yaml and its compatibility matrix, commit 1d92708 of
2026-08-21, read 2026-11-23.
"""

KARPENTER_AMI_ALIASES: Final[dict[str, str]] = {
    "1.34": "al2023@v20260917",
    "1.35": "al2023@v20260917",
    "1.36": "al2023@v20260917",
}
"""Image releases of Karpenter's machines by Kubernetes minor.

Source: the upgrade log A above, whose nodes of 1.36.4 ran release 1.36.4-20260917; EKS releases its images for all
minors on one day. Read 2026-11-23; not seen on 1.34 and 1.35.
"""


@dataclass(frozen=True)
class GkeRelease:
    """A Kubernetes minor on GKE: when its standard support ends; after that the Extended channel alone has it."""

    standard_support_ends: date | None
    extended_channel_only: bool = False


GKE_RELEASES: Final[dict[str, GkeRelease]] = {
    "1.34": GkeRelease(date(2026, 10, 1), extended_channel_only=True),
    "1.35": GkeRelease(date(2027, 4, 11)),
    "1.36": GkeRelease(None),
}
"""The minors that the platform offers on GKE, oldest first. The patch is the release channel's.

Source of 1.34 and 1.35: GKE release schedule, as transcribed by endoflife.date (products/google-kubernetes-engine.md,
commit 00fa52a); that 1.36 is there, by its pull request 10474 of 2026-07-14, whose dates could not be read, hence the
None. Read 2026-11-23.
"""

GKE_MINORS: Final[tuple[str, ...]] = tuple(GKE_RELEASES)
"""Kubernetes minors to choose from on GKE, oldest first."""

AKS_MINORS: Final[tuple[str, ...]] = ("1.34", "1.35", "1.36")
"""Kubernetes minors to choose from on AKS, oldest first; the patch is AKS's newest when the cluster is made.

AKS supports three: 1.35 since spring (Azure/AKS#5703), 1.36 by July (endoflife.date#10393); 1.33 is in long-term
support alone since July, and a new cluster of it fails with K8sVersionNotSupported (uid2docs#1050); 1.37 was expected
for October (Azure/AKS#5872) and not seen. All of 2026, read 2026-11-23.
"""


@dataclass(frozen=True)
class KubeadmRelease:
    """What belongs to a Kubernetes minor on own servers: image tags of etcd, CoreDNS and the sandbox."""

    etcd: str
    core_dns: str
    pause: str


KUBEADM_RELEASES: Final[dict[str, KubeadmRelease]] = {
    "1.34": KubeadmRelease(etcd="3.6.11-0", core_dns="v1.12.1", pause="3.10.1"),
    "1.35": KubeadmRelease(etcd="3.6.11-0", core_dns="v1.13.1", pause="3.10.1"),
    "1.36": KubeadmRelease(etcd="3.6.11-0", core_dns="v1.14.2", pause="3.10.2"),
    "1.37": KubeadmRelease(etcd="3.7.0-0", core_dns="v1.14.6", pause="3.10.2"),
}
"""The minors that the platform offers by kubeadm, oldest first.

kubeadm itself deploys etcd 3.6.5 in 1.34, 3.6.6 in 1.35, 3.6.8 in 1.36; etcd's upgrade guide wants 3.6.11 before 3.7,
which 1.37 brings, so clusters start there. CoreDNS and the sandbox are what each minor's kubeadm deploys: it upgrades
no CoreDNS that it does not know. Source: k8s.io/kubernetes v1.34.4, v1.35.4, v1.36.3 and v1.37.2,
cmd/kubeadm/app/constants, and etcd's upgrade guide to 3.7 (a draft), read 2026-11-23.
"""

ETCD_STEPS: Final[dict[tuple[int, int], tuple[int, int, int]]] = {(3, 6): (3, 5, 26), (3, 7): (3, 6, 11)}
"""The oldest version of the minor before from which a minor of etcd may be reached.

Source: etcd's upgrade guides to 3.6 and 3.7 (a draft): before 3.5.26 removed members may come back ("zombie members",
etcd's blog of 2025). Read 2026-11-23.
"""

KUBEADM_MINORS: Final[tuple[str, ...]] = tuple(KUBEADM_RELEASES)
"""Kubernetes minors to choose from on own servers, oldest first."""

FLANNEL_VERSION: Final = "v0.28.10"
"""Tag of flannel's image. Source: github.com/flannel-io/flannel, its module's newest version, read 2026-11-23."""
TIGERA_OPERATOR_VERSION: Final = "v1.42.3"
"""Tag of the operator that the chart of Calico brings. Source: charts/tigera-operator/values.yaml of
projectcalico/calico v3.32.1, read 2026-11-29."""

LOCAL_PATH_VERSION: Final = "v0.0.37"
"""Tag of local-path-provisioner's image. CVE-2025-62878 is fixed since v0.0.34, CVE-2026-44543 since v0.0.36. Source:
rancher/local-path-provisioner, its newest version, read 2026-11-29; built from there it takes our configuration."""

KUBE_VIP_VERSION: Final = "v1.2.3"
"""Tag of kube-vip's image. Source: kube-vip/kube-vip, its newest version, read 2026-11-29."""

REGISTRY_VERSION: Final = "3.1.2"
"""Tag of the image of CNCF distribution, the self-hosted registry. Source: github.com/distribution/distribution, its
module's newest version, and public files that pull docker.io/library/registry by this tag; read 2026-11-29."""

NVIDIA_DEVICE_PLUGIN_VERSION: Final = "v0.20.0"
"""Tag of the device plugin's image. Source: NVIDIA/k8s-device-plugin, deployments/static, commit 1b826ac of 2026-08-19,
read 2026-11-29."""

HELPER_IMAGE_VERSION: Final = "1.37.0"
"""Tag of the busybox image that makes and removes folders for volumes. Source: known, not read."""


def add_on_version(minor: str, add_on: str, chosen: dict[str, str]) -> str:
    """The version of an EKS add-on: the one that the settings choose, else the pinned one.

    Raises:
        KeyError: the minor or the add-on has no pin; the settings refuse both earlier.
    """
    return chosen.get(add_on) or ADD_ON_VERSIONS[minor][add_on]
