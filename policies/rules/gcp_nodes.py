"""What the nodes of a GKE cluster must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import CannotTell, Path, Properties, each
from policies.rule import Resource, Rule, Severity, Stack, StackRule
from policies.rules.gcp_access import GKE_CLUSTER, SOURCE, is_autopilot

NODE_POOL: Final = "gcp:container/nodePool:NodePool"
_ACCOUNT: Final = "gcp:serviceaccount/account:Account"
_IMAGE: Final = "COS_CONTAINERD"


def node_configs(resource: Resource) -> list[Properties]:
    """How nodes start, wherever a resource says so. Autopilot decides by itself; a removed first pool has no nodes."""
    inputs = resource.inputs
    if resource.type == NODE_POOL:
        return [inputs.at("nodeConfig")]
    if is_autopilot(resource):
        return []
    found = [pool.at("nodeConfig") for pool in inputs.items("nodePools")]
    if inputs.is_true("clusterAutoscaling", "enabled"):
        found.append(inputs.at("clusterAutoscaling", "autoProvisioningDefaults"))
    if not inputs.is_true("removeDefaultNodePool") and not found:
        found.append(inputs.at("nodeConfig"))
    return found


def _nodes_are_private(resource: Resource) -> Iterator[str]:
    if resource.type == NODE_POOL:
        private = resource.inputs.is_true("networkConfig", "enablePrivateNodes", default=True)  # else as its cluster
        if not private:
            yield "networkConfig.enablePrivateNodes is off: the internet reaches each node"
    elif not resource.inputs.is_true("privateClusterConfig", "enablePrivateNodes"):
        yield "privateClusterConfig.enablePrivateNodes is off: the internet reaches each node"


def _version_follows_a_channel(resource: Resource) -> Iterator[str]:
    if resource.type != GKE_CLUSTER:
        return
    channel = resource.inputs.get("releaseChannel", "channel", default="not set")
    if channel in ("not set", "UNSPECIFIED"):
        yield f"releaseChannel.channel is {channel}: nobody patches the control plane"


def _pool_is_managed(resource: Resource) -> Iterator[str]:
    for flag in _unmanaged(resource):
        yield f"management.{flag} is off: broken nodes stay, and old ones"


def _with_management(resource: Resource) -> Iterator[tuple[Path, Any]]:
    yield from ((("management", flag), True) for flag in _unmanaged(resource))


def _unmanaged(resource: Resource) -> list[str]:
    """What a pool has turned off; both are on by default."""
    if resource.type != NODE_POOL:
        return []
    flags = ("autoRepair", "autoUpgrade")
    return [flag for flag in flags if not resource.inputs.is_true("management", flag, default=True)]


def _nodes_prove_what_they_are(resource: Resource) -> Iterator[str]:
    if resource.type == GKE_CLUSTER and not is_autopilot(resource) and _is_unshielded(resource):
        yield "enableShieldedNodes is off: anybody's machine may join as a node"


def _is_unshielded(cluster: Resource) -> bool:
    return not cluster.inputs.is_true("enableShieldedNodes", default=True)


def _with_shielded_nodes(resource: Resource) -> Iterator[tuple[Path, Any]]:
    """What a pool's machines check at boot is fixed when the pool is made: to change it would replace its nodes."""
    if any(_nodes_prove_what_they_are(resource)):
        yield ("enableShieldedNodes",), True


def _machines_check_their_boot(resource: Resource) -> Iterator[str]:
    yield from each(node_configs(resource), _checks_its_boot)


def _checks_its_boot(config: Properties) -> Iterator[str]:
    shielded = config.at("shieldedInstanceConfig")
    if not shielded.is_true("enableSecureBoot"):
        yield f"{shielded.path}.enableSecureBoot is off: a changed kernel starts"
    if not shielded.is_true("enableIntegrityMonitoring", default=True):
        yield f"{shielded.path}.enableIntegrityMonitoring is off: nobody notices a changed boot"


def _image_is_googles(resource: Resource, _stack: Stack) -> Iterator[str]:
    yield from each(node_configs(resource), _runs_the_small_image)


def _runs_the_small_image(config: Properties) -> Iterator[str]:
    image = config.get("imageType", default=_IMAGE)
    if image.upper() != _IMAGE:
        yield f"{config.path}.imageType is {image}: a general system has more to attack than {_IMAGE}"


def _account_is_chosen(resource: Resource, stack: Stack) -> Iterator[str]:
    yield from each(node_configs(resource), lambda config: _is_no_default_account(config, resource, stack))


def _is_no_default_account(config: Properties, resource: Resource, stack: Stack) -> Iterator[str]:
    try:
        account = config.get("serviceAccount", default="default")
    except CannotTell:
        if stack.fed_by(resource, str(config.steps[0]), _ACCOUNT):
            return  # its address is not known yet, but it is an account that the stack makes
        raise
    if account == "default" or account.endswith("-compute@developer.gserviceaccount.com"):
        yield f"{config.path}.serviceAccount is Compute Engine's default one: each node may edit the project"


def _metadata_is_hidden(pool: Resource) -> Iterator[str]:
    mode = pool.inputs.get("nodeConfig", "workloadMetadataConfig", "mode", default="not set")
    if mode != "GKE_METADATA":
        yield f"nodeConfig.workloadMetadataConfig.mode is {mode}: pods read their node's credentials"


def _workloads_have_identities(resource: Resource) -> Iterator[str]:
    if resource.type == NODE_POOL:
        yield from _metadata_is_hidden(resource)
    elif not is_autopilot(resource) and not resource.inputs.has("workloadIdentityConfig", "workloadPool"):
        yield "workloadIdentityConfig.workloadPool is not set: pods act as their node, or with a key that never ends"


RULES: Final = (
    Rule(
        id="gcp-private-nodes",
        title="Nodes of a GKE cluster have no public addresses.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=(
            "cis-gke:5.6.5",
            "iso-27001:8.20",
            "pci-dss:1.4.4",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
            "isms-p:2.6.1",
        ),
        problem="The kubelet and all that listens on a node can be attacked from anywhere.",
        remedy="set enablePrivateNodes to true, and give the network a NAT gateway",
        source=SOURCE,
        checkov=("CKV_GCP_25", "CKV_GCP_64"),
        checks=(_nodes_are_private,),
    ),
    Rule(
        id="gcp-upgrades",
        title="A GKE cluster follows a release channel; its nodes are repaired and upgraded.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=(
            "cis-gke:5.5.2",
            "cis-gke:5.5.3",
            "cis-gke:5.5.4",
            "iso-27001:8.8",
            "pci-dss:6.3.3",
            "soc-2:CC7.1",
            "isms-p:2.10.8",
        ),
        problem="Known vulnerabilities stay open until somebody remembers them.",
        remedy="set releaseChannel.channel to REGULAR or STABLE, and management.autoRepair and autoUpgrade to true; a "
        "maintenance exclusion keeps minor versions in one's own hands",
        source=SOURCE,
        checkov=("CKV_GCP_9", "CKV_GCP_10", "CKV_GCP_70"),
        checks=(_version_follows_a_channel, _pool_is_managed),
        fix=_with_management,
    ),
    Rule(
        id="gcp-shielded-nodes",
        title="Nodes of a GKE cluster prove what they are and what they booted.",
        severity=Severity.MEDIUM,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=("cis-gke:5.5.5", "cis-gke:5.5.6", "cis-gke:5.5.7", "iso-27001:8.9", "pci-dss:2.2.6", "isms-p:2.6.2"),
        problem="A stranger's machine joins the cluster, or a rootkit outlives a restart.",
        remedy="set enableShieldedNodes, shieldedInstanceConfig.enableSecureBoot and enableIntegrityMonitoring to true",
        source=SOURCE,
        checkov=("CKV_GCP_68", "CKV_GCP_71", "CKV_GCP_72"),
        checks=(_nodes_prove_what_they_are, _machines_check_their_boot),
        fix=_with_shielded_nodes,
    ),
    StackRule(
        id="gcp-node-image-and-account",
        title="Nodes of a GKE cluster run Google's small image as an account of their own.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=(
            "cis-gke:5.2.1",
            "cis-gke:5.5.1",
            "iso-27001:8.2",
            "pci-dss:2.2.4",
            "pci-dss:7.2.1",
            "pci-dss:7.2.5",
            "soc-2:CC6.3",
            "isms-p:2.5.5",
        ),
        problem="Compute Engine's default account may edit the project: who takes a node takes all of it.",
        remedy="set nodeConfig.serviceAccount to an account with roles/container.defaultNodeServiceAccount alone, and "
        "imageType to COS_CONTAINERD",
        source=SOURCE,
        checkov=("CKV_GCP_22",),
        checks=(_image_is_googles, _account_is_chosen),
    ),
    Rule(
        id="gcp-workload-identity",
        title="Workloads of a GKE cluster have identities of their own, and cannot take their node's.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=(
            "cis-gke:5.2.2",
            "cis-gke:5.4.1",
            "iso-27001:5.17",
            "pci-dss:7.2.5",
            "pci-dss:8.6.2",
            "soc-2:CC6.3",
            "isms-p:2.5.5",
        ),
        problem="One compromised pod has what its whole node has, or a key that works from anywhere.",
        remedy="set workloadIdentityConfig.workloadPool to <project>.svc.id.goog, and workloadMetadataConfig.mode to "
        "GKE_METADATA; pods that borrow their node's account lose it",
        source=SOURCE,
        checkov=("CKV_GCP_69",),
        checks=(_workloads_have_identities,),
    ),
)
