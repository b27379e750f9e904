"""What an EKS control plane must be: its secrets, its logs, its version, its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.properties import CannotTell, Path
from policies.rule import Environment, Resource, Rule, Severity
from policies.rules.aws_cluster_access import EKS_CLUSTER

LOG_TYPES: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")
STANDARD_SUPPORT_ENDS: Final[Mapping[str, dt.date]] = {
    "1.34": dt.date(2026, 12, 2),
    "1.35": dt.date(2027, 3, 27),
    "1.36": dt.date(2027, 8, 2),
}
"""The last day of each EKS minor's standard support; older minors have none left.

Source: EKS user guide, "Amazon EKS Kubernetes release calendar", as transcribed by public decision records on
2026-09-08, read 2026-11-23. `components/versions.py` has the same days; a test holds the two together.
"""
_OLDEST: Final = min(STANDARD_SUPPORT_ENDS, key=lambda minor: int(minor.partition(".")[2]))
_SOURCE: Final = "pulumi-aws eks.ClusterArgs, read 2026-11-29"


def _secrets_are_encrypted_with_a_key(cluster: Resource) -> Iterator[str]:
    encryption = cluster.inputs.at("encryptionConfig")
    if "secrets" not in encryption.get("resources", default=[]):
        yield "encryptionConfig does not name secrets: they are encrypted with a key that only AWS controls"
    elif not encryption.at("provider").has("keyArn"):
        yield "encryptionConfig.provider.keyArn is not set"


def _control_plane_logs_are_on(cluster: Resource) -> Iterator[str]:
    missing = _missing_logs(cluster)
    if missing:
        yield f"enabledClusterLogTypes lacks {', '.join(missing)}"


def _missing_logs(cluster: Resource) -> list[str]:
    enabled = cluster.inputs.get("enabledClusterLogTypes", default=[])
    return [name for name in LOG_TYPES if name not in enabled]


def _with_all_logs(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if _missing_logs(cluster):
        yield ("enabledClusterLogTypes",), list(LOG_TYPES)


def _version_is_supported(cluster: Resource) -> Iterator[str]:
    version = cluster.inputs.get("version")
    if version is None:
        return  # EKS takes its newest
    ends = STANDARD_SUPPORT_ENDS.get(version)
    if ends is not None and cluster.circumstances.as_of > ends:
        yield f"version {version} left standard support on {ends}"
    elif ends is None and _minor(version) < _minor(_OLDEST):
        yield f"version {version} left standard support before {_OLDEST} did"
    elif ends is None:
        raise CannotTell("version", why=f"{version}, which this pack's release calendar does not hold yet")


def _minor(version: str) -> int:
    return int(version.split(".")[1])


def _support_stays_standard(cluster: Resource) -> Iterator[str]:
    support = cluster.inputs.get("upgradePolicy", "supportType", default="EXTENDED")
    if support != "STANDARD":
        yield f"upgradePolicy.supportType is {support}: the cluster stays on its version when standard support ends"


def _deletion_is_guarded(cluster: Resource) -> Iterator[str]:
    in_production = cluster.circumstances.environment is Environment.PROD
    if in_production and not cluster.inputs.is_true("deletionProtection"):
        yield "deletionProtection is off in production"


def _with_deletion_guard(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_deletion_is_guarded(cluster)):
        yield ("deletionProtection",), True


RULES: Final = (
    Rule(
        id="aws-secrets-kms",
        title="Secrets of an EKS cluster are encrypted with a key of yours.",
        severity=Severity.HIGH,
        types=(EKS_CLUSTER,),
        controls=(
            "cis-eks:5.3.1",
            "iso-27001:8.24",
            "pci-dss:3.5.1",
            "isms-p:2.7.2",
            "pci-dss:3.6.1.2",
            "soc-2:C1.1",
            "hipaa:164.312(a)(2)(iv)",
            "nsa-cisa:6.1",
        ),
        problem="Nobody on your side can see who decrypts the secrets, or stop it.",
        remedy='set encryptionConfig to {resources: ["secrets"], provider: {keyArn: ...}}',
        source=_SOURCE,
        checkov=("CKV_AWS_58",),
        checks=(_secrets_are_encrypted_with_a_key,),
    ),
    Rule(
        id="aws-control-plane-logs",
        title="An EKS cluster writes all five kinds of control plane logs.",
        severity=Severity.HIGH,
        types=(EKS_CLUSTER,),
        controls=(
            "cis-eks:2.1.1",
            "iso-27001:8.15",
            "pci-dss:10.2.1",
            "isms-p:2.9.4",
            "pci-dss:10.2.1.2",
            "soc-2:CC7.2",
            "hipaa:164.312(b)",
            "nsa-cisa:8.1",
        ),
        problem="What happened in the cluster cannot be found out afterwards.",
        remedy=f"set enabledClusterLogTypes to {', '.join(LOG_TYPES)}",
        source=_SOURCE,
        checkov=("CKV_AWS_37",),
        checks=(_control_plane_logs_are_on,),
        fix=_with_all_logs,
    ),
    Rule(
        id="aws-version",
        title="An EKS cluster runs a version in standard support.",
        severity=Severity.HIGH,
        types=(EKS_CLUSTER,),
        controls=(
            "pci-dss:6.3.3",
            "isms-p:2.10.8",
            "iso-27001:8.8",
            "soc-2:CC7.1",
        ),
        problem="Known faults of Kubernetes stay open, and extended support costs extra.",
        remedy="raise version by one minor at a time",
        source=_SOURCE,
        checkov=("CKV_AWS_339",),
        checks=(_version_is_supported,),
    ),
    Rule(
        id="aws-support-type",
        title="An EKS cluster does not slide into extended support.",
        severity=Severity.LOW,  # a way to wait with an upgrade that breaks something; aws-version sees that it ends
        types=(EKS_CLUSTER,),
        controls=(),
        problem="The upgrade is put off, unseen, at several times the price of the control plane.",
        remedy="set upgradePolicy.supportType to STANDARD: AWS then upgrades the cluster when support ends",
        source="pulumi-aws eks.ClusterUpgradePolicyArgs, read 2026-11-29",
        checks=(_support_stays_standard,),
    ),
    Rule(
        id="aws-delete-guard",
        title="A production EKS cluster is protected from deletion.",
        severity=Severity.MEDIUM,
        types=(EKS_CLUSTER,),
        controls=("soc-2:A1.2",),
        problem="One wrong command takes the whole platform away.",
        remedy="set deletionProtection to true",
        source=_SOURCE + "; prowler 5.46 eks_cluster_deletion_protection asks the same, read 2026-11-23",
        checks=(_deletion_is_guarded,),
        fix=_with_deletion_guard,
    ),
)
