"""What pods must be, in themselves and in every object that makes them: the Pod Security Standards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Check, Resource, Rule, Severity

POD: Final = "kubernetes:core/v1:Pod"
CRON_JOB: Final = "kubernetes:batch/v1:CronJob"
_TEMPLATE: Final = ("spec", "template", "spec")
WORKLOADS: Final[Mapping[str, tuple[str, ...]]] = {
    POD: ("spec",),
    "kubernetes:apps/v1:DaemonSet": _TEMPLATE,
    "kubernetes:apps/v1:Deployment": _TEMPLATE,
    "kubernetes:apps/v1:ReplicaSet": _TEMPLATE,
    "kubernetes:apps/v1:StatefulSet": _TEMPLATE,
    "kubernetes:batch/v1:Job": _TEMPLATE,
    CRON_JOB: ("spec", "jobTemplate", "spec", "template", "spec"),
    "kubernetes:core/v1:ReplicationController": _TEMPLATE,
}
"""Every object that makes pods, and where their specification is in it."""
_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")
_SOURCE: Final = (
    'Pod Security Standards as learn.microsoft.com, "Enforce pod and container security", lists them;'
    " pulumi-kubernetes core.v1.PodSpecArgs; both read 2026-11-29"
)


def pod_of(workload: Resource) -> Properties:
    """The specification of a workload's pods."""
    return workload.inputs.at(*WORKLOADS[workload.type])


def containers_of(pod: Properties) -> list[Properties]:
    """All containers of a pod, the initial ones too."""
    return [container for kind in _CONTAINERS for container in pod.items(kind)]


def _in_each_container(check: Callable[[Properties], Iterator[str]]) -> Check:
    def in_each(workload: Resource) -> Iterator[str]:
        yield from each(containers_of(pod_of(workload)), check)

    return in_each


def _uses_no_host_namespace(workload: Resource) -> Iterator[str]:
    pod = pod_of(workload)
    yield from each((pod.at(name) for name in ("hostPID", "hostIPC", "hostNetwork")), _is_off)


def _is_off(flag: Properties) -> Iterator[str]:
    if flag.is_true():
        yield f"{flag.path} is on"


def _mounts_no_host_path(workload: Resource) -> Iterator[str]:
    yield from each(pod_of(workload).items("volumes"), _is_no_host_path)


def _is_no_host_path(volume: Properties) -> Iterator[str]:
    if volume.has("hostPath"):
        yield f"{volume.path} is the host's {volume.get('hostPath', 'path')}"


def _is_not_privileged(container: Properties) -> Iterator[str]:
    yield from _is_off(container.at("securityContext", "privileged"))


def _opens_no_host_port(container: Properties) -> Iterator[str]:
    yield from each(container.items("ports"), _is_no_host_port)


def _is_no_host_port(port: Properties) -> Iterator[str]:
    if port.get("hostPort", default=0):
        yield f"{port.path}.hostPort is {port.get('hostPort')}"


def _gains_no_rights(container: Properties) -> Iterator[str]:
    context = container.at("securityContext")
    if context.is_true("allowPrivilegeEscalation", default=True):
        yield f"{context.path}.allowPrivilegeEscalation is not false"


def _drops_all_capabilities(container: Properties) -> Iterator[str]:
    capabilities = container.at("securityContext", "capabilities")
    if "ALL" not in capabilities.get("drop", default=[]):
        yield f"{capabilities.path}.drop does not name ALL"


def _runs_as_somebody(workload: Resource) -> Iterator[str]:
    pod = pod_of(workload)
    yield from each(containers_of(pod), lambda container: _is_not_root(pod, container))


def _is_not_root(pod: Properties, container: Properties) -> Iterator[str]:
    if not _either(pod, container, "runAsNonRoot"):
        yield f"neither {container.path}.securityContext.runAsNonRoot nor the pod's is true"


def _has_a_seccomp_profile(workload: Resource) -> Iterator[str]:
    pod = pod_of(workload)
    yield from each(containers_of(pod), lambda container: _is_confined(pod, container))


def _is_confined(pod: Properties, container: Properties) -> Iterator[str]:
    if _either(pod, container, "seccompProfile", "type") not in ("RuntimeDefault", "Localhost"):
        yield f"neither {container.path}.securityContext.seccompProfile nor the pod's is RuntimeDefault or Localhost"


def _either(pod: Properties, container: Properties, *keys: str) -> Any:
    """What a container's security context says, else its pod's."""
    own = container.get("securityContext", *keys)
    return pod.get("securityContext", *keys) if own is None else own


def _confined(workload: Resource) -> Iterator[tuple[Path, Any]]:
    """What pods of the profile `restricted` say, wherever it is not said; a container that needs more then fails."""
    pod = pod_of(workload)
    for container in containers_of(pod):
        context = container.at("securityContext")
        if any(_gains_no_rights(container)):
            yield (*context.steps, "allowPrivilegeEscalation"), False
        if any(_drops_all_capabilities(container)):
            yield (*context.steps, "capabilities", "drop"), ["ALL"]
        if any(_is_not_root(pod, container)):
            yield (*context.steps, "runAsNonRoot"), True
        if any(_is_confined(pod, container)):
            yield (*context.steps, "seccompProfile", "type"), "RuntimeDefault"


def _states_whether_it_has_a_token(workload: Resource) -> Iterator[str]:
    pod = pod_of(workload)
    account = pod.get("serviceAccountName", default="default")
    if account == "default" and not pod.has("automountServiceAccountToken"):
        yield "its pods get the default service account's token; automountServiceAccountToken is not written"


RULES: Final = (
    Rule(
        id="kubernetes-privileged",
        title="Pods are not privileged and use nothing of their host.",
        severity=Severity.CRITICAL,
        types=tuple(WORKLOADS),
        controls=(
            *(f"cis-kubernetes:5.2.{number}" for number in (2, 3, 4, 5, 11, 12)),
            *(f"cis-eks:4.2.{number}" for number in (1, 2, 3, 4)),
            "cis-aks:4.2.1",
            "cis-aks:4.2.2",
            "cis-aks:4.2.3",
            "cis-aks:4.2.4",
            "nsa-cisa:1.2",
            "nsa-cisa:1.4",
            "nsa-cisa:1.5",
            "pci-dss:2.2.6",
            "isms-p:2.6.2",
        ),
        problem="Who takes such a pod has its node, and with it every other pod there.",
        remedy="remove privileged, hostPID, hostIPC, hostNetwork, hostPath volumes and hostPort",
        source=_SOURCE,
        checkov=("CKV_K8S_16", "CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19", "CKV_K8S_26"),
        checks=(
            _uses_no_host_namespace,
            _mounts_no_host_path,
            _in_each_container(_is_not_privileged),
            _in_each_container(_opens_no_host_port),
        ),
    ),
    Rule(
        id="kubernetes-security-context",
        title="Containers run as a user, confined, without capabilities and without a way to gain rights.",
        severity=Severity.HIGH,
        types=tuple(WORKLOADS),
        controls=(
            *(f"cis-kubernetes:5.2.{number}" for number in (6, 7, 8, 9)),
            "cis-kubernetes:5.6.2",
            "cis-kubernetes:5.6.3",
            "cis-eks:4.2.5",
            "cis-aks:4.2.5",
            "cis-aks:4.6.2",
            "cis-gke:4.6.2",
            "cis-gke:4.6.3",
            "nsa-cisa:1.0",
            "nsa-cisa:1.7",
            "nsa-cisa:1.10",
            "pci-dss:2.2.6",
        ),
        problem="A fault in the kernel or in the runtime is enough to leave the container.",
        remedy=(
            "in each securityContext: allowPrivilegeEscalation: false, capabilities: {drop: [ALL]},"
            " runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}"
        ),
        source=_SOURCE,
        checkov=("CKV_K8S_20", "CKV_K8S_23", "CKV_K8S_31", "CKV_K8S_37"),
        checks=(
            _in_each_container(_gains_no_rights),
            _in_each_container(_drops_all_capabilities),
            _runs_as_somebody,
            _has_a_seccomp_profile,
        ),
        fix=_confined,
    ),
    Rule(
        id="kubernetes-default-token",
        title="Pods get the default service account's token only where they say so.",
        severity=Severity.MEDIUM,
        types=tuple(WORKLOADS),
        controls=(
            "cis-kubernetes:5.1.5",
            "cis-kubernetes:5.1.6",
            "cis-eks:4.1.5",
            "cis-eks:4.1.6",
            "cis-aks:4.1.5",
            "cis-aks:4.1.6",
            "cis-gke:4.1.4",
            "cis-gke:4.1.5",
            "nsa-cisa:1.11",
        ),
        problem="A taken pod speaks to the Kubernetes API for all pods of its namespace.",
        remedy="name a service account of its own, or write automountServiceAccountToken: false (true where needed)",
        source=_SOURCE,
        checkov=("CKV_K8S_38",),
        checks=(_states_whether_it_has_a_token,),
    ),
)
