"""What an AKS control plane guards, records, encrypts and keeps current."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path
from policies.rule import Environment, Resource, Rule, Severity, Stack, StackRule
from policies.rules.azure_access import AKS_CLUSTER, SOURCE, is_automatic

DIAGNOSTIC_SETTING: Final = "azure-native:monitor:DiagnosticSetting"
_AUDIT_CATEGORIES: Final = ("kube-audit", "kube-audit-admin")
_AUDIT_GROUPS: Final = ("audit", "allLogs")
_POLICY_ENGINES: Final = ("azure", "calico", "cilium")
_NODE_CHANNELS: Final = ("NodeImage", "SecurityPatch")
_GUARANTEED_TIERS: Final = ("Standard", "Premium")


def _network_policies_are_enforced(cluster: Resource) -> Iterator[str]:
    engine = cluster.inputs.get("networkProfile", "networkPolicy", default="none")
    if engine not in _POLICY_ENGINES and not is_automatic(cluster):
        yield f"networkProfile.networkPolicy is {engine}: network policies are accepted and do nothing"


def _versions_are_kept_current(cluster: Resource) -> Iterator[str]:
    channel = cluster.inputs.get("autoUpgradeProfile", "upgradeChannel", default="none")
    if channel == "none" and not is_automatic(cluster):
        yield "autoUpgradeProfile.upgradeChannel is none: nobody patches Kubernetes"


def _nodes_are_kept_current(cluster: Resource) -> Iterator[str]:
    channel = cluster.inputs.get("autoUpgradeProfile", "nodeOSUpgradeChannel", default="NodeImage")
    if channel not in _NODE_CHANNELS and not is_automatic(cluster):
        yield f"autoUpgradeProfile.nodeOSUpgradeChannel is {channel}: nobody patches the nodes' system"


def _with_channels(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_versions_are_kept_current(cluster)):
        yield ("autoUpgradeProfile", "upgradeChannel"), "patch"
    if any(_nodes_are_kept_current(cluster)):
        yield ("autoUpgradeProfile", "nodeOSUpgradeChannel"), "NodeImage"


def _audit_log_is_collected(cluster: Resource, stack: Stack) -> Iterator[str]:
    settings = list(stack.of_type(DIAGNOSTIC_SETTING))
    mine = [setting for setting in settings if cluster.urn in _clusters_behind(setting, stack)]
    if any(_collects_audit_log(setting) for setting in mine):
        return
    strangers = [setting for setting in settings if not _clusters_behind(setting, stack)]
    if any(_watches(setting, cluster) and _collects_audit_log(setting) for setting in strangers):
        return
    yield "no diagnostic setting of the stack collects kube-audit of this cluster: who did what is not kept"


def _clusters_behind(setting: Resource, stack: Stack) -> set[str]:
    return {cluster.urn for cluster in stack.fed_by(setting, "resourceUri", AKS_CLUSTER)}


def _watches(setting: Resource, cluster: Resource) -> bool:
    """Whether a setting that writes the cluster's id as text means this one."""
    return str(setting.inputs.get("resourceUri", default="")).endswith(f"/{cluster.inputs.get('resourceName')}")


def _collects_audit_log(setting: Resource) -> bool:
    return any(
        log.is_true("enabled")
        and (log.get("category") in _AUDIT_CATEGORIES or log.get("categoryGroup") in _AUDIT_GROUPS)
        for log in setting.inputs.items("logs")
    )


def _defender_watches(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("securityProfile", "defender", "securityMonitoring", "enabled"):
        yield "securityProfile.defender.securityMonitoring is off: nothing notices an attack while it runs"


def _secrets_have_a_key_of_ours(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("securityProfile", "azureKeyVaultKms", "enabled"):
        yield "securityProfile.azureKeyVaultKms is off: secrets in etcd are encrypted with Microsoft's key alone"


def _control_plane_is_guaranteed(cluster: Resource) -> Iterator[str]:
    if cluster.circumstances.environment is not Environment.PROD:
        return
    tier = cluster.inputs.get("sku", "tier", default="Free")
    if tier not in _GUARANTEED_TIERS and not is_automatic(cluster):
        yield f"sku.tier is {tier}: Microsoft promises no availability of a production cluster's API"


RULES: Final = (
    Rule(
        id="azure-network-policy",
        title="An AKS cluster enforces network policies.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=("cis-aks:5.4.4", "iso-27001:8.22", "pci-dss:1.4.1", "soc-2:CC6.6", "nsa-cisa:3.0", "isms-p:2.6.1"),
        problem="Every pod reaches every pod, whatever the namespaces' policies say.",
        remedy="set networkProfile.networkPolicy to cilium, calico or azure",
        source=SOURCE,
        checkov=("CKV_AZURE_7",),
        checks=(_network_policies_are_enforced,),
    ),
    Rule(
        id="azure-upgrades",
        title="An AKS cluster and its nodes are patched without being asked.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=("iso-27001:8.8", "pci-dss:6.3.3", "soc-2:CC7.1", "isms-p:2.10.8"),
        problem="Known vulnerabilities stay open until somebody remembers them.",
        remedy="set autoUpgradeProfile.upgradeChannel to patch and nodeOSUpgradeChannel to NodeImage or SecurityPatch",
        source=SOURCE,
        checkov=("CKV_AZURE_171",),
        checks=(_versions_are_kept_current, _nodes_are_kept_current),
        fix=_with_channels,
    ),
    StackRule(
        id="azure-audit-log",
        title="An AKS cluster's audit log is collected.",
        severity=Severity.HIGH,
        types=(AKS_CLUSTER,),
        controls=(
            "cis-aks:2.1.1",
            "iso-27001:8.15",
            "pci-dss:10.2.1",
            "pci-dss:10.2.1.2",
            "soc-2:CC7.2",
            "hipaa:164.312(b)",
            "nsa-cisa:8.1",
            "isms-p:2.9.4",
        ),
        problem="After an attack nobody can say what was done.",
        remedy="add a DiagnosticSetting with resourceUri = the cluster's id and an enabled log of category kube-audit "
        "or kube-audit-admin",
        source=f"{SOURCE}; monitor.DiagnosticSetting",
        checkov=("CKV_AZURE_4",),
        checks=(_audit_log_is_collected,),
    ),
    Rule(
        id="azure-defender",
        title="Defender watches an AKS cluster and what runs in it.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=("cis-aks:5.1.1", "iso-27001:8.16", "pci-dss:11.5.1", "soc-2:CC7.2", "isms-p:2.11.3"),
        problem="An attack is noticed after it, or never.",
        remedy="set securityProfile.defender.securityMonitoring.enabled and the workspace that Defender writes to",
        source=SOURCE,
        checks=(_defender_watches,),
    ),
    Rule(
        id="azure-secrets-kms",
        title="Secrets of an AKS cluster are encrypted with a key of one's own.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=(
            "cis-aks:5.3.1",
            "iso-27001:8.24",
            "pci-dss:3.6.1.2",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
            "nsa-cisa:6.1",
            "isms-p:2.7.2",
        ),
        problem="The key can be neither watched nor rotated nor taken away.",
        remedy="set securityProfile.azureKeyVaultKms with enabled and a keyId that the cluster's identity may use",
        source=SOURCE,
        checks=(_secrets_have_a_key_of_ours,),
    ),
    Rule(
        id="azure-tier",
        title="A production AKS cluster has a promised uptime.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=("iso-27001:8.14", "soc-2:A1.2", "isms-p:2.12.1"),
        problem="The API may be away for long without remedy.",
        remedy="set sku.tier to Standard or Premium",
        source=SOURCE,
        checkov=("CKV_AZURE_170",),
        checks=(_control_plane_is_guaranteed,),
    ),
)
