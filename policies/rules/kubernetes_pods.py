"""What pods must be, in themselves and in every object that makes them: the Pod Security Standards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from policies.properties import CannotTell, Path, Properties, each
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
CHART: Final = "kubernetes:helm.sh/v3:Release"
"""What makes objects that no plan holds: Helm renders them during the update. Their pods must not pass unseen."""
_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")
_SOURCE: Final = (
    'Pod Security Standards as learn.microsoft.com, "Enforce pod and container security", lists them;'
    " pulumi-kubernetes core.v1.PodSpecArgs; both read 2026-11-29"
)


def pod_of(workload: Resource) -> Properties:
    """The specification of a workload's pods.

    Raises:
        CannotTell: it is a chart.
    """
    if workload.type == CHART:
        raise CannotTell("chart", why="rendered by Helm during the update, and no plan holds its pods")
    return workload.inputs.at(*WORKLOADS[workload.type])


def containers_of(pod: Properties) -> list[Properties]:
    """All containers of a pod, the initial ones too."""
    return [container for kind in _CONTAINERS for container in pod.items(kind)]


def _in_each_container(check: Callable[[Properties], Iterator[str]]) -> Check:
    def in_each(workload: Resource) -> Iterator[str]:
        yield from each(containers_of(pod_of(workload)), check)

    return in_each


def _leaves_off(flag: str) -> Check:
    def leaves_off(workload: Resource) -> Iterator[str]:
        yield from _is_off(pod_of(workload).at(flag))

    return leaves_off


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


_NO_HOST_PROCESSES: Final = _leaves_off("hostPID")
_NO_HOST_IPC: Final = _leaves_off("hostIPC")
_NO_HOST_NETWORK: Final = _leaves_off("hostNetwork")
_NOT_PRIVILEGED: Final = _in_each_container(_is_not_privileged)
_NO_HOST_PORT: Final = _in_each_container(_opens_no_host_port)
_NO_GAIN: Final = _in_each_container(_gains_no_rights)
_NO_CAPABILITIES: Final = _in_each_container(_drops_all_capabilities)
_PRIVILEGED_SHOWS: Final[Mapping[str, tuple[Check, ...]]] = {
    **dict.fromkeys(("cis-kubernetes:5.2.2", "cis-eks:4.2.1", "cis-aks:4.2.1", "nsa-cisa:1.2"), (_NOT_PRIVILEGED,)),
    **dict.fromkeys(("cis-kubernetes:5.2.3", "cis-eks:4.2.2", "cis-aks:4.2.2", "nsa-cisa:1.4"), (_NO_HOST_PROCESSES,)),
    **dict.fromkeys(("cis-kubernetes:5.2.4", "cis-eks:4.2.3", "cis-aks:4.2.3"), (_NO_HOST_IPC,)),
    **dict.fromkeys(("cis-kubernetes:5.2.5", "cis-eks:4.2.4", "cis-aks:4.2.4", "nsa-cisa:1.5"), (_NO_HOST_NETWORK,)),
    "cis-kubernetes:5.2.11": (_mounts_no_host_path,),
    "cis-kubernetes:5.2.12": (_NO_HOST_PORT,),
}
_CONTEXT_SHOWS: Final[Mapping[str, tuple[Check, ...]]] = {
    **dict.fromkeys(("cis-kubernetes:5.2.6", "cis-eks:4.2.5", "cis-aks:4.2.5", "nsa-cisa:1.7"), (_NO_GAIN,)),
    **dict.fromkeys(("cis-kubernetes:5.2.7", "nsa-cisa:1.0"), (_runs_as_somebody,)),
    **dict.fromkeys(("cis-kubernetes:5.2.8", "cis-kubernetes:5.2.9"), (_NO_CAPABILITIES,)),
    **dict.fromkeys(("cis-kubernetes:5.6.2", "cis-gke:4.6.2", "nsa-cisa:1.10"), (_has_a_seccomp_profile,)),
}

RULES: Final = (
    Rule(
        id="kubernetes-privileged",
        title="Pods are not privileged and use nothing of their host.",
        severity=Severity.CRITICAL,
        types=(*WORKLOADS, CHART),
        controls=(*_PRIVILEGED_SHOWS, "pci-dss:2.2.6", "isms-p:2.6.2"),
        problem="Who takes such a pod has its node, and with it every other pod there.",
        remedy="remove privileged, hostPID, hostIPC, hostNetwork, hostPath volumes and hostPort",
        source=_SOURCE,
        checkov=("CKV_K8S_16", "CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19", "CKV_K8S_26", "CKV_K8S_27"),
        checks=(
            _NO_HOST_PROCESSES,
            _NO_HOST_IPC,
            _NO_HOST_NETWORK,
            _mounts_no_host_path,
            _NOT_PRIVILEGED,
            _NO_HOST_PORT,
        ),
        shows=_PRIVILEGED_SHOWS,
    ),
    Rule(
        id="kubernetes-security-context",
        title="Containers run as a user, confined, without capabilities and without a way to gain rights.",
        severity=Severity.HIGH,
        types=(*WORKLOADS, CHART),
        controls=(*_CONTEXT_SHOWS, "cis-kubernetes:5.6.3", "cis-aks:4.6.2", "cis-gke:4.6.3", "pci-dss:2.2.6"),
        problem="A fault in the kernel or in the runtime is enough to leave the container.",
        remedy=(
            "in each securityContext: allowPrivilegeEscalation: false, capabilities: {drop: [ALL]},"
            " runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}"
        ),
        source=_SOURCE,
        checkov=("CKV_K8S_20", "CKV_K8S_23", "CKV_K8S_28", "CKV_K8S_31", "CKV_K8S_37"),
        checks=(
            _NO_GAIN,
            _NO_CAPABILITIES,
            _runs_as_somebody,
            _has_a_seccomp_profile,
        ),
        shows=_CONTEXT_SHOWS,
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
