"""Karpenter: what its nodes are like, and that no machine of its outlives the cluster."""

from __future__ import annotations

from typing import Any

import pulumi

from components.incluster.karpenter import Karpenter, KarpenterArgs
from components.terms import WorkloadIdentity
from preview.plan import Resource
from tests.components.doubles import NODE_ROLE, Stand
from tests.components.plans import sound
from tests.support import plan


def karpenter(**args: Any) -> Karpenter:
    defaults: dict[str, Any] = {
        "region": "us-east-1",
        "cluster_name": "cluster-1a2b3c",
        "version": "1.14.1",
        "identity": WorkloadIdentity(principal=pulumi.Output.from_input("role"), ready=(Stand("association"),)),
        "interruption_queue": "queue",
        "node_role": NODE_ROLE,
        "subnet_ids": ["subnet-a", "subnet-b"],
        "security_group_ids": ["sg-nodes"],
        "image_alias": "al2023@v20261101",
        "tags": {"team": "core"},
    }
    shared = pulumi.ResourceOptions(deleted_with=Stand("control-plane"), depends_on=[Stand("node-groups")])
    return Karpenter("karpenter", KarpenterArgs(**{**defaults, **args}), shared)


def planned(**args: Any) -> dict[tuple[str, str], Resource]:
    return sound(plan(lambda: karpenter(**args)))


def node_class(**args: Any) -> dict[str, Any]:
    return planned(**args)["EC2NodeClass", "karpenter-node-class"].inputs["spec"]


def test_its_machines_are_taken_down_before_the_controller_and_the_cluster_go() -> None:
    resources = planned()
    pool, shape = resources["NodePool", "karpenter-node-pool"], resources["EC2NodeClass", "karpenter-node-class"]
    controller = resources["Release", "karpenter"]
    assert (pool.deleted_with, shape.deleted_with) == (None, None)
    assert shape.urn in pool.dependencies
    assert controller.urn in shape.dependencies
    assert resources["Stand", "node-groups"].urn in controller.dependencies
    assert controller.deleted_with == resources["Stand", "control-plane"].urn


def test_both_charts_are_pinned_and_the_definitions_come_first() -> None:
    resources = planned()
    definitions, controller = resources["Release", "karpenter-crd"], resources["Release", "karpenter"]
    assert definitions.inputs["version"] == controller.inputs["version"] == "1.14.1"
    assert controller.inputs["skipCrds"] is True
    assert {definitions.urn, resources["Stand", "association"].urn} <= set(controller.dependencies)
    assert controller.inputs["values"]["settings"] == {
        "clusterName": "cluster-1a2b3c",
        "interruptionQueue": "queue",
    }


def test_it_is_told_its_region_as_pods_cannot_ask_their_machine() -> None:
    values = planned(region="eu-west-1")["Release", "karpenter"].inputs["values"]
    assert values["controller"]["env"] == [{"name": "AWS_REGION", "value": "eu-west-1"}]
    assert node_class()["metadataOptions"]["httpPutResponseHopLimit"] == 1


def test_its_nodes_disks_are_encrypted_and_pods_do_not_reach_the_machines_credentials() -> None:
    spec = node_class(disk_gib=80)
    (disk,) = spec["blockDeviceMappings"]
    assert disk["ebs"]["encrypted"] is True
    assert (disk["ebs"]["volumeType"], disk["ebs"]["volumeSize"]) == ("gp3", "80Gi")
    assert spec["metadataOptions"]["httpTokens"] == "required"
    assert spec["metadataOptions"]["httpPutResponseHopLimit"] == 1
    assert spec["associatePublicIPAddress"] is False


def test_its_nodes_lie_where_they_are_told_with_a_pinned_image_and_the_nodes_role() -> None:
    spec = node_class()
    assert spec["subnetSelectorTerms"] == [{"id": "subnet-a"}, {"id": "subnet-b"}]
    assert spec["securityGroupSelectorTerms"] == [{"id": "sg-nodes"}]
    assert spec["amiSelectorTerms"] == [{"alias": "al2023@v20261101"}]
    assert spec["role"] == "nodes-1a2b3c4"
    assert spec["tags"] == {"team": "core"}


def test_its_pool_has_a_limit_and_makes_only_what_images_are_built_for() -> None:
    spec = planned(architectures=("arm64",), cpu_limit=16)["NodePool", "karpenter-node-pool"].inputs["spec"]
    requirements = {entry["key"]: entry["values"] for entry in spec["template"]["spec"]["requirements"]}
    assert requirements["kubernetes.io/arch"] == ["arm64"]
    assert requirements["karpenter.sh/capacity-type"] == ["on-demand"]
    assert spec["limits"] == {"cpu": "16"}
    assert spec["template"]["spec"]["nodeClassRef"]["name"] == "default"
