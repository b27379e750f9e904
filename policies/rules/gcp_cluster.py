"""What a GKE control plane and its network encrypt, enforce, record and keep current."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path
from policies.rule import Resource, Rule, Severity
from policies.rules.gcp_access import GKE_CLUSTER, SOURCE, is_autopilot

SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
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


def _version_follows_a_channel(cluster: Resource) -> Iterator[str]:
    channel = cluster.inputs.get("releaseChannel", "channel", default="not set")
    if channel in ("not set", "UNSPECIFIED"):
        yield f"releaseChannel.channel is {channel}: nobody patches the control plane"


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


def _system_is_logged_and_watched(cluster: Resource) -> Iterator[str]:
    for name in ("logging", "monitoring"):
        if cluster.inputs.get(f"{name}Service") == "none":
            yield f"{name}Service is none: nobody sees what the cluster does"
        components = cluster.inputs.get(f"{name}Config", "enableComponents", default=[_SYSTEM])
        if _SYSTEM not in components:
            yield f"{name}Config.enableComponents is without {_SYSTEM}: nobody sees what the cluster does"


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
        title="A GKE cluster enforces network policies.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:4.3.1", "iso-27001:8.22", "pci-dss:1.4.1", "soc-2:CC6.6", "nsa-cisa:3.0", "isms-p:2.6.1"),
        problem="Every pod reaches every pod, whatever the namespaces' policies say.",
        remedy="set datapathProvider to ADVANCED_DATAPATH (it replaces the cluster), or networkPolicy.enabled to true",
        source=SOURCE,
        checkov=("CKV_GCP_12",),
        checks=(_network_policies_are_enforced,),
    ),
    Rule(
        id="gcp-vpc-native",
        title="Pods of a GKE cluster have addresses of its network.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.6.2", "iso-27001:8.20"),
        problem="Firewalls and flow logs see nodes where pods speak.",
        remedy="set networkingMode to VPC_NATIVE, which replaces the cluster",
        source=SOURCE,
        checkov=("CKV_GCP_23",),
        checks=(_pods_have_addresses_of_the_network,),
    ),
    Rule(
        id="gcp-release-channel",
        title="The version of a GKE cluster follows a release channel.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.5.4", "iso-27001:8.8", "pci-dss:6.3.3", "soc-2:CC7.1", "isms-p:2.10.8"),
        problem="Known vulnerabilities stay open until somebody remembers them.",
        remedy="set releaseChannel.channel to REGULAR or STABLE; a maintenance exclusion keeps minor versions in one's "
        "own hands",
        source=SOURCE,
        checkov=("CKV_GCP_70",),
        checks=(_version_follows_a_channel,),
    ),
    Rule(
        id="gcp-flow-logs",
        title="Who spoke with whom in a GKE cluster's network is recorded.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER, SUBNETWORK),
        controls=(
            "cis-gke:5.6.1",
            "iso-27001:8.15",
            "iso-27001:8.16",
            "pci-dss:10.2.1",
            "pci-dss:11.5.1",
            "soc-2:CC7.2",
            "hipaa:164.312(b)",
            "isms-p:2.9.4",
            "isms-p:2.11.3",
        ),
        problem="After an attack nobody can say where it came from and where it went.",
        remedy="set enableIntranodeVisibility to true, and a logConfig on each subnetwork",
        source=f"{SOURCE}; compute.Subnetwork",
        checkov=("CKV_GCP_61",),
        checks=(_flows_are_recorded,),
        fix=_with_flows_recorded,
    ),
    Rule(
        id="gcp-logging",
        title="A GKE cluster is logged and watched.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=(
            "cis-gke:5.7.1",
            "iso-27001:8.15",
            "iso-27001:8.16",
            "pci-dss:10.2.1",
            "soc-2:CC7.2",
            "hipaa:164.312(b)",
            "isms-p:2.9.2",
            "isms-p:2.9.4",
        ),
        problem="Nobody sees what the cluster does, or that it has stopped doing it.",
        remedy="set SYSTEM_COMPONENTS in loggingConfig.enableComponents and monitoringConfig.enableComponents",
        source=SOURCE,
        checkov=("CKV_GCP_1", "CKV_GCP_8"),
        checks=(_system_is_logged_and_watched,),
    ),
)
