"""One line says what a thing is: its version, its machines, its range or its size."""

from __future__ import annotations

from typing import Any

import pytest

from preview.plan import UNKNOWN
from preview.report.sizes import note
from tests.preview.report.samples import resource

GROUP = "aws:eks/nodeGroup:NodeGroup"


@pytest.mark.parametrize(
    ("type_", "inputs", "line"),
    [
        ("aws:eks/cluster:Cluster", {"version": "1.35"}, "Kubernetes 1.35"),
        ("gcp:container/cluster:Cluster", {"minMasterVersion": "1.35", "nodeConfig": {"machineType": "e2-medium"}},
         "Kubernetes 1.35"),
        ("azure-native:containerservice:ManagedCluster", {"kubernetesVersion": "1.35"}, "Kubernetes 1.35"),
        ("aws:eks/cluster:Cluster", {"version": UNKNOWN}, ""),
        (GROUP, {"instanceTypes": ["a"], "scalingConfig": {"minSize": 1, "maxSize": 3}}, "1 to 3 \u00d7 a"),
        (GROUP, {"instanceTypes": ["a", "b"], "scalingConfig": {"minSize": 2, "maxSize": 2}}, "2 \u00d7 a or b"),
        (GROUP, {"instanceTypes": ["a", "b", "c"]}, "a and 2 more types"),
        ("gcp:container/nodePool:NodePool", {"nodeConfig": {"machineType": "m"}, "autoscaling": {"maxNodeCount": 2}},
         "0 to 2 a zone \u00d7 m"),
        ("azure-native:containerservice:AgentPool", {"vmSize": "v", "count": 3}, "3 \u00d7 v"),
        ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, "10.0.0.0/16"),
        ("azure-native:network:VirtualNetwork", {"addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}}, "10.0.0.0/8"),
        ("aws:ebs/volume:Volume", {"size": 20}, "20 GiB"),
        ("aws:kms/key:Key", {}, ""),
    ],
)  # fmt: skip
def test_a_resource_is_told_in_a_line(type_: str, inputs: dict[str, Any], line: str) -> None:
    assert note(resource("prod", type_, "it", inputs)) == line
