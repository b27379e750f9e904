"""Who reaches the Kubernetes API of a GKE cluster, and as whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Resource, Rule, Severity
from policies.rules.ranges import is_the_internet

GKE_CLUSTER: Final = "gcp:container/cluster:Cluster"
SOURCE: Final = "pulumi-gcp 10.2.0, container.Cluster, container.NodePool and their inputs, read 2026-11-29"


def is_autopilot(cluster: Resource) -> bool:
    """Whether Google decides what nodes are and what the cluster's network does."""
    return cluster.inputs.is_true("enableAutopilot")


def _api_names_its_callers(cluster: Resource) -> Iterator[str]:
    """The DNS endpoint stays out of it: IAM stands before it."""
    if not cluster.inputs.is_true("controlPlaneEndpointsConfig", "ipEndpointsConfig", "enabled", default=True):
        return
    if cluster.inputs.is_true("privateClusterConfig", "enablePrivateEndpoint"):
        return
    if not cluster.inputs.has("masterAuthorizedNetworksConfig"):
        yield "the Kubernetes API answers the whole internet: masterAuthorizedNetworksConfig is not set"
    yield from each(cluster.inputs.items("masterAuthorizedNetworksConfig", "cidrBlocks"), _names_somebody)


def _names_somebody(block: Properties) -> Iterator[str]:
    if is_the_internet(str(block.get("cidrBlock"))):
        yield f"the Kubernetes API answers the whole internet: {block.path}.cidrBlock is {block.get('cidrBlock')}"


def _googles_customers_are_strangers(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("masterAuthorizedNetworksConfig", "gcpPublicCidrsAccessEnabled"):
        yield "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled is on: any customer of Google Cloud may try"


def _strangers_see_health_alone(cluster: Resource) -> Iterator[str]:
    mode = cluster.inputs.get("anonymousAuthenticationConfig", "mode", default="not set")
    if mode != "LIMITED":
        yield f"anonymousAuthenticationConfig.mode is {mode}: a wrong binding opens the cluster to people without names"


def _old_doors_are_shut(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("enableLegacyAbac"):
        yield "enableLegacyAbac is on: every service account may do everything, whatever RBAC says"
    if cluster.inputs.is_true("masterAuth", "clientCertificateConfig", "issueClientCertificate"):
        yield "masterAuth.clientCertificateConfig.issueClientCertificate is on: a certificate that cannot be taken back"


def _with_doors_shut(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    """To stop issuing a client certificate replaces the cluster, so that stays."""
    if any(_strangers_see_health_alone(cluster)):
        yield ("anonymousAuthenticationConfig", "mode"), "LIMITED"
    if cluster.inputs.is_true("enableLegacyAbac"):
        yield ("enableLegacyAbac",), False


def _groups_carry_rights(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.has("authenticatorGroupsConfig", "securityGroup"):
        yield "authenticatorGroupsConfig.securityGroup is not set: rights are given to persons one by one"


def _no_alpha(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("enableKubernetesAlpha"):
        yield "enableKubernetesAlpha is on: Google deletes the cluster after 30 days, and never patches it"


RULES: Final = (
    Rule(
        id="gcp-api-access",
        title="The Kubernetes API of a GKE cluster does not answer the whole internet.",
        severity=Severity.CRITICAL,
        types=(GKE_CLUSTER,),
        controls=(
            "cis-gke:5.6.3",
            "cis-gke:5.6.4",
            "iso-27001:8.20",
            "pci-dss:1.3.1",
            "pci-dss:1.4.2",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
            "isms-p:2.6.1",
        ),
        problem="Anyone can try credentials and exploits on the control plane.",
        remedy="set privateClusterConfig.enablePrivateEndpoint to true, or turn the IP endpoints off and use the DNS "
        "endpoint, or name the callers' ranges in masterAuthorizedNetworksConfig.cidrBlocks",
        source=SOURCE,
        checkov=("CKV_GCP_18", "CKV_GCP_20"),
        checks=(_api_names_its_callers, _googles_customers_are_strangers),
    ),
    Rule(
        id="gcp-legacy-authentication",
        title="A GKE cluster authenticates nobody in the old ways.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER,),
        controls=(
            "cis-gke:4.1.8",
            "cis-gke:5.8.1",
            "cis-gke:5.8.3",
            "iso-27001:8.5",
            "pci-dss:2.2.2",
            "pci-dss:7.3.3",
            "pci-dss:8.3.1",
            "soc-2:CC6.1",
            "hipaa:164.312(d)",
            "nsa-cisa:7.0",
            "nsa-cisa:7.1",
            "isms-p:2.5.3",
        ),
        problem="Rights and names that no one gave and no one can take back.",
        remedy="set enableLegacyAbac and issueClientCertificate to false, and anonymousAuthenticationConfig.mode to "
        "LIMITED",
        source=SOURCE,
        checkov=("CKV_GCP_7", "CKV_GCP_13"),
        checks=(_old_doors_are_shut, _strangers_see_health_alone),
        fix=_with_doors_shut,
    ),
    Rule(
        id="gcp-groups",
        title="Google Groups carry the rights in a GKE cluster, and it is no alpha cluster.",
        severity=Severity.LOW,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.8.2", "cis-gke:5.10.2", "iso-27001:5.18", "pci-dss:7.2.2", "soc-2:CC6.3", "isms-p:2.5.1"),
        problem="Who leaves a team keeps its rights; alpha clusters get no fixes.",
        remedy="set authenticatorGroupsConfig.securityGroup to gke-security-groups@<domain>, and enableKubernetesAlpha "
        "to false",
        source=SOURCE,
        checkov=("CKV_GCP_65",),
        checks=(_groups_carry_rights, _no_alpha),
    ),
)
