"""Cases of the rules on what is sent to own servers: the control plane's components."""

from __future__ import annotations

from typing import Final

from policies.rule import Circumstances, Environment
from tests.policies.cases import Case
from tests.policies.hosts import Change, flag, replacing, setting, with_file, without
from tests.policies.rules.kubeadm_files import arguments, case

_PRODUCTION: Final = Circumstances(environment=Environment.PROD)
_AUTHENTICATION: Final = ("authentication.yaml", "AuthenticationConfiguration", "anonymous")
_ADMISSION: Final = ("admission.yaml", "AdmissionConfiguration", "plugins")
_KUBELET: Final = ("init.yaml", "KubeletConfiguration")
_ETCD_ELSEWHERE: Final = {
    "endpoints": ["https://10.0.0.9:2379"],
    "caFile": "/ca",
    "certFile": "/crt",
    "keyFile": "/key",
}
_FLANNEL: Final = {
    "kind": "DaemonSet",
    "spec": {"template": {"spec": {"containers": [{"image": "ghcr.io/flannel-io/flannel:v0.28.10"}]}}},
}


def _api(name: str, value: str | None) -> Change:
    return flag("apiServer", name, value)


def _manager(name: str, value: str | None) -> Change:
    return flag("controllerManager", name, value)


def _etcd(name: str, value: str | None) -> Change:
    return flag("etcd.local", name, value)


def _kubelet(*steps: str, to: object) -> Change:
    return setting(*_KUBELET, *steps, to=to)


def _kubelet_flag(name: str, value: str) -> Change:
    return setting(
        "join.yaml", "JoinConfiguration", "nodeRegistration", "kubeletExtraArgs", to=arguments({name: value})
    )


def _audit(*rules: dict[str, object]) -> Change:
    return setting("audit-policy.yaml", "Policy", "rules", to=list(rules))


CASES: Final[tuple[Case, ...]] = (
    case(
        "kubeadm-anonymous-requests",
        _api("authentication-config", None),
        setting(*_AUTHENTICATION[:2], "anonymous", to=None),
        setting(*_AUTHENTICATION, "enabled", to=False),
        setting(*_AUTHENTICATION, "conditions", to=[]),
        setting(*_AUTHENTICATION, "conditions", to=[{"path": "/livez"}, {"path": "/api"}]),
    ),
    case(
        "kubeadm-authorization",
        _api("authorization-mode", "AlwaysAllow"),
        _api("authorization-mode", "Node,RBAC,AlwaysAllow"),
        _api("authorization-mode", "RBAC"),
        _api("authorization-mode", "Node"),
    ),
    case("kubeadm-static-credentials", _api("token-auth-file", "/t"), _api("service-account-lookup", "false")),
    case(
        "kubeadm-token-lifetime",
        _api("service-account-extend-token-expiration", None),
        _api("service-account-extend-token-expiration", "true"),
    ),
    case("kubeadm-kubelet-authenticity", _api("kubelet-certificate-authority", None)),
    case(
        "kubeadm-api-server-certificates",
        *(
            _api(name, "")
            for name in (
                *("kubelet-client-certificate", "kubelet-client-key", "service-account-key-file", "etcd-certfile"),
                *("etcd-keyfile", "tls-cert-file", "tls-private-key-file", "client-ca-file", "etcd-cafile"),
            )
        ),
    ),
    case(
        "kubeadm-admission",
        _api("enable-admission-plugins", "PodNodeSelector"),
        _api("enable-admission-plugins", "NodeRestriction,AlwaysAdmit"),
        _api("disable-admission-plugins", "ServiceAccount"),
        _api("disable-admission-plugins", "NamespaceLifecycle"),
    ),
    case(
        "kubeadm-pod-security",
        _api("admission-control-config-file", None),
        setting(*_ADMISSION, to=[]),
        setting(*_ADMISSION, 0, "configuration", "defaults", "enforce", to="privileged"),
        setting(*_ADMISSION, 0, "configuration", "defaults", to=None),
    ),
    case("kubeadm-external-ips", _api("enable-admission-plugins", "NodeRestriction")),
    case("kubeadm-event-rate", _api("enable-admission-plugins", None)),
    case("kubeadm-image-credentials", _api("enable-admission-plugins", "NodeRestriction")),
    case(
        "kubeadm-profiling",
        _api("profiling", None),
        _manager("profiling", "true"),
        flag("scheduler", "profiling", None),
    ),
    case("kubeadm-bind-address", _manager("bind-address", "10.0.0.11"), flag("scheduler", "bind-address", "::")),
    case(
        "kubeadm-controllers",
        _manager("terminated-pod-gc-threshold", None),
        _manager("terminated-pod-gc-threshold", "0"),
        _manager("use-service-account-credentials", "false"),
        _manager("service-account-private-key-file", ""),
        _manager("root-ca-file", ""),
        _manager("feature-gates", "A=true,RotateKubeletServerCertificate=false"),
    ),
    case("kubeadm-request-timeout", _api("request-timeout", "0s")),
    case(
        "kubeadm-proxy-metrics",
        setting("init.yaml", "KubeProxyConfiguration", "metricsBindAddress", to="0.0.0.0:10249"),
        setting("init.yaml", "KubeProxyConfiguration", "metricsBindAddress", to="[::]:10249"),
    ),
    case("kubeadm-secrets-encryption", _api("encryption-provider-config", None)),
    case(
        "kubeadm-etcd-tls",
        *(_etcd(name, "") for name in ("cert-file", "key-file", "peer-cert-file", "peer-key-file", "trusted-ca-file")),
        *(_etcd(name, "false") for name in ("client-cert-auth", "peer-client-cert-auth")),
        *(_etcd(name, "true") for name in ("auto-tls", "peer-auto-tls")),
        _etcd("peer-trusted-ca-file", "/etc/kubernetes/pki/ca.crt"),
    ),
    case(
        "kubeadm-audit-log",
        _api("audit-log-path", None),
        _api("audit-policy-file", None),
        _api("audit-log-maxage", "7"),
        _api("audit-log-maxbackup", None),
        _api("audit-log-maxsize", "a lot"),
    ),
    case(
        "kubeadm-audit-policy",
        _audit(),
        _audit({"level": "Request"}),
        _audit({"level": "None", "resources": [{"group": "", "resources": ["pods/*"]}]}, {"level": "Metadata"}),
        _audit({"level": "Metadata", "users": ["system:admin"]}),
        _audit({"level": "Metadata", "namespaces": ["kube-system"]}),
        _audit({"level": "None", "verbs": ["delete"]}, {"level": "Metadata"}),
        _audit({"level": "None", "userGroups": ["system:authenticated"]}, {"level": "Metadata"}),
    ),
    case(
        "kubeadm-kubelet-access",
        _kubelet("authentication", "anonymous", "enabled", to=True),
        _kubelet("authorization", "mode", to="AlwaysAllow"),
        _kubelet("authentication", "x509", "clientCAFile", to="none"),
        _kubelet("readOnlyPort", to=10255),
        _kubelet_flag("anonymous-auth", "true"),
    ),
    case(
        "kubeadm-kubelet-certificates",
        _kubelet("serverTLSBootstrap", to=None),
        _kubelet_flag("rotate-certificates", "false"),
        _kubelet("featureGates", "RotateKubeletServerCertificate", to=False),
    ),
    case(
        "kubeadm-kubelet-limits",
        _kubelet("podPidsLimit", to=None),
        _kubelet("podPidsLimit", to=-1),
        _kubelet("seccompDefault", to=None),
        _kubelet_flag("seccomp-default", "false"),
    ),
    case(
        "kubeadm-kubelet-upkeep",
        _kubelet("streamingConnectionIdleTimeout", to="0s"),
        _kubelet("makeIPTablesUtilChains", to=False),
        _kubelet("eventRecordQPS", to=-1),
    ),
    case(
        "kubeadm-api-server-tls",
        _api("tls-cipher-suites", None),
        _api("tls-cipher-suites", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        _api("tls-min-version", "VersionTLS10"),
    ),
    case(
        "kubeadm-kubelet-tls",
        _kubelet("tlsCipherSuites", to=None),
        _kubelet("tlsCipherSuites", to=["TLS_RSA_WITH_3DES_EDE_CBC_SHA"]),
        _kubelet("tlsMinVersion", to="VersionTLS11"),
    ),
    case(
        "kubeadm-version",
        setting("init.yaml", "ClusterConfiguration", "kubernetesVersion", to="v1.34.9"),
        setting("init.yaml", "ClusterConfiguration", "kubernetesVersion", to="v1.28.1"),
        setting("init.yaml", "ClusterConfiguration", "kubernetesVersion", to=None),
    ),
    case("kubeadm-etcd-backup", with_file("node.env", "BACKUP_DIRECTORY='/b'\nBACKUP_KEEP='0'")),
    case(
        "kubeadm-etcd-backup",
        with_file("node.env", "BACKUP_DIRECTORY='/b'\nBACKUP_KEEP='3'\nBACKUP_S3_URL=''"),
        circumstances=_PRODUCTION,
    ),
    case("kubeadm-host-firewall", without("firewall.nft"), circumstances=_PRODUCTION),
    case(
        "kubeadm-host-firewall",
        replacing("{ 192.0.2.0/24 }", "{ 0.0.0.0/0 }"),
        replacing("198.51.100.0/24", "0.0.0.0/1"),
    ),
    case("kubeadm-network-policy", with_file("manifests/10-network.yaml", [_FLANNEL])),
)
NOT_TOLD: Final[tuple[tuple[str, Change], ...]] = (
    ("kubeadm-anonymous-requests", without("authentication.yaml")),
    ("kubeadm-anonymous-requests", with_file("authentication.yaml", "{")),
    ("kubeadm-pod-security", without("admission.yaml")),
    ("kubeadm-audit-policy", without("audit-policy.yaml")),
    ("kubeadm-authorization", _api("authorization-config", "/etc/kubernetes/authorization.yaml")),
    ("kubeadm-etcd-backup", without("node.env")),
    ("kubeadm-etcd-backup", setting("init.yaml", "ClusterConfiguration", "etcd", "external", to=_ETCD_ELSEWHERE)),
    ("kubeadm-etcd-tls", setting("init.yaml", "ClusterConfiguration", "etcd", "external", to=_ETCD_ELSEWHERE)),
    ("kubeadm-version", setting("init.yaml", "ClusterConfiguration", "kubernetesVersion", to="v1.40.0")),
    ("kubeadm-network-policy", without("manifests/10-network.yaml")),
)
"""Rules, and changes to what is right after which they cannot tell."""
