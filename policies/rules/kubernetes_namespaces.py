"""What namespaces, service accounts and rights in a cluster must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.properties import CannotTell, Path, Properties, each
from policies.rule import Check, Resource, Rule, Severity, Stack, StackRule

NAMESPACE: Final = "kubernetes:core/v1:Namespace"
SERVICE_ACCOUNT: Final = "kubernetes:core/v1:ServiceAccount"
NETWORK_POLICY: Final = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
_RBAC: Final = "kubernetes:rbac.authorization.k8s.io/v1:"
ROLES: Final = (f"{_RBAC}ClusterRole", f"{_RBAC}Role")
BINDINGS: Final = (f"{_RBAC}ClusterRoleBinding", f"{_RBAC}RoleBinding")
ENFORCE: Final = "pod-security.kubernetes.io/enforce"
_SAFE_PROFILES: Final = ("baseline", "restricted")
_NOBODY: Final = ("system:anonymous", "system:unauthenticated")
_SOURCE: Final = "Kubernetes documentation: known, not read; inputs' names of pulumi-kubernetes, read 2026-11-29"


def _enforces_pod_security(namespace: Resource) -> Iterator[str]:
    profile = namespace.inputs.get("metadata", "labels", ENFORCE, default="privileged")
    if profile not in _SAFE_PROFILES:
        yield f"the label {ENFORCE} is {profile}: any pod may take its node over"


def _with_pod_security(namespace: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_enforces_pod_security(namespace)):
        yield ("metadata", "labels", ENFORCE), "baseline"


def _hands_out_no_token(account: Resource) -> Iterator[str]:
    if account.inputs.is_true("automountServiceAccountToken", default=True):
        yield "automountServiceAccountToken is not false: every pod with this account has its token"


def _without_token(account: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_hands_out_no_token(account)):
        yield ("automountServiceAccountToken",), False


def _grants_named_things(subject: Resource) -> Iterator[str]:
    if subject.type in ROLES:
        yield from each(subject.inputs.items("rules"), _names_verbs_and_resources)


def _names_verbs_and_resources(rule: Properties) -> Iterator[str]:
    yield from each((rule.at("verbs"), rule.at("resources")), _has_no_star)


def _has_no_star(names: Properties) -> Iterator[str]:
    if "*" in names.get(default=[]):
        yield f'{names.path} has "*"'


def _binds_no_administrator(subject: Resource) -> Iterator[str]:
    if subject.type in BINDINGS and subject.inputs.get("roleRef", "name") == "cluster-admin":
        yield "it binds cluster-admin"


def _binds_known_people(subject: Resource) -> Iterator[str]:
    if subject.type in BINDINGS:
        yield from each(subject.inputs.items("subjects"), _is_somebody)


def _is_somebody(subject: Properties) -> Iterator[str]:
    name = subject.get("name")
    if name in _NOBODY:
        yield f"{subject.path} is {name}: whoever reaches the API has these rights"
    elif name == "system:masters":
        yield f"{subject.path} is system:masters, whose rights nothing can take back"


def _denies_by_default(namespace: Resource, stack: Stack) -> Iterator[str]:
    unknown: list[str] = []
    for policy in stack.of_type(NETWORK_POLICY):
        try:
            if _is_in(policy, namespace, stack) and _is_default_deny(policy.inputs.at("spec")):
                return
        except CannotTell as asked:
            unknown += [f"{path} of {policy.name}" for path in asked.paths]
    if unknown:
        raise CannotTell(*unknown)
    yield "no network policy of the stack denies what is not allowed: every pod reaches its pods"


def _is_in(policy: Resource, namespace: Resource, stack: Stack) -> bool:
    """Whether a policy stands in a namespace, by name or by the reference from which its metadata was computed."""
    if namespace.urn in {owner.urn for owner in stack.fed_by(policy, "metadata", NAMESPACE)}:
        return True
    if stack.fed_by(policy, "metadata", NAMESPACE) or not namespace.inputs.has("metadata", "name"):
        return False  # it is another's; or Pulumi makes this one's name, which then nobody can have written
    named, own = policy.inputs.get("metadata", "namespace"), namespace.inputs.get("metadata", "name")
    return bool(named == own)


def _is_default_deny(spec: Properties) -> bool:
    """Whether a policy selects every pod and lets nothing in."""
    selects_all = not spec.get("podSelector", default={})
    return selects_all and "Ingress" in spec.get("policyTypes", default=["Ingress"]) and not spec.items("ingress")


_RIGHTS_SHOW: Final[Mapping[str, tuple[Check, ...]]] = {
    **dict.fromkeys(
        ("cis-kubernetes:5.1.1", "cis-eks:4.1.1", "cis-aks:4.1.1", "cis-gke:4.1.1"), (_binds_no_administrator,)
    ),
    **dict.fromkeys(
        ("cis-kubernetes:5.1.3", "cis-eks:4.1.3", "cis-aks:4.1.3", "cis-gke:4.1.3"), (_grants_named_things,)
    ),
    **dict.fromkeys(
        ("cis-kubernetes:5.1.7", "cis-gke:4.1.6", "cis-gke:4.1.8", "cis-gke:4.1.9"), (_binds_known_people,)
    ),
}

RULES: Final = (
    Rule(
        id="kubernetes-pod-security",
        title="Namespaces enforce the Pod Security profile baseline or restricted.",
        severity=Severity.HIGH,
        types=(NAMESPACE,),
        controls=(
            "cis-kubernetes:5.2.1",
            "cis-gke:4.2.1",
            "pci-dss:2.2.6",
            "iso-27001:8.9",
            "isms-p:2.10.2",
        ),
        problem="Who may make pods in it may take the nodes.",
        remedy=f"label it {ENFORCE}: restricted, or baseline where a workload needs it",
        source=_SOURCE,
        checks=(_enforces_pod_security,),
        fix=_with_pod_security,
    ),
    Rule(
        id="kubernetes-service-account-token",
        title="Service accounts hand out no token by themselves.",
        severity=Severity.MEDIUM,
        types=(SERVICE_ACCOUNT,),
        controls=(
            "cis-kubernetes:5.1.5",
            "cis-kubernetes:5.1.6",
            "cis-eks:4.1.6",
            "cis-aks:4.1.6",
            "cis-gke:4.1.5",
            "nsa-cisa:1.11",
        ),
        problem="A taken pod that needs no Kubernetes API speaks to it.",
        remedy="set automountServiceAccountToken to false here, and to true in the pods that need the token",
        source=_SOURCE,
        checks=(_hands_out_no_token,),
        fix=_without_token,
    ),
    Rule(
        id="kubernetes-rights",
        title="Roles name verbs and resources, and nobody is bound to unbounded rights.",
        severity=Severity.HIGH,
        types=(*ROLES, *BINDINGS),
        controls=(
            *_RIGHTS_SHOW,
            "iso-27001:8.2",
            "pci-dss:7.2.2",
            "soc-2:CC6.3",
            "hipaa:164.312(a)(1)",
            "isms-p:2.5.5",
        ),
        problem="One account is the whole cluster.",
        remedy="write the verbs and resources that are needed; bind a role made for them",
        source=_SOURCE,
        checkov=("CKV_K8S_49",),
        shows=_RIGHTS_SHOW,
        checks=(_grants_named_things, _binds_no_administrator, _binds_known_people),
    ),
    StackRule(
        id="kubernetes-default-deny",
        title="Each namespace has a network policy that denies what no other one allows.",
        severity=Severity.MEDIUM,
        types=(NAMESPACE,),
        controls=(
            "cis-kubernetes:5.3.2",
            "cis-eks:4.3.2",
            "cis-aks:4.4.2",
            "cis-gke:4.3.2",
            "nsa-cisa:2.0",
            "iso-27001:8.22",
            "pci-dss:1.4.1",
            "soc-2:CC6.6",
            "isms-p:2.6.1",
        ),
        problem="Every pod of the cluster reaches every pod of the namespace.",
        remedy='make a NetworkPolicy in it with podSelector {} and policyTypes ["Ingress"]',
        source=_SOURCE,
        checks=(_denies_by_default,),
    ),
)
