"""The mutation table of Azure's production stack."""

from __future__ import annotations

from typing import Final

from policies.rules.azure_access import AKS_CLUSTER
from policies.rules.azure_cluster import DIAGNOSTIC_SETTING
from policies.rules.azure_nodes import AGENT_POOL
from policies.rules.azure_registry import REGISTRY
from tests.policies.mutations import Mutation

_STACK: Final = "azure-aks-production"
_CLUSTER: Final = "production"

_OF_THE_CLUSTER: Final[dict[str, dict[str, object]]] = {
    "azure-no-public-api": {
        "apiServerAccessProfile.enablePrivateCluster": False,
        "apiServerAccessProfile.authorizedIPRanges": ["203.0.113.0/24"],
    },
    "azure-run-command": {"apiServerAccessProfile.disableRunCommand": False},
    "azure-local-accounts": {"disableLocalAccounts": False},
    "azure-entra": {"aadProfile.managed": False},
    "azure-rbac": {"aadProfile.enableAzureRBAC": False},
    "azure-workload-identity": {"securityProfile.workloadIdentity.enabled": False},
    "azure-network-policy": {"networkProfile.networkPolicy": "none"},
    "azure-upgrades": {"autoUpgradeProfile.nodeOSUpgradeChannel": "Unmanaged"},
    "azure-defender": {"securityProfile.defender.securityMonitoring.enabled": False},
    "azure-secrets-kms": {"securityProfile.azureKeyVaultKms.enabled": False},
    "azure-tier": {"sku.tier": "Free"},
    "azure-policy-add-on": {"addonProfiles.azurepolicy.enabled": False},
}

AZURE_MUTATIONS: Final = (
    *(Mutation(AKS_CLUSTER, {**changes}, (rule,), stack=_STACK) for rule, changes in _OF_THE_CLUSTER.items()),
    Mutation(
        AKS_CLUSTER,
        {"apiServerAccessProfile.enablePrivateCluster": False},
        ("azure-api-access", "azure-no-public-api"),
        stack=_STACK,
    ),
    Mutation(
        AKS_CLUSTER,
        {"addonProfiles.azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "true"}}},
        (),
        stack=_STACK,
        repairs=("azure-secrets-add-on",),
    ),
    Mutation(DIAGNOSTIC_SETTING, None, ("azure-audit-log",), stack=_STACK, elsewhere=(_CLUSTER,)),
    Mutation(AGENT_POOL, {"enableNodePublicIP": True}, ("azure-node-addresses",), stack=_STACK),
    Mutation(AGENT_POOL, {"enableEncryptionAtHost": False}, ("azure-node-disks",), stack=_STACK),
    Mutation(REGISTRY, {"adminUserEnabled": True}, ("azure-registry-users",), stack=_STACK),
    Mutation(REGISTRY, {"publicNetworkAccess": "Enabled"}, ("azure-registry-network",), stack=_STACK),
)
