"""Cases of the Google Cloud rules on nodes."""

from __future__ import annotations

from typing import Any, Final

from policies.properties import UNKNOWN
from policies.rule import Resource
from tests.policies.cases import Case, StackCase, resource
from tests.policies.rules.gcp_cases import AUTOPILOT, CLUSTER, GKE

_POOL: Final = "gcp:container/nodePool:NodePool"
_ACCOUNT: Final = "gcp:serviceaccount/account:Account"
_NODES: Final[dict[str, Any]] = {
    "imageType": "COS_CONTAINERD",
    "serviceAccount": "nodes@project.iam.gserviceaccount.com",
    "shieldedInstanceConfig": {"enableSecureBoot": True, "enableIntegrityMonitoring": True},
    "workloadMetadataConfig": {"mode": "GKE_METADATA"},
}
_NODE_POOL: Final[dict[str, Any]] = {
    "nodeConfig": _NODES,
    "networkConfig": {"enablePrivateNodes": True},
    "management": {"autoRepair": True, "autoUpgrade": True},
}
_PROVISIONED: Final = {
    **CLUSTER,
    "clusterAutoscaling": {
        "enabled": True,
        "autoProvisioningDefaults": {key: _NODES[key] for key in _NODES if key != "workloadMetadataConfig"},
    },
}
_INLINE: Final = {"nodePools": [{"nodeConfig": _NODES}], "nodeConfig": None}

CASES: Final = (
    Case(
        "gcp-private-nodes",
        GKE,
        CLUSTER,
        broken=({"privateClusterConfig": None}, {"privateClusterConfig.enablePrivateNodes": False}),
        unknown=("privateClusterConfig", "privateClusterConfig.enablePrivateNodes"),
    ),
    Case(
        "gcp-private-nodes",
        _POOL,
        {},  # as its cluster
        broken=({"networkConfig.enablePrivateNodes": False},),
        unknown=("networkConfig",),
    ),
    Case(
        "gcp-private-nodes",
        _POOL,
        _NODE_POOL,
        broken=({"networkConfig.enablePrivateNodes": False},),
        unknown=("networkConfig", "networkConfig.enablePrivateNodes"),
    ),
    Case(
        "gcp-node-repair",
        _POOL,
        _NODE_POOL,
        broken=({"management.autoRepair": False},),
        unknown=("management", "management.autoRepair"),
    ),
    Case(
        "gcp-node-upgrade",
        _POOL,
        _NODE_POOL,
        broken=({"management.autoUpgrade": False},),
        unknown=("management", "management.autoUpgrade"),
    ),
    Case(
        "gcp-node-image",
        _POOL,
        _NODE_POOL,
        broken=({"nodeConfig.imageType": "UBUNTU_CONTAINERD"},),
        unknown=("nodeConfig.imageType",),
    ),
    Case(
        "gcp-node-image",
        GKE,
        _PROVISIONED,
        broken=({"clusterAutoscaling.autoProvisioningDefaults.imageType": "UBUNTU_CONTAINERD"},),
        unknown=("clusterAutoscaling",),
    ),
    Case(
        "gcp-shielded-nodes",
        GKE,
        CLUSTER,
        broken=({"enableShieldedNodes": False},),
        unknown=("enableShieldedNodes", "enableAutopilot"),
    ),
    Case(
        "gcp-secure-boot",
        GKE,
        _PROVISIONED,
        broken=({"clusterAutoscaling.autoProvisioningDefaults.shieldedInstanceConfig": None},),
        unknown=("clusterAutoscaling.autoProvisioningDefaults", "enableAutopilot"),
    ),
    Case(
        "gcp-secure-boot",
        GKE,
        {**CLUSTER, **_INLINE},
        broken=({"nodePools.0.nodeConfig.shieldedInstanceConfig.enableSecureBoot": False},),
        unknown=("nodePools", "nodePools.0.nodeConfig"),
    ),
    Case(
        "gcp-secure-boot",
        GKE,
        {**CLUSTER, "removeDefaultNodePool": False, "nodeConfig": _NODES},
        broken=({"nodeConfig.shieldedInstanceConfig.enableSecureBoot": False}, {"nodeConfig": None}),
        unknown=("nodeConfig.shieldedInstanceConfig",),
    ),
    Case(
        "gcp-secure-boot",
        _POOL,
        _NODE_POOL,
        broken=({"nodeConfig": None}, {"nodeConfig.shieldedInstanceConfig.enableSecureBoot": None}),
        unknown=("nodeConfig", "nodeConfig.shieldedInstanceConfig.enableSecureBoot"),
    ),
    Case(
        "gcp-integrity-monitoring",
        _POOL,
        _NODE_POOL,
        broken=({"nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring": False},),
        unknown=("nodeConfig", "nodeConfig.shieldedInstanceConfig"),
    ),
    Case(
        "gcp-integrity-monitoring",
        GKE,
        {**CLUSTER, **_INLINE},
        broken=({"nodePools.0.nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring": False},),
        unknown=("nodePools", "removeDefaultNodePool"),
    ),
    Case(
        "gcp-workload-identity",
        GKE,
        CLUSTER,
        broken=({"workloadIdentityConfig": None},),
        unknown=("workloadIdentityConfig", "enableAutopilot"),
    ),
    Case(
        "gcp-node-metadata",
        _POOL,
        _NODE_POOL,
        broken=(
            {"nodeConfig.workloadMetadataConfig": None},
            {"nodeConfig.workloadMetadataConfig.mode": "GCE_METADATA"},
        ),
        unknown=("nodeConfig", "nodeConfig.workloadMetadataConfig.mode"),
    ),
)


def _nodes(**changes: Any) -> dict[str, Any]:
    return {**_NODES, **changes}


def _pool(*, fed_by: tuple[str, ...] = (), **changes: Any) -> Resource:
    return resource(_POOL, {"nodeConfig": _nodes(**changes)}, dependencies={"nodeConfig": fed_by})


_MADE_HERE: Final = resource(_ACCOUNT, {"accountId": "nodes"}, name="nodes")
_OTHER: Final = resource("gcp:kms/cryptoKey:CryptoKey", {}, name="key")


STACK_CASES: Final = (
    StackCase(
        "gcp-node-account",
        _pool(serviceAccount=UNKNOWN, fed_by=(_OTHER.urn, _MADE_HERE.urn)),
        passing=(_MADE_HERE, _OTHER),
        unknown=((_OTHER,),),
        unknown_subjects=(_pool(serviceAccount=UNKNOWN),),
        broken_subjects=(
            _pool(serviceAccount=None),
            _pool(serviceAccount="default"),
            _pool(serviceAccount="123-compute@developer.gserviceaccount.com"),
        ),
    ),
    StackCase("gcp-node-account", _pool(), passing=()),
    StackCase("gcp-node-account", resource(GKE, AUTOPILOT), passing=()),
    StackCase("gcp-node-account", resource(GKE, _PROVISIONED), passing=()),
    StackCase(
        "gcp-node-account",
        resource(GKE, CLUSTER),
        passing=(),
        unknown_subjects=(resource(GKE, {**CLUSTER, "clusterAutoscaling": UNKNOWN}),),
        broken_subjects=(
            resource(GKE, {**CLUSTER, "removeDefaultNodePool": False}),
            resource(GKE, {**_PROVISIONED, "clusterAutoscaling": {"enabled": True}}),
            resource(GKE, {"nodePools": [{"nodeConfig": _nodes(serviceAccount=None)}]}),
        ),
    ),
)
