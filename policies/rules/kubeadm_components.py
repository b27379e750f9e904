"""How the components of a kubeadm cluster listen, sign and encrypt on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.properties import Properties, each
from policies.rule import Check, Resource, Rule, Severity
from policies.rules.kubeadm_hosts import (
    API_SERVER,
    COMMAND,
    CONTROLLER_MANAGER,
    SCHEDULER,
    SOURCE,
    component_flags,
    documents,
    flag_is_off,
    flag_stays_on,
    flags_keep_a_value,
    is_control_plane,
    is_off,
    names,
)

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_ENDLESS: Final = ("0", "0s", "0m", "0m0s")


def _listens_on_the_loopback(component: tuple[str, ...]) -> Check:
    def check(command: Resource) -> Iterator[str]:
        address = component_flags(command, component).get("bind-address", _LOOPBACK[0])
        if address not in _LOOPBACK:
            yield f"bind-address of {component[0]} is {address}: its metrics answer the network"

    return check


def _ended_pods_are_removed(command: Resource) -> Iterator[str]:
    threshold = component_flags(command, CONTROLLER_MANAGER).get("terminated-pod-gc-threshold")
    if threshold is None or not threshold.isdigit() or int(threshold) == 0:
        yield f"terminated-pod-gc-threshold is {threshold or 'not set'}: 12500 ended pods are kept, or all"


def _serving_certificates_are_renewed(command: Resource) -> Iterator[str]:
    gates = component_flags(command, CONTROLLER_MANAGER).get("feature-gates", "")
    for gate, _, value in (name.partition("=") for name in names(gates)):
        if gate == "RotateKubeletServerCertificate" and is_off(value):
            yield "feature-gates turn RotateKubeletServerCertificate off: kubelets serve with certificates that ended"


def _requests_end(command: Resource) -> Iterator[str]:
    timeout = component_flags(command, API_SERVER).get("request-timeout", "1m0s")
    if timeout in _ENDLESS:
        yield f"request-timeout is {timeout}: requests that hang stay"


def _proxy_metrics_stay_on_the_host(command: Resource) -> Iterator[str]:
    yield from each(documents(command, "KubeProxyConfiguration"), _of_proxy_metrics)


def _of_proxy_metrics(configuration: Properties) -> Iterator[str]:
    address = str(configuration.get("metricsBindAddress", default="127.0.0.1:10249")) or "127.0.0.1:10249"
    if address.rpartition(":")[0].strip("[]") not in _LOOPBACK:
        yield f"metricsBindAddress of kube-proxy is {address}: its metrics answer the network"


def _profiling_is_off(component: tuple[str, ...]) -> Check:
    return flag_is_off(component, "profiling", "it shows what the process is doing, and slows it down")


_API_PROFILING, _MANAGER_PROFILING, _SCHEDULER_PROFILING = (
    _profiling_is_off(component) for component in (API_SERVER, CONTROLLER_MANAGER, SCHEDULER)
)
_MANAGER_BINDS, _SCHEDULER_BINDS = (
    _listens_on_the_loopback(component) for component in (CONTROLLER_MANAGER, SCHEDULER)
)
_OWN_ACCOUNTS: Final = flag_stays_on(
    CONTROLLER_MANAGER, "use-service-account-credentials", "every controller has the rights of all"
)
_SIGNING_KEY: Final = flags_keep_a_value(
    CONTROLLER_MANAGER, ("service-account-private-key-file",), "nobody signs service account tokens"
)
_ROOT_CA: Final = flags_keep_a_value(CONTROLLER_MANAGER, ("root-ca-file",), "pods cannot check the API server")

RULES: Final = (
    Rule(
        id="kubeadm-profiling",
        title="Nobody profiles the control plane of a kubeadm cluster.",
        severity=Severity.LOW,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.15", "cis-kubernetes:1.3.2", "cis-kubernetes:1.4.1", "pci-dss:2.2.4"),
        problem="What a process is doing, and what it holds, can be asked for, and asking slows it down.",
        remedy="set profiling to false in the extraArgs of apiServer, controllerManager and scheduler",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_API_PROFILING, _MANAGER_PROFILING, _SCHEDULER_PROFILING),
        shows={
            "cis-kubernetes:1.2.15": (_API_PROFILING,),
            "cis-kubernetes:1.3.2": (_MANAGER_PROFILING,),
            "cis-kubernetes:1.4.1": (_SCHEDULER_PROFILING,),
        },
    ),
    Rule(
        id="kubeadm-bind-address",
        title="The controller manager and the scheduler of a kubeadm cluster listen on the loopback address.",
        severity=Severity.LOW,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.3.7", "cis-kubernetes:1.4.2", "iso-27001:8.20", "pci-dss:1.3.1"),
        problem="One more port of the control plane that the network reaches.",
        remedy="leave bind-address out of their extraArgs: kubeadm sets 127.0.0.1",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_MANAGER_BINDS, _SCHEDULER_BINDS),
        shows={"cis-kubernetes:1.3.7": (_MANAGER_BINDS,), "cis-kubernetes:1.4.2": (_SCHEDULER_BINDS,)},
    ),
    Rule(
        id="kubeadm-controllers",
        title="The controllers of a kubeadm cluster have accounts and keys of their own, and clear up.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:1.3.1",
            "cis-kubernetes:1.3.3",
            "cis-kubernetes:1.3.4",
            "cis-kubernetes:1.3.5",
            "cis-kubernetes:1.3.6",
            "iso-27001:8.2",
            "pci-dss:7.2.5",
        ),
        problem="One controller has the rights of all, or etcd fills with ended pods.",
        remedy="set terminated-pod-gc-threshold, and leave kubeadm's own flags of the controller manager as they are",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_ended_pods_are_removed, _OWN_ACCOUNTS, _SIGNING_KEY, _ROOT_CA, _serving_certificates_are_renewed),
        shows={
            "cis-kubernetes:1.3.1": (_ended_pods_are_removed,),
            "cis-kubernetes:1.3.3": (_OWN_ACCOUNTS,),
            "cis-kubernetes:1.3.4": (_SIGNING_KEY,),
            "cis-kubernetes:1.3.5": (_ROOT_CA,),
            "cis-kubernetes:1.3.6": (_serving_certificates_are_renewed,),
        },
    ),
    Rule(
        id="kubeadm-request-timeout",
        title="Requests to the API server of a kubeadm cluster end.",
        severity=Severity.LOW,
        types=(COMMAND,),
        controls=("cis-kubernetes:1.2.20",),
        problem="Requests that hang take the API server's room until nobody gets an answer.",
        remedy="leave request-timeout out of apiServer.extraArgs (one minute), or set what slow clients need",
        source=SOURCE,
        speaks_of=is_control_plane,
        checks=(_requests_end,),
    ),
    Rule(
        id="kubeadm-proxy-metrics",
        title="kube-proxy's metrics stay on their host.",
        severity=Severity.LOW,
        types=(COMMAND,),
        controls=("cis-kubernetes:4.3.1", "iso-27001:8.20"),
        problem="Who reaches a node learns of all services and their traffic.",
        remedy="leave metricsBindAddress out of the KubeProxyConfiguration (127.0.0.1:10249)",
        source="kube-bench, cfg/cis-1.12/node.yaml at commit 0f317dfb, read 2026-11-29",
        speaks_of=is_control_plane,
        checks=(_proxy_metrics_stay_on_the_host,),
    ),
)
