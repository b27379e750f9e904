"""Who reaches the Kubernetes API of an AKS cluster, and as whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Resource, Rule, Severity
from policies.rules.ranges import is_the_internet

AKS_CLUSTER: Final = "azure-native:containerservice:ManagedCluster"
SOURCE: Final = "pulumi-azure-native 3.29.0, containerservice.ManagedCluster and its inputs, read 2026-11-29"


def is_automatic(cluster: Resource) -> bool:
    """Whether it is AKS Automatic, where AKS decides who signs in how, what nodes are and when they are upgraded.

    Source: MicrosoftDocs/azure-aks-docs, intro-aks-automatic.md of 2026-05-22 ("preconfigured"), read 2026-11-29.
    """
    return bool(cluster.inputs.get("sku", "name", default="Base") == "Automatic")


def _api_names_its_callers(cluster: Resource) -> Iterator[str]:
    access = cluster.inputs.at("apiServerAccessProfile")
    if access.is_true("enablePrivateCluster"):
        return
    ranges = access.items("authorizedIPRanges")
    if not ranges:
        yield (
            "the Kubernetes API answers the whole internet: apiServerAccessProfile has no authorizedIPRanges "
            "and enablePrivateCluster is off"
        )
    yield from each(ranges, _names_somebody)


def _names_somebody(entry: Properties) -> Iterator[str]:
    if is_the_internet(str(entry.get())):
        yield f"the Kubernetes API answers the whole internet: {entry.path} is {entry.get()}"


def _api_has_no_public_endpoint(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("apiServerAccessProfile", "enablePrivateCluster"):
        yield "apiServerAccessProfile.enablePrivateCluster is off: the Kubernetes API has a public address"


def _run_command_is_off(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true(*_RUN_COMMAND_OFF):
        yield "apiServerAccessProfile.disableRunCommand is off: Azure's API runs commands past the network's borders"


def _without_run_command(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_run_command_is_off(cluster)):
        yield _RUN_COMMAND_OFF, True


def _no_local_accounts(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("disableLocalAccounts") and not is_automatic(cluster):
        yield "disableLocalAccounts is off: whoever may list the cluster's credentials is its administrator for good"


def _without_local_accounts(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    """Where nobody could sign in through Entra ID instead, it would lock everyone out."""
    if any(_no_local_accounts(cluster)) and cluster.inputs.has("aadProfile"):
        yield ("disableLocalAccounts",), True


def _users_sign_in_through_entra(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("aadProfile", "managed") and not is_automatic(cluster):
        yield "aadProfile.managed is off: users do not sign in through Entra ID"


def _azure_rbac_decides(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("enableRBAC") and not is_automatic(cluster):
        yield "enableRBAC is off: everyone who signs in may do everything"
    if not cluster.inputs.is_true("aadProfile", "enableAzureRBAC") and not is_automatic(cluster):
        yield "aadProfile.enableAzureRBAC is off: no review of Azure sees who may do what"


def _workloads_have_identities(cluster: Resource) -> Iterator[str]:
    for keys in _without_identities(cluster):
        yield f"{'.'.join(keys)} is off: pods act as their node, or with a secret that never ends"


def _with_workload_identity(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    yield from ((keys, True) for keys in _without_identities(cluster))


def _without_identities(cluster: Resource) -> list[tuple[str, ...]]:
    off = [keys for keys in _WORKLOAD_IDENTITY if not cluster.inputs.is_true(*keys)]
    return [] if off and is_automatic(cluster) else off


_RUN_COMMAND_OFF: Final = ("apiServerAccessProfile", "disableRunCommand")
_WORKLOAD_IDENTITY: Final[tuple[tuple[str, ...], ...]] = (
    ("oidcIssuerProfile", "enabled"),
    ("securityProfile", "workloadIdentity", "enabled"),
)

RULES: Final = (
    Rule(
        id="azure-api-access",
        title="The Kubernetes API of an AKS cluster does not answer the whole internet.",
        severity=Severity.CRITICAL,
        types=(AKS_CLUSTER,),
        controls=(
            "cis-aks:5.4.1",
            "iso-27001:8.20",
            "pci-dss:1.3.1",
            "pci-dss:1.4.2",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
            "isms-p:2.6.1",
        ),
        problem="Anyone can try credentials and exploits on the control plane.",
        remedy="make the cluster private (apiServerAccessProfile.enablePrivateCluster, which replaces it), or name the "
        "callers' ranges in authorizedIPRanges",
        source=SOURCE,
        checkov=("CKV_AZURE_6",),
        checks=(_api_names_its_callers,),
    ),
    Rule(
        id="azure-no-public-api",
        title="The Kubernetes API of an AKS cluster has no public endpoint.",
        severity=Severity.LOW,
        types=(AKS_CLUSTER,),
        controls=("cis-aks:5.4.2",),
        problem="A stolen credential works wherever a named range reaches, and a slip in the ranges opens the API.",
        remedy="set apiServerAccessProfile.enablePrivateCluster to true, which replaces the cluster, and deploy from "
        "inside the network",
        source=SOURCE,
        checkov=("CKV_AZURE_115",),
        checks=(_api_has_no_public_endpoint,),
    ),
    Rule(
        id="azure-run-command",
        title="Nobody runs commands in an AKS cluster past its network.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=("cis-aks:5.4.1", "iso-27001:8.18", "isms-p:2.6.6"),
        problem="`az aks command invoke` gets around a private endpoint and the named ranges.",
        remedy="set apiServerAccessProfile.disableRunCommand to true",
        source=SOURCE,
        checks=(_run_command_is_off,),
        fix=_without_run_command,
    ),
    Rule(
        id="azure-local-accounts",
        title="An AKS cluster has no local accounts.",
        severity=Severity.HIGH,
        types=(AKS_CLUSTER,),
        controls=(
            "cis-aks:5.5.1",
            "iso-27001:5.16",
            "pci-dss:8.2.1",
            "soc-2:CC6.1",
            "hipaa:164.312(a)(2)(i)",
            "isms-p:2.5.1",
        ),
        problem="A certificate of the group system:masters can be fetched; it names nobody and cannot be taken back.",
        remedy="set disableLocalAccounts to true, after aadProfile names the administrators' groups",
        source=SOURCE,
        checkov=("CKV_AZURE_141",),
        checks=(_no_local_accounts,),
        fix=_without_local_accounts,
    ),
    Rule(
        id="azure-entra",
        title="Users of an AKS cluster sign in through Entra ID.",
        severity=Severity.HIGH,
        types=(AKS_CLUSTER,),
        controls=(
            "cis-aks:5.5.1",
            "iso-27001:8.5",
            "pci-dss:8.3.1",
            "soc-2:CC6.1",
            "hipaa:164.312(d)",
            "isms-p:2.5.1",
            "isms-p:2.5.3",
        ),
        problem="Access is not tied to people, their second factor and their leaving.",
        remedy="set aadProfile.managed to true and adminGroupObjectIDs to the administrators' groups",
        source=SOURCE,
        checks=(_users_sign_in_through_entra,),
    ),
    Rule(
        id="azure-rbac",
        title="Azure RBAC decides what users of an AKS cluster may do.",
        severity=Severity.HIGH,
        types=(AKS_CLUSTER,),
        controls=(
            "cis-aks:5.5.2",
            "iso-27001:5.15",
            "pci-dss:7.2.1",
            "pci-dss:7.3.1",
            "soc-2:CC6.3",
            "hipaa:164.312(a)(1)",
            "nsa-cisa:7.1",
            "isms-p:2.5.1",
        ),
        problem="Rights are written in the cluster alone, or not asked at all.",
        remedy="set enableRBAC, which is fixed when a cluster is made, and aadProfile.enableAzureRBAC to true",
        source=SOURCE,
        checkov=("CKV_AZURE_5",),
        checks=(_azure_rbac_decides,),
    ),
    Rule(
        id="azure-workload-identity",
        title="Workloads of an AKS cluster have identities of their own.",
        severity=Severity.MEDIUM,
        types=(AKS_CLUSTER,),
        controls=("cis-aks:5.2.1", "iso-27001:5.17", "pci-dss:7.2.5", "pci-dss:8.6.2", "soc-2:CC6.3", "isms-p:2.5.5"),
        problem="One compromised pod has what its whole node has, or a secret that works from anywhere.",
        remedy="set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true",
        source=SOURCE,
        checks=(_workloads_have_identities,),
        fix=_with_workload_identity,
    ),
)
