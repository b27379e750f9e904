"""What the nodes of a GKE cluster run, as whom, and who tends them."""

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


def _broken_nodes_are_repaired(pool: Resource) -> Iterator[str]:
    if not pool.inputs.is_true("management", "autoRepair", default=True):
        yield "management.autoRepair is off: a broken node stays"


def _with_repair(pool: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_broken_nodes_are_repaired(pool)):
        yield ("management", "autoRepair"), True


def _old_nodes_are_upgraded(pool: Resource) -> Iterator[str]:
    if not pool.inputs.is_true("management", "autoUpgrade", default=True):
        yield "management.autoUpgrade is off: nobody patches the nodes"


def _with_upgrades(pool: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_old_nodes_are_upgraded(pool)):
        yield ("management", "autoUpgrade"), True


def _image_is_googles(resource: Resource) -> Iterator[str]:
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
        id="gcp-node-repair",
        title="Broken nodes of a GKE cluster are repaired.",
        severity=Severity.MEDIUM,
        types=(NODE_POOL,),
        controls=("cis-gke:5.5.2", "iso-27001:8.14", "soc-2:A1.2", "isms-p:2.9.2"),
        problem="Capacity goes away node by node, and nobody notices.",
        remedy="set management.autoRepair to true",
        source=SOURCE,
        checkov=("CKV_GCP_9",),
        checks=(_broken_nodes_are_repaired,),
        fix=_with_repair,
    ),
    Rule(
        id="gcp-node-upgrade",
        title="Nodes of a GKE cluster are upgraded without being asked.",
        severity=Severity.MEDIUM,
        types=(NODE_POOL,),
        controls=("cis-gke:5.5.3", "iso-27001:8.8", "pci-dss:6.3.3", "soc-2:CC7.1", "isms-p:2.10.8"),
        problem="Known vulnerabilities stay open until somebody remembers them.",
        remedy="set management.autoUpgrade to true; a maintenance exclusion keeps minor versions in one's own hands",
        source=SOURCE,
        checkov=("CKV_GCP_10",),
        checks=(_old_nodes_are_upgraded,),
        fix=_with_upgrades,
    ),
    Rule(
        id="gcp-node-image",
        title="Nodes of a GKE cluster run Google's small image.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=("cis-gke:5.5.1", "iso-27001:8.9", "pci-dss:2.2.4", "isms-p:2.6.2"),
        problem="Packages and services that nothing needs wait to be attacked.",
        remedy="set imageType to COS_CONTAINERD",
        source=SOURCE,
        checkov=("CKV_GCP_22",),
        checks=(_image_is_googles,),
    ),
    StackRule(
        id="gcp-node-account",
        title="Nodes of a GKE cluster act as an account of their own.",
        severity=Severity.HIGH,
        types=(GKE_CLUSTER, NODE_POOL),
        controls=(
            "cis-gke:5.2.1",
            "iso-27001:8.2",
            "pci-dss:7.2.1",
            "pci-dss:7.2.5",
            "soc-2:CC6.3",
            "hipaa:164.312(a)(1)",
            "isms-p:2.5.5",
        ),
        problem="Compute Engine's default account may edit the project: who takes a node takes all of it.",
        remedy="set serviceAccount to an account with roles/container.defaultNodeServiceAccount alone",
        source=SOURCE,
        checks=(_account_is_chosen,),
    ),
)
