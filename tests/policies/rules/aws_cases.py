"""Cases of the AWS rules."""

from __future__ import annotations

from typing import Final

from tests.policies.cases import Case

_CLUSTER: Final = {
    "vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"], "endpointPrivateAccess": True}
}

CASES: Final = (
    Case(
        "aws-api-public",
        "aws:eks/cluster:Cluster",
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
        "aws-api-private",
        "aws:eks/cluster:Cluster",
        _CLUSTER,
        broken=({"vpcConfig.endpointPrivateAccess": False}, {"vpcConfig.endpointPrivateAccess": None}),
        unknown=("vpcConfig.endpointPrivateAccess",),
    ),
)
