"""The file system that many nodes mount at once: EFS, with a mount target in each zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.contract import Cluster, Network
from components.settings import AwsFileStorageSettings, ProtectionSettings
from components.tags import named

NFS_PORT: Final = 2049


@dataclass(frozen=True, kw_only=True)
class FileSystemArgs:
    """What the file system is made from. `backed_up` says that a plan of the stack's own backs it up."""

    settings: AwsFileStorageSettings
    network: Network
    cluster: Cluster
    protection: ProtectionSettings
    tags: Mapping[str, str]
    backed_up: bool
    parent: pulumi.Resource


@dataclass(frozen=True)
class FileSystem:
    """A file system, and what a claim waits for before it can be mounted."""

    resource: aws.efs.FileSystem
    ready: Sequence[pulumi.Resource]


def file_system(name: str, args: FileSystemArgs) -> FileSystem:
    """Make an encrypted file system that only the cluster's nodes reach, and only over TLS."""
    child = pulumi.ResourceOptions(parent=args.parent)
    made = _file_system(name, args)
    with_it = pulumi.ResourceOptions(parent=args.parent, deleted_with=made)  # a kept file system keeps its policies
    policy = aws.efs.FileSystemPolicy(
        name, file_system_id=made.id, policy=pulumi.Output.json_dumps(_over_tls_only(made)), opts=with_it
    )
    aws.efs.BackupPolicy(
        name,
        file_system_id=made.id,
        backup_policy=aws.efs.BackupPolicyBackupPolicyArgs(status=automatic_backups(args)),
        opts=with_it,
    )
    group = _security_group(name, args)
    targets = [
        aws.efs.MountTarget(
            f"{name}-{zone}", file_system_id=made.id, subnet_id=subnet, security_groups=[group.id], opts=child
        )
        for zone, subnet in args.network.node_subnet_ids.items()
    ]
    return FileSystem(made, (policy, *targets))


def automatic_backups(args: FileSystemArgs) -> str:
    """Whether EFS backs itself up daily: where data is to be kept and no plan of the stack's does it."""
    return "ENABLED" if args.protection.keep_data and not args.backed_up else "DISABLED"


def _file_system(name: str, args: FileSystemArgs) -> aws.efs.FileSystem:
    """The file system; files that nobody reads for 30 days move to the cheaper class, and back when read."""
    return aws.efs.FileSystem(
        name,
        encrypted=True,
        kms_key_id=args.settings.key_arn,
        performance_mode="generalPurpose",
        throughput_mode="elastic",
        lifecycle_policies=[
            aws.efs.FileSystemLifecyclePolicyArgs(transition_to_ia="AFTER_30_DAYS"),
            aws.efs.FileSystemLifecyclePolicyArgs(transition_to_primary_storage_class="AFTER_1_ACCESS"),
        ],
        tags=named(args.tags, name),
        opts=pulumi.ResourceOptions(
            parent=args.parent, protect=args.protection.protect, retain_on_delete=args.protection.keep_data
        ),
    )


def _security_group(name: str, args: FileSystemArgs) -> aws.ec2.SecurityGroup:
    """Lets the cluster's nodes in, or the whole network where they have no security group of their own."""
    group = aws.ec2.SecurityGroup(
        name,
        description="NFS from the cluster's nodes",
        vpc_id=args.network.network_id,
        tags=named(args.tags, name),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )
    nodes = args.cluster.security_group_ids.get("nodes")
    if nodes is not None:
        _let_in(f"{name}-nodes", group, args, source=nodes)
        return group
    for cidr in args.network.cidrs:
        _let_in(f"{name}-{str(cidr).replace('/', '-')}", group, args, cidr=str(cidr))
    return group


def _let_in(
    name: str,
    group: aws.ec2.SecurityGroup,
    args: FileSystemArgs,
    *,
    source: pulumi.Output[str] | None = None,
    cidr: str | None = None,
) -> None:
    """Let a security group's members, or a range, reach the mount targets."""
    aws.vpc.SecurityGroupIngressRule(
        name,
        security_group_id=group.id,
        referenced_security_group_id=source,
        cidr_ipv4=cidr,
        ip_protocol="tcp",
        from_port=NFS_PORT,
        to_port=NFS_PORT,
        tags=named(args.tags, name),
        opts=pulumi.ResourceOptions(parent=args.parent),
    )


def _over_tls_only(made: aws.efs.FileSystem) -> dict[str, Any]:
    """Who comes through a mount target may read and write, as no one's root, and nobody without TLS.

    Source: EFS user guide, "Using IAM to control access to file systems" and "Blocking public access", read 2026-11-23.
    """
    everyone = {"AWS": "*"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "MountTargetsReadAndWrite",
                "Effect": "Allow",
                "Principal": everyone,
                "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                "Resource": made.arn,
                "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
            },
            {
                "Sid": "NobodyWithoutTls",
                "Effect": "Deny",
                "Principal": everyone,
                "Action": "*",
                "Resource": made.arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
