"""Amazon resource names that are known before anything is made, so that previews show them."""

from __future__ import annotations

from typing import Final

_PARTITIONS: Final = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}
"""Partition by the start of the region's name, where it is not `aws`. Source: botocore's partitions.json, 2026-11."""


def partition(region: str) -> str:
    """The partition that a region belongs to: `aws`, `aws-cn`, `aws-us-gov`, ..."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


def managed_policy(region: str, path_and_name: str) -> str:
    """ARN of a policy that AWS keeps: `service-role/AmazonEFSCSIDriverPolicy`."""
    return f"arn:{partition(region)}:iam::aws:policy/{path_and_name}"


def access_policy(region: str, name: str) -> str:
    """ARN of an EKS access policy: what a principal may do inside a cluster."""
    return f"arn:{partition(region)}:eks::aws:cluster-access-policy/{name}"


def eks(region: str, account: str, resource: str) -> str:
    """ARN of something of EKS: `cluster/NAME`, `nodegroup/CLUSTER/*`."""
    return f"arn:{partition(region)}:eks:{region}:{account}:{resource}"
