"""Who did what in a kubeadm cluster: the audit log, and the policy that says what goes into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from policies.rule import Resource, Rule, Severity
from policies.rules.kubeadm_hosts import (
    API_SERVER,
    COMMAND,
    SOURCE,
    at_least,
    component_flags,
    file_at,
    is_control_plane,
)

_KUBE_BENCH: Final = "kube-bench, cfg/cis-1.12/master.yaml at commit 0139daa5, read 2026-11-29"
_AUDIT_TYPES: Final = "k8s.io/apiserver v0.36.3, pkg/apis/audit/v1/types.go, read 2026-11-29"


def _audit_log_has_a_file(command: Resource) -> Iterator[str]:
    if not component_flags(command, API_SERVER).get("audit-log-path"):
        yield "audit-log-path is not set: nobody can say who did what"


def _audit_log_has_a_policy(command: Resource) -> Iterator[str]:
    if not component_flags(command, API_SERVER).get("audit-policy-file"):
        yield "audit-policy-file is not set: nothing is recorded"


@dataclass(frozen=True)
class _Request:
    """What somebody asks of the API; `bare` where the record must not hold what was sent or answered."""

    verb: str
    group: str
    resource: str
    bare: bool = False


_RECORDED: Final = (
    *(_Request(verb, "", "secrets", bare=True) for verb in ("get", "list", "create", "update", "delete")),
    _Request("create", "", "serviceaccounts/token", bare=True),
    _Request("create", "authentication.k8s.io", "tokenreviews", bare=True),
    _Request("update", "", "configmaps"),
    *(_Request("create", "", f"pods{part}") for part in ("", "/exec", "/attach", "/portforward", "/proxy")),
    _Request("get", "", "nodes/proxy"),
    _Request("get", "", "services/proxy"),
    _Request("delete", "apps", "deployments"),
    _Request("create", "rbac.authorization.k8s.io", "clusterrolebindings"),
)
_SOMEBODY: Final = ("somebody@example.com", "system:authenticated", "team")


def _policy_records_what_matters(command: Resource) -> Iterator[str]:
    path = component_flags(command, API_SERVER).get("audit-policy-file")
    if not path:
        return  # another rule says so
    for policy in file_at(command, path):
        rules = policy.get("rules", default=[])
        for request in _RECORDED:
            level = _level(rules, request)
            if level == "None":
                yield f"the audit policy does not record {request.verb} of {request.resource} by people"
            elif request.bare and level != "Metadata":
                yield f"the audit policy writes the content of {request.resource} to the log ({request.verb}: {level})"


def _level(rules: list[dict[str, Any]], request: _Request) -> str:
    """The level of the first rule that matches somebody's request, as the API server finds it."""
    user, group, namespace = _SOMEBODY
    for rule in rules:
        if (
            user in rule.get("users", [user])
            and group in rule.get("userGroups", [group])
            and namespace in rule.get("namespaces", [namespace])
            and request.verb in rule.get("verbs", [request.verb])
            and _names_it(rule, request)
        ):
            return str(rule.get("level"))
    return "None"


def _names_it(rule: dict[str, Any], request: _Request) -> bool:
    if "resources" not in rule:
        return "nonResourceURLs" not in rule
    resource, _, part = request.resource.partition("/")
    spelled = {"*", request.resource, f"*/{part}" if part else resource, f"{resource}/*" if part else resource}
    return any(
        of.get("group", "") == request.group
        and not of.get("resourceNames")
        and (not of.get("resources") or spelled & set(of["resources"]))
        for of in rule["resources"]
    )


_MAX_AGE: Final = at_least(API_SERVER, "audit-log-maxage", 30, "an attack is noticed later than its record is kept")
_MAX_BACKUP: Final = at_least(API_SERVER, "audit-log-maxbackup", 10, "whoever makes noise drives the record out")
_MAX_SIZE: Final = at_least(API_SERVER, "audit-log-maxsize", 100, "whoever makes noise drives the record out")

RULES: Final = (
    Rule(
        id="kubeadm-audit-log",
        title="A kubeadm cluster records who does what, and keeps the record.",
        severity=Severity.HIGH,
        types=(COMMAND,),
        controls=(
            "cis-kubernetes:1.2.16",
            "cis-kubernetes:1.2.17",
            "cis-kubernetes:1.2.18",
            "cis-kubernetes:1.2.19",
            "cis-kubernetes:3.2.1",
            "iso-27001:8.15",
            "pci-dss:10.2.1",
            "soc-2:CC7.2",
            "hipaa:164.312(b)",
            "nsa-cisa:8.0",
            "nsa-cisa:8.1",
            "nsa-cisa:8.2",
            "isms-p:2.9.4",
        ),
        problem="After an attack nobody can say what was done.",
        remedy="set audit-policy-file, audit-log-path, audit-log-maxage=30, audit-log-maxbackup=10 and "
        "audit-log-maxsize=100 in apiServer.extraArgs",
        source=f"{SOURCE}; {_KUBE_BENCH}",
        speaks_of=is_control_plane,
        checks=(_audit_log_has_a_file, _audit_log_has_a_policy, _MAX_AGE, _MAX_BACKUP, _MAX_SIZE),
        shows={
            "cis-kubernetes:1.2.16": (_audit_log_has_a_file,),
            "cis-kubernetes:1.2.17": (_MAX_AGE,),
            "cis-kubernetes:1.2.18": (_MAX_BACKUP,),
            "cis-kubernetes:1.2.19": (_MAX_SIZE,),
            "cis-kubernetes:3.2.1": (_audit_log_has_a_policy,),
            "nsa-cisa:8.0": (_audit_log_has_a_policy,),
            "nsa-cisa:8.1": (_audit_log_has_a_file,),
            "nsa-cisa:8.2": (_MAX_AGE, _MAX_BACKUP, _MAX_SIZE),
        },
    ),
    Rule(
        id="kubeadm-audit-policy",
        title="The audit policy of a kubeadm cluster records what matters, and no secret's content.",
        severity=Severity.MEDIUM,
        types=(COMMAND,),
        controls=("cis-kubernetes:3.2.2", "iso-27001:8.15", "pci-dss:10.2.1.2", "pci-dss:10.2.1.7"),
        problem="The one request that matters is missing from the record, or the record itself gives secrets away.",
        remedy="record secrets, tokens and token reviews at the level Metadata, and at least so what starts pods, "
        "reaches into them and gives rights; the first rule that matches decides",
        source=f"{_AUDIT_TYPES}; kube-bench, cfg/cis-1.12, 3.2.2: known, not read",
        speaks_of=is_control_plane,
        checks=(_policy_records_what_matters,),
    ),
)
