"""What an Azure container registry must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path
from policies.rule import Resource, Rule, Severity

REGISTRY: Final = "azure-native:containerregistry:Registry"
_SOURCE: Final = "pulumi-azure-native 3.29.0, containerregistry.Registry, read 2026-11-29"
_OPEN_DOORS: Final = {
    "adminUserEnabled": "two passwords that all share may push and pull images",
    "anonymousPullEnabled": "anyone may pull images",
}


def _doors_are_closed(registry: Resource) -> Iterator[str]:
    for key, consequence in _OPEN_DOORS.items():
        if registry.inputs.is_true(key):
            yield f"{key} is on: {consequence}"


def _network_is_closed(registry: Resource) -> Iterator[str]:
    if registry.inputs.get("publicNetworkAccess", default="Enabled") == "Disabled":
        return
    if registry.inputs.get("networkRuleSet", "defaultAction", default="Allow") != "Deny":
        yield "publicNetworkAccess is not Disabled and networkRuleSet denies nothing: the whole internet may try"


def _with_closed_doors(registry: Resource) -> Iterator[tuple[Path, Any]]:
    yield from (((key,), False) for key in _OPEN_DOORS if registry.inputs.is_true(key))


RULES: Final = (
    Rule(
        id="azure-registry-users",
        title="An Azure container registry knows who pushes and pulls.",
        severity=Severity.HIGH,
        types=(REGISTRY,),
        controls=("cis-aks:5.1.2", "iso-27001:8.3", "pci-dss:7.2.2", "pci-dss:8.2.2", "soc-2:CC6.1", "isms-p:2.5.1"),
        problem="Whoever pushes an image runs code in the cluster; whoever pulls one reads what is in it.",
        remedy="set adminUserEnabled and anonymousPullEnabled to false",
        source=_SOURCE,
        checkov=("CKV_AZURE_137", "CKV_AZURE_138"),
        checks=(_doors_are_closed,),
        fix=_with_closed_doors,
    ),
    Rule(
        id="azure-registry-network",
        title="An Azure container registry answers named networks only.",
        severity=Severity.MEDIUM,
        types=(REGISTRY,),
        controls=("iso-27001:8.20", "pci-dss:1.3.1", "soc-2:CC6.6", "isms-p:2.6.1"),
        problem="A stolen token works from anywhere.",
        remedy="set publicNetworkAccess to Disabled, with a private endpoint, or networkRuleSet.defaultAction to Deny; "
        "both need the Premium tier, which is why this rule is not as severe as the one on users",
        source=_SOURCE,
        checkov=("CKV_AZURE_139",),
        checks=(_network_is_closed,),
    ),
)
