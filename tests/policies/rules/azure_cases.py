"""Cases of the Azure rules on clusters."""

from __future__ import annotations

from typing import Any, Final

from policies.properties import UNKNOWN
from policies.rule import Circumstances, Environment, Resource
from tests.policies.cases import Case, StackCase, resource

_AKS: Final = "azure-native:containerservice:ManagedCluster"
_SETTING: Final = "azure-native:monitor:DiagnosticSetting"
_ID: Final = "/subscriptions/1/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/platform"

_CLUSTER: Final[dict[str, Any]] = {
    "resourceName": "platform",
    "apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"], "disableRunCommand": True},
    "disableLocalAccounts": True,
    "enableRBAC": True,
    "aadProfile": {"managed": True, "enableAzureRBAC": True},
    "networkProfile": {"networkPolicy": "cilium"},
    "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
    "oidcIssuerProfile": {"enabled": True},
    "securityProfile": {
        "workloadIdentity": {"enabled": True},
        "azureKeyVaultKms": {"enabled": True, "keyId": UNKNOWN},
        "defender": {"securityMonitoring": {"enabled": True}},
    },
    "addonProfiles": {
        "azurepolicy": {"enabled": True},
        "azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "true"}},
    },
    "sku": {"name": "Base", "tier": "Standard"},
}

_OURS: Final = {
    "azure-local-accounts": (),
    "azure-entra": ("aadProfile",),
    "azure-rbac": ("aadProfile", "enableRBAC"),
    "azure-workload-identity": ("oidcIssuerProfile",),
    "azure-network-policy": ("networkProfile",),
    "azure-upgrades": ("autoUpgradeProfile",),
    "azure-policy-add-on": ("addonProfiles",),
    "azure-tier": ("sku.tier",),
}
"""What AKS Automatic decides, by rule, and other inputs on which the rule's answer depends."""
_AUTOMATIC: Final = tuple(
    Case(
        rule,
        _AKS,
        {"sku": {"name": "Automatic"}},
        broken=({"sku.name": "Base"}, {"sku": None}),
        unknown=("sku.name", *inputs),
        circumstances=Circumstances(environment=Environment.PROD),
    )
    for rule, inputs in _OURS.items()
)

CASES: Final = (
    *_AUTOMATIC,
    Case(
        "azure-api-access",
        _AKS,
        _CLUSTER,
        broken=(
            {"apiServerAccessProfile": None},
            {"apiServerAccessProfile.authorizedIPRanges": []},
            {"apiServerAccessProfile.authorizedIPRanges": ["203.0.113.0/24", "0.0.0.0/0"]},
            {"apiServerAccessProfile.authorizedIPRanges": ["0.0.0.0/1", "128.0.0.0/1"]},
        ),
        unknown=(
            "apiServerAccessProfile",
            "apiServerAccessProfile.enablePrivateCluster",
            "apiServerAccessProfile.authorizedIPRanges",
            "apiServerAccessProfile.authorizedIPRanges.0",
        ),
    ),
    Case(
        "azure-api-access",
        _AKS,
        {"apiServerAccessProfile": {"enablePrivateCluster": True}},
        broken=({"apiServerAccessProfile.enablePrivateCluster": False},),
        unknown=("apiServerAccessProfile.enablePrivateCluster",),
    ),
    Case(
        "azure-local-accounts",
        _AKS,
        _CLUSTER,
        broken=(
            {"disableLocalAccounts": False},
            {"disableLocalAccounts": None},
            {"disableLocalAccounts": False, "aadProfile": None},
        ),
        unknown=("disableLocalAccounts",),
    ),
    Case(
        "azure-entra",
        _AKS,
        _CLUSTER,
        broken=({"aadProfile": None}, {"aadProfile.managed": None}, {"aadProfile.managed": False}),
        unknown=("aadProfile", "aadProfile.managed"),
    ),
    Case(
        "azure-rbac",
        _AKS,
        _CLUSTER,
        broken=({"enableRBAC": False}, {"aadProfile": None}, {"aadProfile.enableAzureRBAC": False}),
        unknown=("enableRBAC", "aadProfile", "aadProfile.enableAzureRBAC"),
    ),
    Case(
        "azure-network-policy",
        _AKS,
        _CLUSTER,
        broken=({"networkProfile": None}, {"networkProfile.networkPolicy": "none"}),
        unknown=("networkProfile", "networkProfile.networkPolicy"),
    ),
    Case(
        "azure-upgrades",
        _AKS,
        _CLUSTER,
        broken=(
            {"autoUpgradeProfile": None},
            {"autoUpgradeProfile.upgradeChannel": "none"},
            {"autoUpgradeProfile.nodeOSUpgradeChannel": "Unmanaged"},
            {"autoUpgradeProfile.nodeOSUpgradeChannel": "None"},
        ),
        unknown=("autoUpgradeProfile", "autoUpgradeProfile.upgradeChannel", "autoUpgradeProfile.nodeOSUpgradeChannel"),
    ),
    Case(
        "azure-secrets-kms",
        _AKS,
        _CLUSTER,
        broken=({"securityProfile": None}, {"securityProfile.azureKeyVaultKms.enabled": False}),
        unknown=("securityProfile", "securityProfile.azureKeyVaultKms.enabled"),
    ),
    Case(
        "azure-workload-identity",
        _AKS,
        _CLUSTER,
        broken=({"oidcIssuerProfile": None}, {"securityProfile.workloadIdentity.enabled": False}),
        unknown=("oidcIssuerProfile.enabled", "securityProfile.workloadIdentity"),
    ),
    Case(
        "azure-policy-add-on",
        _AKS,
        _CLUSTER,
        broken=({"addonProfiles": None}, {"addonProfiles.azurepolicy.enabled": False}),
        unknown=("addonProfiles", "addonProfiles.azurepolicy.enabled"),
    ),
    Case(
        "azure-secrets-add-on",
        _AKS,
        _CLUSTER,
        broken=(
            {"addonProfiles": None},
            {"addonProfiles.azureKeyvaultSecretsProvider.enabled": False},
            {"addonProfiles.azureKeyvaultSecretsProvider.config": None},
        ),
        unknown=("addonProfiles", "addonProfiles.azureKeyvaultSecretsProvider"),
    ),
    Case(
        "azure-policy-add-on",
        _AKS,
        {"addonProfiles": {"azurePolicy": {"enabled": True}}},
        broken=({"addonProfiles.azurePolicy.enabled": False},),
        unknown=("addonProfiles.azurePolicy.enabled",),
    ),
    Case(
        "azure-tier",
        _AKS,
        _CLUSTER,
        broken=({"sku": None}, {"sku.tier": "Free"}),
        unknown=("sku", "sku.tier"),
        circumstances=Circumstances(environment=Environment.PROD),
    ),
    Case(
        "azure-run-command",
        _AKS,
        _CLUSTER,
        broken=({"apiServerAccessProfile.disableRunCommand": False}, {"apiServerAccessProfile": None}),
        unknown=("apiServerAccessProfile.disableRunCommand",),
    ),
    Case(
        "azure-no-public-api",
        _AKS,
        {"apiServerAccessProfile": {"enablePrivateCluster": True}},
        broken=({"apiServerAccessProfile.enablePrivateCluster": False}, {"apiServerAccessProfile": None}),
        unknown=("apiServerAccessProfile", "apiServerAccessProfile.enablePrivateCluster"),
    ),
    Case(
        "azure-defender",
        _AKS,
        _CLUSTER,
        broken=({"securityProfile": None}, {"securityProfile.defender.securityMonitoring.enabled": False}),
        unknown=("securityProfile.defender",),
    ),
)


def _cluster(**changes: Any) -> Resource:
    return resource(_AKS, {**_CLUSTER, **changes})


def _setting(of: Any = UNKNOWN, *, fed: bool = True, logs: Any = None) -> Resource:
    """A diagnostic setting of the subject, or of what `of` names."""
    audit = [{"category": "kube-audit-admin", "enabled": True}] if logs is None else logs
    inputs = {"resourceUri": of, "logs": audit}
    dependencies = {"resourceUri": (_cluster().urn,)} if fed else {}
    return resource(_SETTING, inputs, name="audit", dependencies=dependencies)


STACK_CASES: Final = (
    StackCase(
        "azure-audit-log",
        _cluster(),
        passing=(_setting(),),
        broken=(
            (),
            (_setting(logs=[{"category": "kube-audit", "enabled": False}]),),
            (_setting(logs=[{"category": "kube-apiserver", "enabled": True}]),),
            (_setting(f"{_ID}-2", fed=False),),
        ),
        unknown=(
            (_setting(logs=UNKNOWN),),
            (_setting(fed=False),),
        ),
    ),
    StackCase(
        "azure-audit-log",
        _cluster(),
        passing=(_setting(_ID, fed=False, logs=[{"categoryGroup": "allLogs", "enabled": True}]),),
        broken=((_setting(_ID, fed=False, logs=[]),),),
        unknown=((_setting(_ID, fed=False, logs=[{"category": UNKNOWN, "enabled": True}]),),),
    ),
)
