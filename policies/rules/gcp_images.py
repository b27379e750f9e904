"""Which images a GKE cluster runs, and how its registries keep them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path
from policies.rule import Resource, Rule, Severity
from policies.rules.gcp_access import GKE_CLUSTER, SOURCE

REPOSITORY: Final = "gcp:artifactregistry/repository:Repository"
_SOURCE: Final = "pulumi-gcp 10.2.0, artifactregistry.Repository and its inputs, read 2026-11-29"


def _images_are_admitted_by_policy(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.get("binaryAuthorization", "evaluationMode", default="DISABLED") == "DISABLED":
        yield "binaryAuthorization.evaluationMode is DISABLED: any image runs, whoever built it"


def _posture_is_watched(cluster: Resource) -> Iterator[str]:
    if cluster.inputs.get("securityPostureConfig", "mode", default="DISABLED") == "DISABLED":
        yield "securityPostureConfig.mode is DISABLED: nobody looks at the running workloads' settings"


def _with_posture(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_posture_is_watched(cluster)):
        yield ("securityPostureConfig", "mode"), "BASIC"


def _images_are_scanned(repository: Resource) -> Iterator[str]:
    scan = repository.inputs.get("vulnerabilityScanningConfig", "enablementConfig", default="INHERITED")
    if scan == "DISABLED":
        yield "vulnerabilityScanningConfig.enablementConfig is DISABLED: images keep their known vulnerabilities"


def _with_scan(repository: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_images_are_scanned(repository)):
        yield ("vulnerabilityScanningConfig", "enablementConfig"), "INHERITED"


def _images_have_a_key_of_ours(repository: Resource) -> Iterator[str]:
    """A virtual repository keeps no image of its own."""
    if repository.inputs.has("kmsKeyName"):
        return
    if repository.inputs.get("mode") != "VIRTUAL_REPOSITORY":
        yield "kmsKeyName is not set: images are encrypted with Google's key alone"


RULES: Final = (
    Rule(
        id="gcp-binary-authorization",
        title="A GKE cluster admits images by policy.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:4.5.1", "cis-gke:5.1.4", "iso-27001:8.19", "soc-2:CC6.8"),
        problem="An image from a stranger runs.",
        remedy="set binaryAuthorization.evaluationMode to PROJECT_SINGLETON_POLICY_ENFORCE, after the project's policy "
        "names who may build",
        source=SOURCE,
        checkov=("CKV_GCP_66",),
        checks=(_images_are_admitted_by_policy,),
    ),
    Rule(
        id="gcp-security-posture",
        title="The settings of what runs in a GKE cluster are watched.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.10.4", "iso-27001:8.9", "soc-2:CC7.1", "isms-p:2.11.2"),
        problem="A workload that breaks the rules runs on unseen.",
        remedy="set securityPostureConfig.mode to BASIC",
        source=SOURCE,
        checks=(_posture_is_watched,),
        fix=_with_posture,
    ),
    Rule(
        id="gcp-image-scan",
        title="Images in an Artifact Registry repository are scanned.",
        severity=Severity.MEDIUM,
        types=(REPOSITORY,),
        controls=("cis-gke:5.1.1", "iso-27001:8.8", "pci-dss:11.3.1", "soc-2:CC7.1", "isms-p:2.11.2"),
        problem="An image with known vulnerabilities runs.",
        remedy="set vulnerabilityScanningConfig.enablementConfig to INHERITED, and turn the project's scanning API on",
        source=_SOURCE,
        checks=(_images_are_scanned,),
        fix=_with_scan,
    ),
    Rule(
        id="gcp-registry-key",
        title="Images in an Artifact Registry repository are encrypted with a key of one's own.",
        severity=Severity.MEDIUM,
        types=(REPOSITORY,),
        controls=(),
        problem="The key can be neither watched nor rotated nor taken away.",
        remedy="set kmsKeyName to a key that the service agent may use; it is fixed when the repository is made",
        source=_SOURCE,
        checkov=("CKV_GCP_84",),
        checks=(_images_have_a_key_of_ours,),
    ),
)
