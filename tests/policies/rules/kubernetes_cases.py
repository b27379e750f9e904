"""Cases of the Kubernetes rules."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from policies.properties import UNKNOWN
from policies.rule import Circumstances, Environment, Resource
from policies.rules.kubernetes_edges import INGRESS, SERVICE, STORAGE_CLASS
from policies.rules.kubernetes_namespaces import BINDINGS, ENFORCE, NAMESPACE, NETWORK_POLICY, ROLES, SERVICE_ACCOUNT
from policies.rules.kubernetes_pods import WORKLOADS
from tests.policies.cases import Case, StackCase, resource

_CONTEXT: Final = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_POD: Final[dict[str, Any]] = {
    "serviceAccountName": "api",
    "volumes": [{"name": "scratch", "emptyDir": {}}],
    "initContainers": [{"name": "migrate", "image": "registry.example/api:1.2", "securityContext": _CONTEXT}],
    "containers": [
        {
            "name": "api",
            "image": "registry.example/api@sha256:0f1e",
            "ports": [{"containerPort": 8080}],
            "securityContext": _CONTEXT,
        }
    ],
}
_LABEL: Final = ("metadata", "labels", ENFORCE)
_PRODUCTION: Final = Circumstances(environment=Environment.PROD)


def _workload(type_: str) -> tuple[dict[str, Any], str]:
    """A workload of a type that breaks no rule, and where its pods' specification is."""
    steps = WORKLOADS[type_]
    inputs: Any = copy.deepcopy(_POD)
    for step in reversed(steps):
        inputs = {step: inputs}
    return {**inputs, "metadata": {"namespace": "shop"}}, ".".join(steps)


def _pod_cases(type_: str) -> Iterator[Case]:
    yield from _pod_security_cases(type_)
    inputs, pod = _workload(type_)
    first, initial = f"{pod}.containers.0", f"{pod}.initContainers.0"
    yield Case(
        "kubernetes-default-token",
        type_,
        inputs,
        broken=({f"{pod}.serviceAccountName": None}, {f"{pod}.serviceAccountName": "default"}),
        unknown=(f"{pod}.serviceAccountName",),
    )
    yield Case(
        "kubernetes-image",
        type_,
        inputs,
        broken=(
            {f"{first}.image": "registry.example/api:latest"},
            {f"{initial}.image": "registry.example:5000/api"},
            {f"{first}.image": "elsewhere.example/api:1.2"},
        ),
        unknown=(f"{first}.image",),
        circumstances=Circumstances(registries=("registry.example",)),
    )
    yield Case(
        "kubernetes-default-namespace",
        type_,
        inputs,
        broken=({"metadata.namespace": "default"}, {"metadata.namespace": None}),
        unknown=("metadata.namespace",),
    )


def _pod_security_cases(type_: str) -> Iterator[Case]:
    inputs, pod = _workload(type_)
    first, initial = f"{pod}.containers.0", f"{pod}.initContainers.0"
    context = f"{first}.securityContext"
    yield Case(
        "kubernetes-privileged",
        type_,
        inputs,
        broken=(
            {f"{pod}.hostPID": True},
            {f"{pod}.hostNetwork": True},
            {f"{pod}.volumes": [{"hostPath": {"path": "/"}}]},
            {f"{initial}.securityContext.privileged": True},
            {f"{first}.ports.0.hostPort": 8080},
        ),
        unknown=(pod, f"{pod}.hostIPC", f"{pod}.volumes.0", f"{context}.privileged", f"{first}.ports"),
    )
    yield Case(
        "kubernetes-security-context",
        type_,
        inputs,
        broken=(
            {f"{context}.allowPrivilegeEscalation": None},
            {f"{context}.capabilities.drop": ["NET_RAW"]},
            {f"{initial}.securityContext.runAsNonRoot": None},
            {f"{context}.runAsNonRoot": False, f"{pod}.securityContext": {"runAsNonRoot": True}},
            {f"{initial}.securityContext.seccompProfile.type": "Unconfined"},
        ),
        unknown=(f"{context}.capabilities", f"{context}.seccompProfile.type", f"{pod}.containers"),
    )


CASES: Final = (
    *(case for type_ in WORKLOADS for case in _pod_cases(type_)),
    Case(
        "kubernetes-pod-security",
        NAMESPACE,
        {"metadata": {"name": "shop", "labels": {ENFORCE: "restricted"}}},
        broken=({_LABEL: "privileged"}, {_LABEL: None}, {"metadata": None}),
        unknown=(_LABEL, "metadata.labels"),
    ),
    Case(
        "kubernetes-service-account-token",
        SERVICE_ACCOUNT,
        {"automountServiceAccountToken": False},
        broken=({"automountServiceAccountToken": None}, {"automountServiceAccountToken": True}),
        unknown=("automountServiceAccountToken",),
    ),
    *(
        Case(
            "kubernetes-rights",
            type_,
            {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
            broken=({"rules.0.verbs": ["*"]}, {"rules.0.resources": ["pods", "*"]}),
            unknown=("rules", "rules.0.verbs"),
        )
        for type_ in ROLES
    ),
    *(
        Case(
            "kubernetes-rights",
            type_,
            {"roleRef": {"name": "view"}, "subjects": [{"kind": "Group", "name": "operators"}]},
            broken=(
                {"roleRef.name": "cluster-admin"},
                {"subjects.0.name": "system:masters"},
                {"subjects.0.name": "system:unauthenticated"},
            ),
            unknown=("roleRef.name", "subjects.0.name"),
        )
        for type_ in BINDINGS
    ),
    Case(
        "kubernetes-load-balancer",
        SERVICE,
        {
            "spec": {"type": "LoadBalancer"},
            "metadata": {"annotations": {"networking.gke.io/load-balancer-type": "Internal"}},
        },
        broken=({"metadata.annotations": None}, {"metadata.annotations": {"other": "internal"}}),
        unknown=("spec.type", "metadata.annotations"),
    ),
    Case("kubernetes-ingress-tls", INGRESS, {"spec": {"tls": [{}]}}, broken=({"spec.tls": []},), unknown=("spec.tls",)),
    Case(
        "kubernetes-storage-encryption",
        STORAGE_CLASS,
        {"provisioner": "ebs.csi.aws.com", "parameters": {"encrypted": "true"}},
        broken=({"parameters.encrypted": None}, {"parameters": None}),
        unknown=("provisioner", "parameters.encrypted"),
    ),
    Case(
        "kubernetes-storage-retention",
        STORAGE_CLASS,
        {"provisioner": "ebs.csi.aws.com", "reclaimPolicy": "Retain"},
        broken=({"reclaimPolicy": None}, {"reclaimPolicy": "Delete"}),
        unknown=("provisioner", "reclaimPolicy"),
        circumstances=_PRODUCTION,
    ),
)

_SHOP: Final = resource(NAMESPACE, {"metadata": {"name": "shop"}})
_AUTONAMED: Final = resource(NAMESPACE, {})
_OTHER: Final = resource(NAMESPACE, {"metadata": {"name": "other"}}, "other")


def _deny(namespace: Any, **spec: Any) -> Resource:
    everything: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress"]}
    inputs = {"metadata": {"namespace": namespace}, "spec": everything | spec}
    return resource(NETWORK_POLICY, inputs, "default-deny")


def _deny_in(namespace: Resource) -> Resource:
    """A policy that has its namespace from the object itself."""
    return replace(_deny(UNKNOWN), dependencies={"metadata": (namespace.urn,)})


STACK_CASES: Final = (
    StackCase(
        "kubernetes-default-deny",
        _SHOP,
        passing=(_deny("shop"),),
        broken=(
            (),
            (_deny("other"),),
            (_deny("shop", podSelector={"matchLabels": {"app": "api"}}),),
            (_deny("shop", ingress=[{}]),),
            (_deny("shop", policyTypes=["Egress"]),),
            (_OTHER, _deny_in(_OTHER)),
        ),
        unknown=((_deny(UNKNOWN),), (_deny("shop", ingress=UNKNOWN),)),
    ),
    StackCase(
        "kubernetes-default-deny",
        _AUTONAMED,
        passing=(_deny_in(_AUTONAMED),),
        broken=((_deny("shop"),),),
        unknown=((replace(_deny_in(_AUTONAMED), inputs=_deny(UNKNOWN, ingress=UNKNOWN).inputs),),),
    ),
)
