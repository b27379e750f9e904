"""How nodes of a GKE cluster prove what they are, and keep their credentials from their pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Resource, Rule, Severity
from policies.rules.gcp_access import GKE_CLUSTER, SOURCE, is_autopilot
from policies.rules.gcp_nodes import NODE_POOL, node_configs


def _nodes_prove_what_they_are(cluster: Resource) -> Iterator[str]:
    if not is_autopilot(cluster) and not cluster.inputs.is_true("enableShieldedNodes", default=True):
        yield "enableShieldedNodes is off: anybody's machine may join as a node"


def _with_shielded_nodes(cluster: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_nodes_prove_what_they_are(cluster)):
        yield ("enableShieldedNodes",), True


def _machines_boot_what_is_signed(resource: Resource) -> Iterator[str]:
    yield from each(node_configs(resource), _boots_what_is_signed)


def _boots_what_is_signed(config: Properties) -> Iterator[str]:
    if not config.is_true("shieldedInstanceConfig", "enableSecureBoot"):
        yield f"{config.path}.shieldedInstanceConfig.enableSecureBoot is off: a changed kernel starts"


def _boots_are_compared(resource: Resource) -> Iterator[str]:
    yield from each(node_configs(resource), _compares_its_boots)


def _compares_its_boots(config: Properties) -> Iterator[str]:
    if not config.is_true("shieldedInstanceConfig", "enableIntegrityMonitoring", default=True):
        yield f"{config.path}.shieldedInstanceConfig.enableIntegrityMonitoring is off: nobody notices a changed boot"


def _workloads_have_identities(cluster: Resource) -> Iterator[str]:
    if not is_autopilot(cluster) and not cluster.inputs.has("workloadIdentityConfig", "workloadPool"):
        yield "workloadIdentityConfig.workloadPool is not set: pods act as their node, or with a key that never ends"


def _metadata_is_hidden(pool: Resource) -> Iterator[str]:
    mode = pool.inputs.get("nodeConfig", "workloadMetadataConfig", "mode", default="not set")
    if mode != "GKE_METADATA":
        yield f"nodeConfig.workloadMetadataConfig.mode is {mode}: pods read their node's credentials"


RULES: Final = (
    Rule(
        id="gcp-shielded-nodes",
        title="Nodes of a GKE cluster prove that they are its nodes.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.5.5", "iso-27001:8.5", "pci-dss:2.2.6", "isms-p:2.6.2"),
        problem="A stranger's machine joins the cluster and is given pods and secrets.",
        remedy="set enableShieldedNodes to true",
        source=SOURCE,
        checkov=("CKV_GCP_71",),
        checks=(_nodes_prove_what_they_are,),
        fix=_with_shielded_nodes,
    ),
    Rule(
        id="gcp-secure-boot",
        title="Nodes of a GKE cluster boot only what is signed.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=("cis-gke:5.5.7", "iso-27001:8.9", "pci-dss:2.2.6", "soc-2:CC6.8", "isms-p:2.6.2"),
        problem="A rootkit outlives a restart.",
        remedy="set shieldedInstanceConfig.enableSecureBoot to true; a pool's nodes are replaced",
        source=SOURCE,
        checkov=("CKV_GCP_68",),
        checks=(_machines_boot_what_is_signed,),
    ),
    Rule(
        id="gcp-integrity-monitoring",
        title="The boots of a GKE cluster's nodes are compared with the first one.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=("cis-gke:5.5.6", "iso-27001:8.16", "isms-p:2.11.3"),
        problem="Nobody notices that a node starts something else than before.",
        remedy="set shieldedInstanceConfig.enableIntegrityMonitoring to true; a pool's nodes are replaced",
        source=SOURCE,
        checkov=("CKV_GCP_72",),
        checks=(_boots_are_compared,),
    ),
    Rule(
        id="gcp-workload-identity",
        title="Workloads of a GKE cluster have identities of their own.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER,),
        controls=("cis-gke:5.2.2", "iso-27001:5.17", "pci-dss:7.2.5", "pci-dss:8.6.2", "soc-2:CC6.3", "isms-p:2.5.5"),
        problem="One compromised pod has what its whole node has, or a key that works from anywhere.",
        remedy="set workloadIdentityConfig.workloadPool to <project>.svc.id.goog",
        source=SOURCE,
        checks=(_workloads_have_identities,),
    ),
    Rule(
        id="gcp-node-metadata",
        title="Pods of a GKE cluster cannot take their node's identity.",
        severity=Severity.HIGH,
        types=(NODE_POOL,),
        controls=("cis-gke:5.4.1", "iso-27001:8.3", "pci-dss:7.2.5", "soc-2:CC6.1", "isms-p:2.5.5"),
        problem="A pod asks the metadata server for its node's token, and may pull and read what the node may.",
        remedy="set workloadMetadataConfig.mode to GKE_METADATA; pods that borrow their node's account lose it",
        source=SOURCE,
        checkov=("CKV_GCP_69",),
        checks=(_metadata_is_hidden,),
    ),
)
