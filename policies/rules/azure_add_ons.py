"""What an AKS cluster takes from Azure: rules for its pods, and their secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path, Properties
from policies.rule import Resource, Rule, Severity
from policies.rules.azure_access import AKS_CLUSTER, SOURCE, is_automatic

_SOURCE: Final = f"{SOURCE}; the add-ons' names as checkov 3.3.30 reads them"
_VAULT: Final = "azureKeyvaultSecretsProvider"


def _add_on(cluster: Resource, name: str) -> Properties:
    """An add-on by its name, which AKS takes in any case."""
    add_ons = cluster.inputs.entries("addonProfiles")
    written = next((key for key in add_ons if key.lower() == name.lower()), name)
    return cluster.inputs.at("addonProfiles", written)


def _policy_add_on_is_on(cluster: Resource) -> Iterator[str]:
    if not _add_on(cluster, "azurepolicy").is_true("enabled") and not is_automatic(cluster):
        yield "addonProfiles.azurepolicy is off: Azure Policy cannot refuse a pod that breaks the rules"


def _secrets_come_from_a_vault(cluster: Resource) -> Iterator[str]:
    add_on = _add_on(cluster, _VAULT)
    if not add_on.is_true("enabled"):
        yield "addonProfiles.azureKeyvaultSecretsProvider is off: pods cannot read secrets from a key vault"
    elif not add_on.is_true("config", "enableSecretRotation"):
        yield "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation is off: pods keep old secrets"


def _with_policy_add_on(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_policy_add_on_is_on(cluster)):
        yield (*_add_on(cluster, "azurepolicy").steps, "enabled"), True


def _with_secrets_add_on(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_secrets_come_from_a_vault(cluster)):
        vault = _add_on(cluster, _VAULT).steps
        yield (*vault, "enabled"), True
        yield (*vault, "config", "enableSecretRotation"), "true"


RULES: Final = (
    Rule(
        id="azure-policy-add-on",
        title="Azure Policy holds the pods of an AKS cluster to rules.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=(
            "cis-aks:4.2.1",
            "cis-aks:4.2.2",
            "cis-aks:4.2.3",
            "cis-aks:4.2.4",
            "cis-aks:4.2.5",
            "pci-dss:2.2.6",
            "isms-p:2.10.2",
        ),
        problem="Nothing outside the cluster can refuse a pod that breaks the rules.",
        remedy="set addonProfiles.azurepolicy.enabled to true",
        source=_SOURCE,
        checkov=("CKV_AZURE_116",),
        checks=(_policy_add_on_is_on,),
        fix=_with_policy_add_on,
    ),
    Rule(
        id="azure-secrets-add-on",
        title="Pods of an AKS cluster take their secrets from a key vault, renewed.",
        severity=Severity.LOW,
        types=(AKS_CLUSTER,),
        controls=("cis-aks:4.5.2", "iso-27001:5.17"),
        problem="Secrets live in manifests, and a renewed one does not reach the pods.",
        remedy="enable the add-on azureKeyvaultSecretsProvider, with config.enableSecretRotation",
        source=_SOURCE,
        checkov=("CKV_AZURE_172",),
        checks=(_secrets_come_from_a_vault,),
        fix=_with_secrets_add_on,
    ),
)
