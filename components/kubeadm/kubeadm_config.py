"""kubeadm's configuration, `kubeadm.k8s.io/v1beta4`: one file to start a cluster by, one to join it.

Source of the fields: k8s.io/kubernetes v1.36.3, cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go, read 2026-11-23. The
tests have the real `kubeadm config validate` read what is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Final

import yaml

from components.kubeadm.program import API_PORT, PUBLIC_FOLDER
from components.kubeadm.runtime import cri_socket, kubelet_settings
from components.settings import KubeadmClusterSettings
from components.terms import Architecture, Gpu, MachineRole, Taint, TaintEffect
from components.versions import KUBEADM_RELEASES

API: Final = "kubeadm.k8s.io/v1beta4"
DISCOVERY_FILE: Final = f"{PUBLIC_FOLDER}/secrets/discovery.conf"
ENCRYPTION_FILE: Final = "/etc/kubernetes/pki/encryption.yaml"
AUDIT_LOGS: Final = "/var/log/kubernetes/audit"
API_SERVER_FILES: Final = ("audit-policy.yaml", "admission.yaml", "authentication.yaml")
"""Public files that the API server reads; each is mounted into it."""
STRONG_CIPHERS: Final = tuple(
    f"TLS_ECDHE_{key}_WITH_{suite}"
    for suite in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")
    for key in ("ECDSA", "RSA")
)
"""Suites of TLS 1.2 that the API server and the kubelets take; those of TLS 1.3 are all strong and cannot be chosen."""
PROCESSES_OF_A_POD: Final = 4096
CONTROL_PLANE_TAINT: Final = Taint(
    key="node-role.kubernetes.io/control-plane", value="", effect=TaintEffect.NO_SCHEDULE
)
_TIMEOUTS: Final = {"discovery": "10m0s", "etcdAPICall": "10m0s", "upgradeManifests": "15m0s"}
"""Longer than kubeadm's own, so that control planes that join at a time wait for each other."""


@dataclass(frozen=True, kw_only=True)
class NodeFacts:
    """A node as kubeadm needs it. `address` is the private one, `ssh_port` that of its SSH server."""

    name: str
    role: MachineRole
    address: str
    architecture: Architecture = Architecture.AMD64
    gpu: Gpu | None = None
    taints: tuple[Taint, ...] = ()
    ssh_port: int = 22


@dataclass(frozen=True, kw_only=True)
class ClusterFacts:
    """The cluster as kubeadm needs it. `endpoint` is host and port of the API."""

    settings: KubeadmClusterSettings
    endpoint_host: str
    endpoint_port: int
    pod_cidr: IPv4Network
    service_cidr: IPv4Network
    node_cidrs: tuple[IPv4Network, ...] = ()

    @property
    def endpoint(self) -> str:
        """Host and port of the API."""
        return f"{self.endpoint_host}:{self.endpoint_port}"


def init_file(cluster: ClusterFacts, node: NodeFacts) -> str:
    """The file that `kubeadm init` starts a cluster by, on a control plane."""
    init = {
        "apiVersion": API,
        "kind": "InitConfiguration",
        "localAPIEndpoint": _local_endpoint(node),
        "nodeRegistration": _registration(cluster, node),
        "timeouts": _TIMEOUTS,
    }
    proxy = [] if cluster.settings.pod_network.kube_proxy_replacement else [_kube_proxy_configuration(cluster)]
    return _documents(init, _cluster_configuration(cluster), _kubelet_configuration(cluster), *proxy)


def join_file(cluster: ClusterFacts, node: NodeFacts) -> str:
    """The file that `kubeadm join` takes: the cluster is found by a file with the node's own certificate in it."""
    join: dict[str, Any] = {
        "apiVersion": API,
        "kind": "JoinConfiguration",
        "discovery": {"file": {"kubeConfigPath": DISCOVERY_FILE}},
        "nodeRegistration": _registration(cluster, node),
        "timeouts": _TIMEOUTS,
    }
    if node.role is MachineRole.CONTROL_PLANE:
        join["controlPlane"] = {"localAPIEndpoint": _local_endpoint(node)}
    return _documents(join)


def upgrade_file(cluster: ClusterFacts) -> str:
    """The file that `kubeadm upgrade apply` and `kubeadm upgrade node` take, on all nodes."""
    common = {
        "etcdUpgrade": True,  # the node program says no where etcd's version stays
        "ignorePreflightErrors": list(cluster.settings.ignore_preflight),
        "imagePullPolicy": "IfNotPresent",
    }
    upgrade = {
        "apiVersion": API,
        "kind": "UpgradeConfiguration",
        "apply": {"kubernetesVersion": f"v{cluster.settings.version}", **common},
        "node": common,
        "timeouts": _TIMEOUTS,
    }
    return _documents(upgrade)


def kubelet_file(cluster: ClusterFacts) -> str:
    """The kubelets' configuration alone: where it changes, a node has something to follow."""
    return _documents(_kubelet_configuration(cluster))


def _local_endpoint(node: NodeFacts) -> dict[str, Any]:
    return {"advertiseAddress": node.address, "bindPort": API_PORT}


def _registration(cluster: ClusterFacts, node: NodeFacts) -> dict[str, Any]:
    ours = (CONTROL_PLANE_TAINT,) if node.role is MachineRole.CONTROL_PLANE else ()
    taints = [{"key": taint.key, "value": taint.value, "effect": taint.effect.value} for taint in (*ours, *node.taints)]
    return {
        "name": node.name,
        "criSocket": cri_socket(cluster.settings),
        "imagePullPolicy": "IfNotPresent",
        "kubeletExtraArgs": [{"name": "node-ip", "value": node.address}],
        "ignorePreflightErrors": list(cluster.settings.ignore_preflight),
        "taints": taints,
    }


def _cluster_configuration(cluster: ClusterFacts) -> dict[str, Any]:
    settings = cluster.settings
    release = KUBEADM_RELEASES[settings.minor]
    return {
        "apiVersion": API,
        "kind": "ClusterConfiguration",
        "clusterName": settings.name,
        "kubernetesVersion": f"v{settings.version}",
        "controlPlaneEndpoint": cluster.endpoint,
        "encryptionAlgorithm": "ECDSA-P256",
        "networking": {
            "podSubnet": str(cluster.pod_cidr),
            "serviceSubnet": str(cluster.service_cidr),
            "dnsDomain": "cluster.local",
        },
        "etcd": _etcd(settings, release.etcd),
        "dns": {"imageTag": release.core_dns},
        **({"proxy": {"disabled": True}} if settings.pod_network.kube_proxy_replacement else {}),
        "apiServer": _api_server(cluster),
        "controllerManager": {"extraArgs": _arguments({"profiling": "false", "terminated-pod-gc-threshold": "1000"})},
        "scheduler": {"extraArgs": _arguments({"profiling": "false"})},
    }


def _etcd(settings: KubeadmClusterSettings, tag: str) -> dict[str, Any]:
    """A member on each control plane, or etcd that somebody runs already."""
    if settings.etcd is None:
        return {"local": {"dataDir": "/var/lib/etcd", "imageTag": tag}}
    pki = "/etc/kubernetes/pki"
    files = {"caFile": "etcd/ca.crt", "certFile": "apiserver-etcd-client.crt", "keyFile": "apiserver-etcd-client.key"}
    return {
        "external": {
            "endpoints": list(settings.etcd.endpoints),
            **{key: f"{pki}/{file}" for key, file in files.items()},
        }
    }


def _api_server(cluster: ClusterFacts) -> dict[str, Any]:
    """Audit log, secrets encrypted, Pod Security by default, anonymous requests to health paths alone.

    A Service may not claim addresses outside the cluster, and pods' tokens end when they say.
    """
    audit, admission, authentication = (f"{PUBLIC_FOLDER}/{name}" for name in API_SERVER_FILES)
    arguments = {
        "profiling": "false",
        "admission-control-config-file": admission,
        "authentication-config": authentication,
        "audit-policy-file": audit,
        "audit-log-path": f"{AUDIT_LOGS}/audit.log",
        "audit-log-maxage": "30",
        "audit-log-maxbackup": "10",
        "audit-log-maxsize": "100",
        "encryption-provider-config": ENCRYPTION_FILE,
        "kubelet-certificate-authority": "/etc/kubernetes/pki/ca.crt",
        "enable-admission-plugins": "NodeRestriction,DenyServiceExternalIPs",
        "service-account-extend-token-expiration": "false",
        # Without it a server that is asked to end waits for those who watch, and is killed after its pod's 30 seconds;
        # with it, it ends 2 seconds after its last request. Source: genericapiserver.go of k8s.io/apiserver v0.36.3.
        "shutdown-send-retry-after": "true",
        "tls-cipher-suites": ",".join(STRONG_CIPHERS),
    }
    volumes = [
        {"name": name.removesuffix(".yaml"), "hostPath": path, "mountPath": path, "readOnly": True, "pathType": "File"}
        for name, path in ((name, f"{PUBLIC_FOLDER}/{name}") for name in API_SERVER_FILES)
    ]
    logs = {"name": "audit-logs", "hostPath": AUDIT_LOGS, "mountPath": AUDIT_LOGS, "pathType": "DirectoryOrCreate"}
    return {
        "certSANs": _names(cluster),
        "extraArgs": _arguments(arguments),
        "extraVolumes": [*volumes, logs],
    }


def _names(cluster: ClusterFacts) -> list[str]:
    """What the API server is called outside, beside what kubeadm itself adds."""
    endpoint = cluster.settings.endpoint
    virtual_ip = None if endpoint is None else endpoint.virtual_ip
    return list(dict.fromkeys(name for name in (cluster.endpoint_host, virtual_ip) if name is not None))


def _kubelet_configuration(cluster: ClusterFacts) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "cgroupDriver": cluster.settings.cgroup_driver.value,
        "containerRuntimeEndpoint": cri_socket(cluster.settings),
        "eventRecordQPS": 50,
        "podPidsLimit": PROCESSES_OF_A_POD,
        "seccompDefault": True,
        "serverTLSBootstrap": True,  # the node program approves what it knows the name and address of
        "tlsCipherSuites": list(STRONG_CIPHERS),
        **kubelet_settings(cluster.settings),
    }


def _kube_proxy_configuration(cluster: ClusterFacts) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        **cluster.settings.kube_proxy,
    }


def _arguments(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _documents(*documents: Mapping[str, Any]) -> str:
    return "---\n".join(yaml.safe_dump(dict(document), sort_keys=False) for document in documents)
