"""The mutation table of own servers: what is sent to the control plane of their example, changed in one place."""

from __future__ import annotations

from typing import Final

from policies.rules.kubeadm_hosts import COMMAND
from tests.policies.hosts import Change, flag, replacing, setting, with_file
from tests.policies.mutations import Mutation

_CLUSTER: Final = ("init.yaml", "ClusterConfiguration")
_KUBELET: Final = ("kubelet.yaml", "KubeletConfiguration")

_FLAGS: Final[dict[str, dict[str, str | None]]] = {
    "kubeadm-anonymous-requests": {"authentication-config": None},
    "kubeadm-authorization": {"authorization-mode": "Node,RBAC,AlwaysAllow"},
    "kubeadm-static-credentials": {"token-auth-file": "/etc/tokens"},
    "kubeadm-token-lifetime": {"service-account-extend-token-expiration": None},
    "kubeadm-kubelet-authenticity": {"kubelet-certificate-authority": None},
    "kubeadm-api-server-certificates": {"client-ca-file": ""},
    "kubeadm-admission": {"disable-admission-plugins": "NamespaceLifecycle"},
    "kubeadm-external-ips": {"enable-admission-plugins": "NodeRestriction"},
    "kubeadm-pod-security": {"admission-control-config-file": None},
    "kubeadm-profiling": {"profiling": "true"},
    "kubeadm-request-timeout": {"request-timeout": "0s"},
    "kubeadm-secrets-encryption": {"encryption-provider-config": None},
    "kubeadm-audit-log": {"audit-log-maxage": None},
    "kubeadm-api-server-tls": {"tls-cipher-suites": None},
}
"""Flags of the API server by the one rule that fires."""
_CHANGES: Final[tuple[tuple[str, Change], ...]] = (
    ("kubeadm-anonymous-requests", setting("authentication.yaml", "AuthenticationConfiguration", "anonymous", to=None)),
    ("kubeadm-audit-log", flag("apiServer", "audit-policy-file", None)),
    ("kubeadm-audit-policy", setting("audit-policy.yaml", "Policy", "rules", to=[{"level": "Request"}])),
    ("kubeadm-bind-address", flag("controllerManager", "bind-address", "10.0.0.11")),
    ("kubeadm-controllers", flag("controllerManager", "use-service-account-credentials", "false")),
    ("kubeadm-profiling", flag("scheduler", "profiling", None)),
    ("kubeadm-etcd-tls", flag("etcd.local", "client-cert-auth", "false")),
    (
        "kubeadm-proxy-metrics",
        setting("init.yaml", "KubeProxyConfiguration", "metricsBindAddress", to="10.0.0.11:10249"),
    ),
    ("kubeadm-kubelet-access", setting(*_KUBELET, "readOnlyPort", to=10255)),
    ("kubeadm-kubelet-certificates", setting(*_KUBELET, "serverTLSBootstrap", to=False)),
    ("kubeadm-kubelet-limits", setting(*_KUBELET, "seccompDefault", to=None)),
    ("kubeadm-kubelet-upkeep", setting(*_KUBELET, "makeIPTablesUtilChains", to=False)),
    ("kubeadm-kubelet-tls", setting(*_KUBELET, "tlsCipherSuites", to=None)),
    ("kubeadm-etcd-backup", replacing("BACKUP_KEEP='3'", "BACKUP_KEEP='0'")),
    ("kubeadm-host-firewall", with_file("firewall.nft", "set ssh_sources { elements = { 0.0.0.0/0 } }")),
    ("kubeadm-version", setting(*_CLUSTER, "kubernetesVersion", to="v1.34.1")),
    ("kubeadm-registry-tls", replacing('server = "https://', 'server = "http://')),
)
_REPAIRS: Final[tuple[tuple[str, Change], ...]] = (
    ("kubeadm-network-policy", replacing("ghcr.io/flannel-io/flannel", "quay.io/calico/node")),
    (
        "kubeadm-event-rate",
        flag("apiServer", "enable-admission-plugins", "NodeRestriction,DenyServiceExternalIPs,EventRateLimit"),
    ),
)


def _mutation(change: Change, fires: tuple[str, ...] = (), repairs: tuple[str, ...] = ()) -> Mutation:
    return Mutation(COMMAND, {"stdin": change}, fires, stack="servers-kubeadm", name="cp-1-program", repairs=repairs)


KUBEADM_MUTATIONS: Final = (
    *(
        _mutation(flag("apiServer", name, value), (rule,))
        for rule, given in _FLAGS.items()
        for name, value in given.items()
    ),
    *(_mutation(change, (rule,)) for rule, change in _CHANGES),
    *(_mutation(change, repairs=(rule,)) for rule, change in _REPAIRS),
)
NOT_IN_THE_EXAMPLE: Final = {
    "kubeadm-encryption-provider": "the keys are a secret of the update: no plan holds their file",
    "kubeadm-high-availability": "the example is no production stack",
    "kubeadm-image-credentials": "the example pulls from public registries",
    "kubeadm-runtime-access": "the example has containerd, whose configuration opens nothing",
}
"""Rules that no change of the example breaks; their cases alone test them."""
