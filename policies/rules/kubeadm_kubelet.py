"""The kubelets of a kubeadm cluster: who may ask them, what they show of themselves, and what they allow pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.rule import Resource, Rule, Severity
from policies.rules.kubeadm_hosts import (
    COMMAND,
    KUBELET,
    documents,
    flags,
    has_kubelet,
)

_SOURCE: Final = (
    "k8s.io/kubelet v0.36.3, config/v1beta1/types.go; k8s.io/kubernetes v1.36.3, pkg/kubelet/apis/config/v1beta1/"
    "defaults.go and cmd/kubeadm/app/componentconfigs/kubelet.go, read 2026-11-29"
)


def _values(command: Resource, flag: str, *path: str) -> Iterator[Any]:
    """What holds for a setting of the kubelets; None where nobody sets it. A flag of a node wins over the file."""
    registrations = documents(command, "InitConfiguration", "JoinConfiguration")
    given = [flags(found.at("nodeRegistration", "kubeletExtraArgs")) for found in registrations]
    values = [set_[flag] for set_ in given if flag in set_]
    yield from values or (kubelet.get(*path) for kubelet in documents(command, KUBELET))


def _is(value: Any, *, on: bool) -> bool:
    return str(value).lower() == ("true" if on else "false")


def _strangers_get_nothing(command: Resource) -> Iterator[str]:
    if any(
        _is(value, on=True) for value in _values(command, "anonymous-auth", "authentication", "anonymous", "enabled")
    ):
        yield "authentication.anonymous.enabled is true: whoever reaches a node may ask its kubelet"


def _the_api_server_decides(command: Resource) -> Iterator[str]:
    if any(value not in (None, "Webhook") for value in _values(command, "authorization-mode", "authorization", "mode")):
        yield "authorization.mode is not Webhook: whoever the kubelet knows may do everything on the node"


def _clients_show_certificates(command: Resource) -> Iterator[str]:
    values = _values(command, "client-ca-file", "authentication", "x509", "clientCAFile")
    if any(value is not None and not str(value).startswith("/") for value in values):
        yield "authentication.x509.clientCAFile is no file: the kubelet cannot know the API server"


def _read_only_port_is_closed(command: Resource) -> Iterator[str]:
    if any(value is not None and int(value) for value in _values(command, "read-only-port", "readOnlyPort")):
        yield "readOnlyPort is open: whoever reaches a node sees its pods and their settings"


def _serves_with_a_certificate(command: Resource) -> Iterator[str]:
    signed = all(_is(value, on=True) for value in _values(command, "rotate-server-certificates", "serverTLSBootstrap"))
    own = all(_values(command, "tls-cert-file", "tlsCertFile"))
    if not signed and not own:
        yield "neither serverTLSBootstrap nor tlsCertFile is set: the kubelet signs for itself"


def _client_certificate_is_renewed(command: Resource) -> Iterator[str]:
    """kubeadm writes it into the file whatever stands there, so only a flag can turn it off."""
    registrations = documents(command, "InitConfiguration", "JoinConfiguration")
    given = [flags(found.at("nodeRegistration", "kubeletExtraArgs")) for found in registrations]
    if any(_is(set_.get("rotate-certificates", "true"), on=False) for set_ in given):
        yield "rotate-certificates is false: after a year the node is out of the cluster"


def _serving_certificate_is_renewed(command: Resource) -> Iterator[str]:
    gate = "RotateKubeletServerCertificate"
    if any(_is(kubelet.get("featureGates", gate), on=False) for kubelet in documents(command, KUBELET)):
        yield f"featureGates.{gate} is false: the serving certificate ends, and nobody makes another"


def _processes_are_limited(command: Resource) -> Iterator[str]:
    if any(value is None or int(value) <= 0 for value in _values(command, "pod-max-pids", "podPidsLimit")):
        yield "podPidsLimit is not set: one pod can take every process of its node"


def _system_calls_are_limited(command: Resource) -> Iterator[str]:
    if not all(_is(value, on=True) for value in _values(command, "seccomp-default", "seccompDefault")):
        yield "seccompDefault is not true: a pod that says nothing may make every system call"


def _idle_streams_end(command: Resource) -> Iterator[str]:
    values = _values(command, "streaming-connection-idle-timeout", "streamingConnectionIdleTimeout")
    if any(str(value) in ("0", "0s", "0h", "0m") for value in values):
        yield "streamingConnectionIdleTimeout is 0: what somebody left open stays open"


def _chains_are_kept(command: Resource) -> Iterator[str]:
    values = _values(command, "make-iptables-util-chains", "makeIPTablesUtilChains")
    if any(_is(value, on=False) for value in values):
        yield "makeIPTablesUtilChains is false: nobody keeps the chains that services rest on"


def _events_are_recorded(command: Resource) -> Iterator[str]:
    if any(value is not None and int(value) < 0 for value in _values(command, "event-qps", "eventRecordQPS")):
        yield "eventRecordQPS is below 0: events are lost"


RULES: Final = (
    Rule(
        id="kubeadm-kubelet-access",
        title="Kubelets of a kubeadm cluster answer whom the API server lets ask.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:4.2.1",
            "cis-kubernetes:4.2.2",
            "cis-kubernetes:4.2.3",
            "cis-kubernetes:4.2.4",
            "iso-27001:8.3",
            "pci-dss:7.3.1",
            "isms-p:2.6.2",
        ),
        problem="Whoever reaches a node's port runs commands in every pod there.",
        remedy="leave authentication, authorization and readOnlyPort out of the KubeletConfiguration",
        source=_SOURCE,
        speaks_of=has_kubelet,
        checks=(_strangers_get_nothing, _the_api_server_decides, _clients_show_certificates, _read_only_port_is_closed),
        shows={
            "cis-kubernetes:4.2.1": (_strangers_get_nothing,),
            "cis-kubernetes:4.2.2": (_the_api_server_decides,),
            "cis-kubernetes:4.2.3": (_clients_show_certificates,),
            "cis-kubernetes:4.2.4": (_read_only_port_is_closed,),
        },
    ),
    Rule(
        id="kubeadm-kubelet-certificates",
        title="Kubelets of a kubeadm cluster have certificates that the cluster signed, and renew them.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:4.2.9",
            "cis-kubernetes:4.2.10",
            "cis-kubernetes:4.2.11",
            "iso-27001:8.24",
            "pci-dss:3.7.4",
        ),
        problem="The API server cannot know a kubelet, or a node drops out of the cluster after a year.",
        remedy="set serverTLSBootstrap to true, have the requests approved, and leave rotation as kubeadm sets it",
        source=_SOURCE,
        speaks_of=has_kubelet,
        checks=(_serves_with_a_certificate, _client_certificate_is_renewed, _serving_certificate_is_renewed),
        shows={
            "cis-kubernetes:4.2.9": (_serves_with_a_certificate,),
            "cis-kubernetes:4.2.10": (_client_certificate_is_renewed,),
            "cis-kubernetes:4.2.11": (_serving_certificate_is_renewed,),
        },
    ),
    Rule(
        id="kubeadm-kubelet-limits",
        title="Pods of a kubeadm cluster are bounded in processes and system calls without saying so.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=("cis-kubernetes:4.2.13", "cis-kubernetes:4.2.14", "iso-27001:8.6", "pci-dss:2.2.6", "nsa-cisa:1.10"),
        problem="One pod stops its node, or finds a way out of its container.",
        remedy="set podPidsLimit and seccompDefault in the KubeletConfiguration",
        source=_SOURCE,
        speaks_of=has_kubelet,
        checks=(_processes_are_limited, _system_calls_are_limited),
        shows={
            "cis-kubernetes:4.2.13": (_processes_are_limited,),
            "cis-kubernetes:4.2.14": (_system_calls_are_limited,),
            "nsa-cisa:1.10": (_system_calls_are_limited,),
        },
    ),
    Rule(
        id="kubeadm-kubelet-upkeep",
        title="Kubelets of a kubeadm cluster end idle streams, keep their chains and record events.",
        severity=Severity.LOW,
        types=(COMMAND,),
        controls=("cis-kubernetes:4.2.5", "cis-kubernetes:4.2.6", "cis-kubernetes:4.2.8"),
        problem="A forgotten shell stays open, traffic breaks, or what happened is not known.",
        remedy="leave these settings out of the KubeletConfiguration",
        source=_SOURCE,
        speaks_of=has_kubelet,
        checks=(_idle_streams_end, _chains_are_kept, _events_are_recorded),
        shows={
            "cis-kubernetes:4.2.5": (_idle_streams_end,),
            "cis-kubernetes:4.2.6": (_chains_are_kept,),
            "cis-kubernetes:4.2.8": (_events_are_recorded,),
        },
    ),
)
