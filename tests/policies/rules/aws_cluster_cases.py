"""Cases of the rules on EKS clusters."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from policies.properties import UNKNOWN
from policies.rule import Circumstances, Environment
from policies.rules.aws_cluster import LOG_TYPES
from policies.rules.aws_cluster_access import EKS_CLUSTER
from tests.policies.cases import Case

_CLUSTER: Final[dict[str, Any]] = {
    "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
    "deletionProtection": True,
    "enabledClusterLogTypes": list(LOG_TYPES),
    "encryptionConfig": {"resources": ["secrets"], "provider": {"keyArn": UNKNOWN}},
    "upgradePolicy": {"supportType": "STANDARD"},
    "version": "1.35",
    "vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"], "endpointPrivateAccess": True},
}
_HYBRID: Final = {**_CLUSTER, "remoteNetworkConfig": {"remoteNodeNetworks": {"cidrs": ["10.80.0.0/16"]}}}
_IN_2026: Final = Circumstances(as_of=dt.date(2026, 11, 29))
_IN_2027: Final = Circumstances(as_of=dt.date(2027, 3, 27))
_PRODUCTION: Final = Circumstances(environment=Environment.PROD)

CASES: Final = (
    Case(
        "aws-api-public",
        EKS_CLUSTER,
        _CLUSTER,
        broken=(
            {"vpcConfig.publicAccessCidrs": ["0.0.0.0/0"]},
            {"vpcConfig.publicAccessCidrs": ["203.0.113.0/24", "::/0"]},
            {"vpcConfig.publicAccessCidrs": None},
            {"vpcConfig": None},
        ),
        unknown=("vpcConfig", "vpcConfig.endpointPublicAccess", "vpcConfig.publicAccessCidrs.0"),
    ),
    Case(
        "aws-no-public-api",
        "aws:eks/cluster:Cluster",
        {"vpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": True}},
        broken=({"vpcConfig.endpointPublicAccess": True}, {"vpcConfig.endpointPublicAccess": None}),
        unknown=("vpcConfig", "vpcConfig.endpointPublicAccess"),
    ),
    Case(
        "aws-api-private",
        EKS_CLUSTER,
        _CLUSTER,
        broken=({"vpcConfig.endpointPrivateAccess": False}, {"vpcConfig.endpointPrivateAccess": None}),
        unknown=("vpcConfig.endpointPrivateAccess",),
    ),
    Case(
        "aws-api-private",
        EKS_CLUSTER,
        {**_HYBRID, "vpcConfig": {"endpointPublicAccess": True}},
        broken=({"vpcConfig.endpointPublicAccess": False},),
        unknown=("vpcConfig.endpointPublicAccess",),
    ),
    Case(
        "aws-access-entries",
        EKS_CLUSTER,
        _CLUSTER,
        broken=({"accessConfig.authenticationMode": "API_AND_CONFIG_MAP"}, {"accessConfig": None}),
        unknown=("accessConfig.authenticationMode",),
    ),
    Case(
        "aws-creator-admin",
        EKS_CLUSTER,
        _CLUSTER,
        broken=(
            {"accessConfig.bootstrapClusterCreatorAdminPermissions": True},
            {"accessConfig.bootstrapClusterCreatorAdminPermissions": None},
        ),
        unknown=("accessConfig",),
    ),
    Case(
        "aws-secrets-kms",
        EKS_CLUSTER,
        _CLUSTER,
        broken=(
            {"encryptionConfig": None},
            {"encryptionConfig.resources": []},
            {"encryptionConfig.provider": {}},
        ),
        unknown=("encryptionConfig", "encryptionConfig.resources"),
    ),
    Case(
        "aws-control-plane-logs",
        EKS_CLUSTER,
        _CLUSTER,
        broken=({"enabledClusterLogTypes": None}, {"enabledClusterLogTypes": ["api", "scheduler"]}),
        unknown=("enabledClusterLogTypes",),
    ),
    Case(
        "aws-version",
        EKS_CLUSTER,
        _CLUSTER,
        broken=(
            {"version": "1.33"},
            {"version": "1.9"},
        ),
        unknown=("version",),
        circumstances=_IN_2026,
    ),
    Case(
        "aws-support-type",
        EKS_CLUSTER,
        _CLUSTER,
        broken=({"upgradePolicy": None}, {"upgradePolicy.supportType": "EXTENDED"}),
        unknown=("upgradePolicy.supportType",),
    ),
    Case(
        "aws-version",
        EKS_CLUSTER,
        _CLUSTER,
        broken=({"version": "1.34"},),
        unknown=("version",),
        circumstances=_IN_2027,
    ),
    Case(
        "aws-delete-guard",
        EKS_CLUSTER,
        _CLUSTER,
        broken=({"deletionProtection": False}, {"deletionProtection": None}),
        unknown=("deletionProtection",),
        circumstances=_PRODUCTION,
    ),
)
