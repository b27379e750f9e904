"""Karpenter's controller makes, changes and ends only what carries this cluster's tags."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.aws import karpenter_policies
from tests.components.aws.networks import provider

ROLE = "arn:aws:iam::123456789012:role/node"
OWN = "aws:ResourceTag/kubernetes.io/cluster/cluster-1"
ASKED = "aws:RequestTag/kubernetes.io/cluster/cluster-1"


def subject(region: str = "us-east-1") -> karpenter_policies.Subject:
    return karpenter_policies.Subject(cluster_name="cluster-1", provider=provider("a", region=region))


def by_sid(document: str) -> dict[str, Any]:
    return {statement["Sid"]: statement for statement in json.loads(document)["Statement"]}


@pytest.mark.parametrize("sid", ["StartFromOwnTemplates", "TagOwn", "EndOwn"])
def test_machines_that_stand_are_touched_only_with_the_clusters_tag(sid: str) -> None:
    condition = by_sid(karpenter_policies.machines(subject()))[sid]["Condition"]
    assert condition["StringEquals"] == {OWN: "owned"}
    assert condition["StringLike"] == {"aws:ResourceTag/karpenter.sh/nodepool": "*"}


@pytest.mark.parametrize("sid", ["StartTagged", "TagAtCreation"])
def test_new_machines_must_get_the_clusters_tag(sid: str) -> None:
    condition = by_sid(karpenter_policies.machines(subject()))[sid]["Condition"]
    assert condition["StringEquals"][ASKED] == "owned"
    assert condition["StringEquals"]["aws:RequestTag/eks:eks-cluster-name"] == "cluster-1"


def test_tags_come_with_creation_only() -> None:
    condition = by_sid(karpenter_policies.machines(subject()))["TagAtCreation"]["Condition"]
    assert condition["StringEquals"]["ec2:CreateAction"] == ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]


@pytest.mark.parametrize("sid", ["Tag", "ChangeOwn"])
def test_instance_profiles_are_touched_only_with_the_clusters_tag(sid: str) -> None:
    condition = by_sid(karpenter_policies.instance_profiles(subject(), ROLE))[sid]["Condition"]
    assert condition["StringEquals"][OWN] == "owned"
    assert condition["StringEquals"]["aws:ResourceTag/topology.kubernetes.io/region"] == "us-east-1"


def test_the_node_role_goes_to_ec2_alone() -> None:
    passing = by_sid(karpenter_policies.instance_profiles(subject(), ROLE))["PassNodeRole"]
    assert passing["Resource"] == ROLE
    assert passing["Condition"]["StringEquals"]["iam:PassedToService"] == ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]


def test_discovery_changes_nothing() -> None:
    for statement in by_sid(karpenter_policies.discovery(subject())).values():
        assert all(action.split(":")[1].startswith(("Describe", "Get", "List")) for action in statement["Action"])


def test_arns_are_of_the_regions_partition() -> None:
    documents = [
        karpenter_policies.machines(subject("cn-north-1")),
        karpenter_policies.instance_profiles(subject("cn-north-1"), ROLE.replace("arn:aws:", "arn:aws-cn:")),
        karpenter_policies.discovery(subject("cn-north-1")),
        karpenter_policies.cluster(subject("cn-north-1")),
    ]
    assert all('"arn:aws:' not in document for document in documents)


def test_interruptions_are_taken_from_the_one_queue() -> None:
    (statement,) = json.loads(karpenter_policies.interruptions("arn:aws:sqs:us-east-1:1:q"))["Statement"]
    assert statement["Resource"] == "arn:aws:sqs:us-east-1:1:q"
