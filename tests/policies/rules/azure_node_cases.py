"""Cases of the Azure rules on nodes and registries."""

from __future__ import annotations

from typing import Final

from tests.policies.cases import Case

_AKS: Final = "azure-native:containerservice:ManagedCluster"
_POOL: Final = "azure-native:containerservice:AgentPool"
_REGISTRY: Final = "azure-native:containerregistry:Registry"
_ON_ITS_OWN: Final = {"enableNodePublicIP": False, "enableEncryptionAtHost": True}
_CLUSTER: Final = {"agentPoolProfiles": [{"name": "system", **_ON_ITS_OWN}]}

CASES: Final = (
    Case(
        "azure-node-addresses",
        _AKS,
        _CLUSTER,
        broken=({"agentPoolProfiles.0.enableNodePublicIP": True},),
        unknown=("agentPoolProfiles", "agentPoolProfiles.0", "agentPoolProfiles.0.enableNodePublicIP"),
    ),
    Case(
        "azure-node-addresses",
        _POOL,
        _ON_ITS_OWN,
        broken=({"enableNodePublicIP": True},),
        unknown=("enableNodePublicIP",),
    ),
    Case(
        "azure-node-disks",
        _AKS,
        _CLUSTER,
        broken=({"agentPoolProfiles.0.enableEncryptionAtHost": None},),
        unknown=("agentPoolProfiles.0.enableEncryptionAtHost",),
    ),
    Case(
        "azure-node-disks",
        _POOL,
        _ON_ITS_OWN,
        broken=({"enableEncryptionAtHost": False},),
        unknown=("enableEncryptionAtHost",),
    ),
    Case(
        "azure-registry-users",
        _REGISTRY,
        {"adminUserEnabled": False, "anonymousPullEnabled": False},
        broken=({"adminUserEnabled": True}, {"anonymousPullEnabled": True}),
        unknown=("adminUserEnabled", "anonymousPullEnabled"),
    ),
    Case(
        "azure-registry-network",
        _REGISTRY,
        {"publicNetworkAccess": "Disabled"},
        broken=({"publicNetworkAccess": "Enabled"}, {"publicNetworkAccess": None}),
        unknown=("publicNetworkAccess",),
    ),
    Case(
        "azure-registry-network",
        _REGISTRY,
        {"networkRuleSet": {"defaultAction": "Deny"}},
        broken=({"networkRuleSet": None}, {"networkRuleSet.defaultAction": "Allow"}),
        unknown=("networkRuleSet.defaultAction",),
    ),
    *(
        Case(
            rule,
            _AKS,
            {"sku": {"name": "Automatic"}, "agentPoolProfiles": [{"enableNodePublicIP": True}]},
            broken=({"sku.name": "Base"},),
            unknown=("sku.name", "agentPoolProfiles"),
        )
        for rule in ("azure-node-addresses", "azure-node-disks")
    ),
)
