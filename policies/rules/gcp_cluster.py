"""What a GKE control plane and its network encrypt, enforce, record and admit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path
from policies.rule import Resource, Rule, Severity
from policies.rules.gcp_access import GKE_CLUSTER, SOURCE, is_autopilot

SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
REPOSITORY: Final = "gcp:artifactregistry/repository:Repository"
_LOGGED_PURPOSES: Final = ("PRIVATE", "PRIVATE_RFC_1918")
_FLOW_LOGS: Final = {
    "flowSampling": 0.5,
    "aggregationInterval": "INTERVAL_1_MIN",
    "metadata": "INCLUDE_ALL_METADATA",
}
_SYSTEM: Final = "SYSTEM_COMPONENTS"


def _secrets_have_a_key_of_ours(cluster: Resource) -> Iterator[str]:
    state = cluster.inputs.get("databaseEncryption", "state", default="not set")
    if state != "ENCRYPTED":
        yield f"databaseEncryption.state is {state}: secrets in etcd are encrypted with Google's key alone"


def _network_policies_are_enforced(cluster: Resource) -> Iterator[str]:
    if is_autopilot(cluster) or cluster.inputs.get("datapathProvider") == "ADVANCED_DATAPATH":
        return
    if not cluster.inputs.is_true("networkPolicy", "enabled"):
        yield (
            "datapathProvider is not ADVANCED_DATAPATH and networkPolicy is off: network policies are accepted "
            "and do nothing"
        )


def _pods_have_addresses_of_the_network(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.get("networkingMode", default="VPC_NATIVE") != "VPC_NATIVE":
        yield "networkingMode is ROUTES: firewalls and flow logs do not know pods"


def _flows_are_recorded(resource: Resource) -> Iterator[str]:
    inputs = resource.inputs
    if resource.type == SUBNETWORK:
        if inputs.get("purpose", default="PRIVATE") in _LOGGED_PURPOSES and not inputs.has("logConfig"):
            yield "logConfig is not set: who spoke with whom is not kept"
    elif not is_autopilot(resource) and not inputs.is_true("enableIntranodeVisibility"):
        yield "enableIntranodeVisibility is off: what pods of one node say to each other is neither filtered nor kept"


def _with_flows_recorded(resource: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_flows_are_recorded(resource)):
        is_subnetwork = resource.type == SUBNETWORK
        yield (("logConfig",), dict(_FLOW_LOGS)) if is_subnetwork else (("enableIntranodeVisibility",), True)


def _system_is_logged_and_watched(resource: Resource) -> Iterator[str]:
    if resource.type != GKE_CLUSTER:
        return
    for name in ("logging", "monitoring"):
        if resource.inputs.get(f"{name}Service") == "none":
            yield f"{name}Service is none: nobody sees what the cluster does"
        components = resource.inputs.get(f"{name}Config", "enableComponents", default=[_SYSTEM])
        if _SYSTEM not in components:
            yield f"{name}Config.enableComponents is without {_SYSTEM}: nobody sees what the cluster does"


def _images_are_admitted_by_policy(resource: Resource) -> Iterator[str]:
    if resource.type != GKE_CLUSTER:
        return
    if resource.inputs.get("binaryAuthorization", "evaluationMode", default="DISABLED") == "DISABLED":
        yield "binaryAuthorization.evaluationMode is DISABLED: any image runs, whoever built it"
    if _posture_is_off(resource):
        yield "securityPostureConfig.mode is DISABLED: nobody looks at the running workloads' settings"


def _posture_is_off(resource: Resource) -> bool:
    return (
        resource.type == GKE_CLUSTER
        and resource.inputs.get("securityPostureConfig", "mode", default="DISABLED") == "DISABLED"
    )


def _images_are_scanned(resource: Resource) -> Iterator[str]:
    if _scan_is_off(resource):
        yield "vulnerabilityScanningConfig.enablementConfig is DISABLED: images keep their known vulnerabilities"


def _scan_is_off(resource: Resource) -> bool:
    return (
        resource.type == REPOSITORY
        and resource.inputs.get("vulnerabilityScanningConfig", "enablementConfig", default="INHERITED") == "DISABLED"
    )


def _images_have_a_key_of_ours(resource: Resource) -> Iterator[str]:
    if resource.type == REPOSITORY and not resource.inputs.has("kmsKeyName"):
        yield "kmsKeyName is not set: images are encrypted with Google's key alone"


def _with_checks(resource: Resource) -> Iterator[tuple[Path, Any]]:
    """Binary Authorization would refuse what runs today, and a repository's key is fixed when it is made."""
    if _posture_is_off(resource):
        yield ("securityPostureConfig", "mode"), "BASIC"
    if _scan_is_off(resource):
        yield ("vulnerabilityScanningConfig", "enablementConfig"), "INHERITED"


RULES: Final = (
    Rule(
        id="gcp-secrets-kms",
        title="Secrets of a GKE cluster are encrypted with a key of one's own.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER,),
        controls=(
            "cis-gke:5.3.1",
            "iso-27001:8.24",
            "pci-dss:3.5.1",
            "pci-dss:3.6.1.2",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
            "nsa-cisa:6.1",
            "isms-p:2.7.2",
        ),
        problem="The key can be neither watched nor rotated nor taken away.",
        remedy="set databaseEncryption.state to ENCRYPTED and keyName to a key that GKE's service agent may use",
        source=SOURCE,
        checks=(_secrets_have_a_key_of_ours,),
    ),
    Rule(
        id="gcp-network-policy",
        title="A GKE cluster enforces network policies on pods that have addresses of the network.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=(
            "cis-gke:4.3.1",
            "cis-gke:5.6.2",
            "iso-27001:8.22",
            "pci-dss:1.4.1",
            "soc-2:CC6.6",
            "nsa-cisa:3.0",
            "isms-p:2.6.1",
        ),
        problem="Every pod reaches every pod, whatever the namespaces' policies say.",
        remedy="set datapathProvider to ADVANCED_DATAPATH and networkingMode to VPC_NATIVE; both replace the cluster",
        source=SOURCE,
        checkov=("CKV_GCP_12", "CKV_GCP_23"),
        checks=(_network_policies_are_enforced, _pods_have_addresses_of_the_network),
    ),
    Rule(
        id="gcp-flow-logs",
        title="Flows of a GKE cluster's network are recorded, and the cluster is logged and watched.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER, SUBNETWORK),
        controls=(
            "cis-gke:5.6.1",
            "cis-gke:5.7.1",
            "iso-27001:8.15",
            "iso-27001:8.16",
            "pci-dss:10.2.1",
            "pci-dss:11.5.1",
            "soc-2:CC7.2",
            "hipaa:164.312(b)",
            "isms-p:2.9.2",
            "isms-p:2.9.4",
            "isms-p:2.11.3",
        ),
        problem="After an attack nobody can say who spoke with whom.",
        remedy="set enableIntranodeVisibility to true, a logConfig on each subnetwork, and SYSTEM_COMPONENTS in "
        "loggingConfig and monitoringConfig",
        source=f"{SOURCE}; compute.Subnetwork",
        checkov=("CKV_GCP_1", "CKV_GCP_8", "CKV_GCP_61"),
        checks=(_flows_are_recorded, _system_is_logged_and_watched),
        fix=_with_flows_recorded,
    ),
    Rule(
        id="gcp-supply-chain",
        title="Images are scanned, encrypted with a key of one's own, and admitted to a GKE cluster by policy.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER, REPOSITORY),
        controls=(
            "cis-gke:4.5.1",
            "cis-gke:5.1.1",
            "cis-gke:5.1.4",
            "cis-gke:5.10.4",
            "iso-27001:8.8",
            "iso-27001:8.19",
            "pci-dss:11.3.1",
            "soc-2:CC6.8",
            "soc-2:CC7.1",
            "isms-p:2.11.2",
        ),
        problem="An image with known vulnerabilities, or from a stranger, runs.",
        remedy="set binaryAuthorization.evaluationMode to PROJECT_SINGLETON_POLICY_ENFORCE, securityPostureConfig.mode "
        "to BASIC, vulnerabilityScanningConfig.enablementConfig to INHERITED and kmsKeyName to a key",
        source=f"{SOURCE}; artifactregistry.Repository",
        checkov=("CKV_GCP_66", "CKV_GCP_84"),
        checks=(_images_are_admitted_by_policy, _images_are_scanned, _images_have_a_key_of_ours),
        fix=_with_checks,
    ),
)
