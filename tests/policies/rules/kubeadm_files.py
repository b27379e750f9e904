"""What a control plane is sent whose every setting is right, and cases made from changes to it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from policies.rule import Circumstances, Resource
from policies.rules.kubeadm_hosts import COMMAND
from tests.policies.cases import Case, resource
from tests.policies.hosts import Change, sent

_TODAY: Final = dt.date(2026, 11, 29)
_SUITES: Final = ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"]
_API_SERVER: Final = {
    "profiling": "false",
    "authentication-config": "/etc/infraplatform/authentication.yaml",
    "admission-control-config-file": "/etc/infraplatform/admission.yaml",
    "enable-admission-plugins": "NodeRestriction,DenyServiceExternalIPs,EventRateLimit,AlwaysPullImages",
    "encryption-provider-config": "/etc/kubernetes/pki/encryption.yaml",
    "kubelet-certificate-authority": "/etc/kubernetes/pki/ca.crt",
    "service-account-extend-token-expiration": "false",
    "tls-cipher-suites": ",".join(_SUITES),
    "audit-log-path": "/var/log/audit.log",
    "audit-log-maxage": "30",
    "audit-log-maxbackup": "10",
    "audit-log-maxsize": "100",
    "audit-policy-file": "/etc/infraplatform/audit-policy.yaml",
}


def arguments(values: dict[str, str]) -> list[dict[str, str]]:
    """Flags as v1beta4 writes them."""
    return [{"name": name, "value": value} for name, value in values.items()]


CLUSTER: Final[dict[str, Any]] = {
    "kind": "ClusterConfiguration",
    "clusterName": "shop",
    "kubernetesVersion": "v1.36.3",
    "controlPlaneEndpoint": "k8s.example.internal:6443",
    "apiServer": {"extraArgs": arguments(_API_SERVER)},
    "controllerManager": {"extraArgs": arguments({"profiling": "false", "terminated-pod-gc-threshold": "1000"})},
    "scheduler": {"extraArgs": arguments({"profiling": "false"})},
}
NODE: Final[dict[str, Any]] = {"name": "cp-1", "kubeletExtraArgs": arguments({"node-ip": "10.0.0.11"})}
INIT: Final[dict[str, Any]] = {
    "kind": "InitConfiguration",
    "localAPIEndpoint": {"advertiseAddress": "10.0.0.11"},
    "nodeRegistration": NODE,
}
KUBELET: Final[dict[str, Any]] = {
    "kind": "KubeletConfiguration",
    "serverTLSBootstrap": True,
    "podPidsLimit": 4096,
    "seccompDefault": True,
    "tlsCipherSuites": _SUITES,
}
PLUGIN: Final[dict[str, Any]] = {
    "kind": "DaemonSet",
    "spec": {"template": {"spec": {"containers": [{"name": "node", "image": "quay.io/calico/node:v3.31.0"}]}}},
}
FIREWALL: Final = """table inet infraplatform {
	set ssh_sources {
		type ipv4_addr
		flags interval
		elements = { 192.0.2.0/24 }
	}

	set api_sources {
		type ipv4_addr
		flags interval
		elements = { 192.0.2.0/24, 198.51.100.0/24 }
	}

	set node_port_sources {
		type ipv4_addr
		flags interval
		elements = { 0.0.0.0/0 }
	}
}
"""
FILES: Final[dict[str, list[dict[str, Any]] | str]] = {
    "node.env": "NODE_NAME='cp-1'\nBACKUP_DIRECTORY='/var/backups/etcd'\nBACKUP_KEEP='3'\nBACKUP_S3_URL='https://s3.example/backups'\n",
    "images": "",
    "firewall.nft": FIREWALL,
    "join.yaml": [{"kind": "JoinConfiguration", "nodeRegistration": NODE}],
    "init.yaml": [INIT, CLUSTER, KUBELET, {"kind": "KubeProxyConfiguration", "mode": "iptables"}],
    "authentication.yaml": [
        {
            "kind": "AuthenticationConfiguration",
            "anonymous": {"enabled": True, "conditions": [{"path": "/livez"}, {"path": "/readyz"}]},
        }
    ],
    "admission.yaml": [
        {
            "kind": "AdmissionConfiguration",
            "plugins": [{"name": "PodSecurity", "configuration": {"defaults": {"enforce": "baseline"}}}],
        }
    ],
    "audit-policy.yaml": [
        {
            "kind": "Policy",
            "rules": [
                {"level": "None", "nonResourceURLs": ["/livez*"]},
                {"level": "None", "users": ["system:kube-proxy"]},
                {
                    "level": "Metadata",
                    "resources": [
                        {"group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"]},
                        {"group": "authentication.k8s.io"},
                    ],
                },
                {"level": "Request"},
            ],
        }
    ],
    "manifests/10-network.yaml": [PLUGIN],
    **{
        f"/etc/containerd/certs.d/{registry}/hosts.toml": f'server = "https://mirror.example/v2/{registry}"'
        for registry in ("registry.k8s.io", "quay.io")
    },
}
TEXT: Final = sent(FILES)
RECEIVE: Final = "sudo -n sh -c '/usr/local/sbin/infraplatform-node receive'"
INPUTS: Final[dict[str, Any]] = {"create": RECEIVE, "stdin": TEXT}


def case(rule: str, *changes: Change, circumstances: Circumstances | None = None) -> Case:
    """A case of a rule on a control plane: each change breaks it by itself."""
    broken = tuple({"stdin": change(TEXT)} for change in changes)
    return Case(rule, COMMAND, INPUTS, broken, ("stdin",), circumstances or Circumstances(as_of=_TODAY))


def command(text: object, **more: Any) -> Resource:
    """A control plane's command with other text."""
    return resource(COMMAND, {**INPUTS, "stdin": text}, **more)
