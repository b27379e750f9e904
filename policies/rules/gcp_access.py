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


def _api_has_no_public_endpoint(cluster: Resource) -> Iterator[str]:
    if not cluster.inputs.is_true("controlPlaneEndpointsConfig", "ipEndpointsConfig", "enabled", default=True):
        return
    if not cluster.inputs.is_true("privateClusterConfig", "enablePrivateEndpoint"):
        yield "privateClusterConfig.enablePrivateEndpoint is off: the Kubernetes API has a public address"


def _googles_customers_are_strangers(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("masterAuthorizedNetworksConfig", "gcpPublicCidrsAccessEnabled"):
        yield "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled is on: any customer of Google Cloud may try"


def _strangers_see_health_alone(cluster: Resource) -> Iterator[str]:
    mode = cluster.inputs.get("anonymousAuthenticationConfig", "mode", default="not set")
    if mode != "LIMITED":
        yield f"anonymousAuthenticationConfig.mode is {mode}: a wrong binding opens the cluster to people without names"


def _anonymous_limited(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_strangers_see_health_alone(cluster)):
        yield ("anonymousAuthenticationConfig", "mode"), "LIMITED"


def _rbac_alone_decides(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("enableLegacyAbac"):
        yield "enableLegacyAbac is on: every service account may do everything, whatever RBAC says"


def _without_legacy_abac(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_rbac_alone_decides(cluster)):
        yield ("enableLegacyAbac",), False


def _no_client_certificate(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.is_true("masterAuth", "clientCertificateConfig", "issueClientCertificate"):
        yield "masterAuth.clientCertificateConfig.issueClientCertificate is on: a certificate that cannot be taken back"


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
        id="gcp-no-public-api",
        title="The Kubernetes API of a GKE cluster has no public endpoint.",
        severity=Severity.LOW,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.6.4",),
        problem="A stolen credential works wherever a named range reaches, and a slip in the ranges opens the API.",
        remedy="set privateClusterConfig.enablePrivateEndpoint to true, or turn the IP endpoints off and use the DNS "
        "endpoint, which IAM guards",
        source=SOURCE,
        checks=(_api_has_no_public_endpoint,),
    ),
    Rule(
        id="gcp-anonymous-requests",
        title="Anonymous requests reach the health checks of a GKE cluster and nothing else.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER,),
        controls=(
            "cis-gke:4.1.8",
            "iso-27001:8.5",
            "pci-dss:7.3.3",
            "hipaa:164.312(d)",
            "nsa-cisa:7.0",
            "isms-p:2.5.3",
        ),
        problem="One wrong binding opens the cluster to people without names.",
        remedy="set anonymousAuthenticationConfig.mode to LIMITED",
        source=SOURCE,
        checks=(_strangers_see_health_alone,),
        fix=_anonymous_limited,
    ),
    Rule(
        id="gcp-legacy-authorization",
        title="RBAC alone decides what may be done in a GKE cluster.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.8.3", "iso-27001:8.3", "pci-dss:7.3.2", "soc-2:CC6.3", "nsa-cisa:7.1", "isms-p:2.5.5"),
        problem="Rights that no one gave and no one sees.",
        remedy="set enableLegacyAbac to false, and give rights by RBAC",
        source=SOURCE,
        checkov=("CKV_GCP_7",),
        checks=(_rbac_alone_decides,),
        fix=_without_legacy_abac,
    ),
    Rule(
        id="gcp-client-certificate",
        title="A GKE cluster issues no client certificate.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.8.1", "iso-27001:8.5", "pci-dss:2.2.2", "soc-2:CC6.1", "isms-p:2.5.3"),
        problem="It names nobody, lies in the state, and works for years.",
        remedy="set masterAuth.clientCertificateConfig.issueClientCertificate to false, which replaces the cluster",
        source=SOURCE,
        checkov=("CKV_GCP_13",),
        checks=(_no_client_certificate,),
    ),
    Rule(
        id="gcp-groups",
        title="Google Groups carry the rights in a GKE cluster.",
        severity=Severity.LOW,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.8.2",),
        problem="Who leaves a team keeps its rights.",
        remedy="set authenticatorGroupsConfig.securityGroup to gke-security-groups@<domain>",
        source=SOURCE,
        checkov=("CKV_GCP_65",),
        checks=(_groups_carry_rights,),
    ),
    Rule(
        id="gcp-alpha",
        title="A GKE cluster is no alpha cluster.",
        severity=Severity.LOW,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.10.2", "isms-p:2.10.8"),
        problem="It gets no fixes, and is deleted after 30 days.",
        remedy="set enableKubernetesAlpha to false, which replaces the cluster",
        source=SOURCE,
        checks=(_no_alpha,),
    ),
)
