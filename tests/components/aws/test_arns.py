"""ARNs that are known before anything is made."""

from __future__ import annotations

import pytest

from components.aws import arns


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("eu-central-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_tells_its_partition(region: str, partition: str) -> None:
    assert arns.partition(region) == partition


def test_a_managed_policy_keeps_its_path() -> None:
    policy = arns.managed_policy("cn-north-1", "service-role/AmazonEFSCSIDriverPolicy")
    assert policy == "arn:aws-cn:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"


def test_an_access_policy_has_neither_region_nor_account() -> None:
    policy = arns.access_policy("us-gov-west-1", "AmazonEKSViewPolicy")
    assert policy == "arn:aws-us-gov:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


def test_a_cluster_has_region_and_account() -> None:
    assert arns.eks("eu-west-1", "123456789012", "cluster/x") == "arn:aws:eks:eu-west-1:123456789012:cluster/x"
