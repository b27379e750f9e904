"""Amazon resource names that are known before anything is made, so that previews show them."""

from __future__ import annotations

from components.settings.provider import aws_partition as partition

__all__ = ["access_policy", "eks", "managed_policy", "partition"]


def managed_policy(region: str, path_and_name: str) -> str:
    """ARN of a policy that AWS keeps: `service-role/AmazonEFSCSIDriverPolicy`."""
    return f"arn:{partition(region)}:iam::aws:policy/{path_and_name}"


def access_policy(region: str, name: str) -> str:
    """ARN of an EKS access policy: what a principal may do inside a cluster."""
    return f"arn:{partition(region)}:eks::aws:cluster-access-policy/{name}"


def eks(region: str, account: str, resource: str) -> str:
    """ARN of something of EKS: `cluster/NAME`, `nodegroup/CLUSTER/*`."""
    return f"arn:{partition(region)}:eks:{region}:{account}:{resource}"
