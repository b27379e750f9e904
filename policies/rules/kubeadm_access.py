"""Who gets into the API server of a kubeadm cluster, and with what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.properties import CannotTell, Properties
from policies.rule import Resource, Rule, Severity
from policies.rules.kubeadm_hosts import (
    API_SERVER,
    COMMAND,
    SOURCE,
    component_flags,
    file_at,
    flag_is_off,
    flag_stays_on,
    flags_keep_a_value,
    is_control_plane,
    is_off,
    names,
)

_HEALTH_PATHS: Final = frozenset({"/livez", "/readyz", "/healthz"})
_MODES: Final = ("Node", "RBAC")
_API_TYPES: Final = "k8s.io/apiserver v0.36.3, pkg/apis/apiserver/v1/types.go, read 2026-11-29"


def _strangers_see_health_alone(command: Resource) -> Iterator[str]:
    """The probes that kubeadm gives the API server ask anonymously, so nobody anonymous at all ends it."""
    given = component_flags(command, API_SERVER)
    path = given.get("authentication-config")
    if path is not None:
        yield from _of_authentication(_first(file_at(command, path), path))
    elif is_off(given.get("anonymous-auth", "true")):
        yield "anonymous-auth is false: its own probes are refused, and the kubelet restarts it for ever"
    else:
        yield "no authentication-config limits anonymous requests: a wrong binding opens the cluster to strangers"


def _of_authentication(configuration: Properties) -> Iterator[str]:
    if not configuration.has("anonymous"):
        yield "the AuthenticationConfiguration has no `anonymous`: anonymous requests may ask for everything"
        return
    if not configuration.is_true("anonymous", "enabled"):
        yield "anonymous.enabled is false: its own probes are refused, and the kubelet restarts it for ever"
        return
    paths = {condition.get("path") for condition in configuration.items("anonymous", "conditions")}
    if not paths:
        yield "anonymous.conditions is empty: anonymous requests may ask for everything"
    for path in sorted(str(path) for path in paths - _HEALTH_PATHS):
        yield f"anonymous requests may ask for {path}, which is no health path"


def _nodes_and_roles_decide(command: Resource) -> Iterator[str]:
    given = component_flags(command, API_SERVER)
    path = given.get("authorization-config")
    if path is not None:
        configuration = _first(file_at(command, path), path)
        modes = {str(authorizer.get("type")) for authorizer in configuration.items("authorizers")}
    else:
        modes = names(given.get("authorization-mode", ",".join(_MODES)))
    for mode in _MODES:
        if mode not in modes:
            yield f"the authorization mode {mode} is missing from {', '.join(sorted(modes)) or 'none'}"


def _not_everything_is_allowed(command: Resource) -> Iterator[str]:
    if "AlwaysAllow" in names(component_flags(command, API_SERVER).get("authorization-mode", "")):
        yield "authorization-mode has AlwaysAllow: every request may do everything"


def _no_token_file(command: Resource) -> Iterator[str]:
    if "token-auth-file" in component_flags(command, API_SERVER):
        yield "token-auth-file is set: its tokens never end, and stand in a file in the clear"


def _kubelets_are_checked(command: Resource) -> Iterator[str]:
    if not component_flags(command, API_SERVER).get("kubelet-certificate-authority"):
        yield "kubelet-certificate-authority is not set: whoever answers for a node reads what is sent to its pods"


def _first(documents: list[Properties], path: str) -> Properties:
    if not documents:
        raise CannotTell(path, why="empty")
    return documents[0]


_LOOKUP: Final = flag_stays_on(API_SERVER, "service-account-lookup", "a deleted account's token goes on being taken")
_SHORT_TOKENS: Final = flag_is_off(
    API_SERVER, "service-account-extend-token-expiration", "pods' tokens hold for a year instead of an hour"
)
_KUBELET_CLIENT: Final = flags_keep_a_value(
    API_SERVER, ("kubelet-client-certificate", "kubelet-client-key"), "kubelets cannot know who asks them"
)
_TOKEN_KEY: Final = flags_keep_a_value(
    API_SERVER, ("service-account-key-file",), "service account tokens are checked with the serving key"
)
_ETCD_CLIENT: Final = flags_keep_a_value(API_SERVER, ("etcd-certfile", "etcd-keyfile"), "etcd cannot know who asks it")
_SERVING: Final = flags_keep_a_value(
    API_SERVER, ("tls-cert-file", "tls-private-key-file"), "the API server signs a certificate that nobody can check"
)
_CLIENT_CA: Final = flags_keep_a_value(API_SERVER, ("client-ca-file",), "client certificates are not checked")
_ETCD_CA: Final = flags_keep_a_value(API_SERVER, ("etcd-cafile",), "whoever answers for etcd is believed")

RULES: Final = (
    Rule(
        id="kubeadm-anonymous-requests",
        title="Anonymous requests reach the health paths of a kubeadm cluster and nothing else.",
        severity=Severity.CRITICAL,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:1.2.1",
            "iso-27001:8.5",
            "pci-dss:7.3.3",
            "hipaa:164.312(d)",
            "nsa-cisa:7.0",
            "isms-p:2.5.3",
        ),
        problem="One wrong binding opens the cluster to people without names.",
        remedy="give the API server an authentication-config, an AuthenticationConfiguration with anonymous.enabled "
        "and conditions for /livez, /readyz and /healthz; not anonymous-auth=false, since its probes ask anonymously",
        source=f"{SOURCE}; {_API_TYPES}",
        speaks_of=is_control_plane,
        checks=(_strangers_see_health_alone,),
    ),
    Rule(
        id="kubeadm-authorization",
        title="RBAC and the node authoriser decide what may be done in a kubeadm cluster.",
        severity=Severity.CRITICAL,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:1.2.6",
            "cis-kubernetes:1.2.7",
            "cis-kubernetes:1.2.8",
            "iso-27001:8.2",
            "iso-27001:8.3",
            "pci-dss:7.2.1",
            "pci-dss:7.3.2",
            "soc-2:CC6.3",
            "nsa-cisa:7.1",
            "isms-p:2.5.5",
        ),
        problem="Rights that no one gave and no one sees; a node reads the secrets of all.",
        remedy="leave authorization-mode out (kubeadm sets Node,RBAC), or name both",
        source=f"{SOURCE}; {_API_TYPES}",
        speaks_of=is_control_plane,
        checks=(_nodes_and_roles_decide, _not_everything_is_allowed),
        shows={"cis-kubernetes:1.2.6": (_not_everything_is_allowed,)},
    ),
    Rule(
        id="kubeadm-static-credentials",
        title="The API server of a kubeadm cluster takes no credential that cannot be taken back.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.2", "cis-kubernetes:1.2.21", "iso-27001:5.17", "pci-dss:8.6.2", "isms-p:2.5.1"),
        problem="Who once had a token has it for ever.",
        remedy="leave token-auth-file out and service-account-lookup on; let people sign in by OIDC",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_no_token_file, _LOOKUP),
        shows={"cis-kubernetes:1.2.2": (_no_token_file,), "cis-kubernetes:1.2.21": (_LOOKUP,)},
    ),
    Rule(
        id="kubeadm-token-lifetime",
        title="Service account tokens of a kubeadm cluster end when they say.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.30", "iso-27001:5.17"),
        problem="A token that was stolen from a pod opens the API for a year.",
        remedy="set apiServer.extraArgs service-account-extend-token-expiration to false; clients must read their "
        "token's file anew, as those of the last years do",
        source="k8s.io/kubernetes v1.36.3, pkg/kubeapiserver/options/authentication.go, read 2026-11-29",
        speaks_of=is_control_plane,
        checks=(_SHORT_TOKENS,),
    ),
    Rule(
        id="kubeadm-kubelet-authenticity",
        title="The API server of a kubeadm cluster knows that a kubelet is the one it means.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.5", "iso-27001:8.21", "pci-dss:4.2.1", "soc-2:CC6.7", "isms-p:2.10.5"),
        problem="Whoever takes a node's address reads logs and what is typed into pods, and answers for them.",
        remedy="set apiServer.extraArgs kubelet-certificate-authority to the cluster's CA, and serverTLSBootstrap of "
        "the kubelets",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_kubelets_are_checked,),
    ),
    Rule(
        id="kubeadm-api-server-certificates",
        title="The API server of a kubeadm cluster has the certificates that kubeadm made for it.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:1.2.4",
            "cis-kubernetes:1.2.22",
            "cis-kubernetes:1.2.23",
            "cis-kubernetes:1.2.24",
            "cis-kubernetes:1.2.25",
            "cis-kubernetes:1.2.26",
            "iso-27001:8.24",
            "pci-dss:2.2.7",
        ),
        problem="One side of a connection no longer knows the other.",
        remedy="leave these flags out of apiServer.extraArgs: kubeadm sets them",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_KUBELET_CLIENT, _TOKEN_KEY, _ETCD_CLIENT, _SERVING, _CLIENT_CA, _ETCD_CA),
        shows={
            "cis-kubernetes:1.2.4": (_KUBELET_CLIENT,),
            "cis-kubernetes:1.2.22": (_TOKEN_KEY,),
            "cis-kubernetes:1.2.23": (_ETCD_CLIENT,),
            "cis-kubernetes:1.2.24": (_SERVING,),
            "cis-kubernetes:1.2.25": (_CLIENT_CA,),
            "cis-kubernetes:1.2.26": (_ETCD_CA,),
        },
    ),
)
