"""Backups of what claims wrote: the cluster's disks by their tags, and the file system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.arns import managed_policy, partition
from components.aws.policies import trust
from components.aws.roles import RoleArgs, RoleWithPolicies, role_with_policies
from components.aws.storage_classes import volume_tags
from components.settings import AwsBackupSettings, AwsProviderSettings, ProtectionSettings
from components.tags import named


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """What backups are made from. `file_system` is None where there is none."""

    settings: AwsBackupSettings
    file_system: aws.efs.FileSystem | None
    provider: AwsProviderSettings
    protection: ProtectionSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource


def backups(name: str, args: BackupArgs) -> aws.backup.Vault:
    """Make the vault, the plan, and what the plan backs up; return the vault."""
    vault = _vault(name, args)
    plan = _plan(name, vault, args)
    role = _role(name, args)
    waiting = pulumi.ResourceOptions(parent=args.parent, depends_on=list(role.rights))
    aws.backup.Selection(
        f"{name}-disks",
        plan_id=plan.id,
        iam_role_arn=role.role.arn,
        resources=[f"arn:{partition(args.provider.region)}:ec2:*:*:volume/*"],
        conditions=[aws.backup.SelectionConditionArgs(string_equals=_has_every_volume_tag(args.tags))],
        opts=waiting,
    )
    if args.file_system is not None:
        aws.backup.Selection(
            f"{name}-files",
            plan_id=plan.id,
            iam_role_arn=role.role.arn,
            resources=[args.file_system.arn],
            opts=waiting,
        )
    return vault


def _plan(name: str, vault: aws.backup.Vault, args: BackupArgs) -> aws.backup.Plan:
    """When backups are made, and how long each is kept."""
    rule = aws.backup.PlanRuleArgs(
        rule_name="scheduled",
        target_vault_name=vault.name,
        schedule=args.settings.schedule,
        lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=args.settings.keep_days),
        recovery_point_tags=dict(args.tags),
    )
    return aws.backup.Plan(
        name, rules=[rule], tags=named(args.tags, name), opts=pulumi.ResourceOptions(parent=args.parent)
    )


def _role(name: str, args: BackupArgs) -> RoleWithPolicies:
    """What AWS Backup acts as, also when someone restores."""
    region = args.provider.region
    managed = {
        "backup": managed_policy(region, "service-role/AWSBackupServiceRolePolicyForBackup"),
        "restore": managed_policy(region, "service-role/AWSBackupServiceRolePolicyForRestores"),
    }
    acting = trust("backup.amazonaws.com")
    return role_with_policies(name, RoleArgs(trust=acting, managed=managed, tags=args.tags, parent=args.parent))


def _vault(name: str, args: BackupArgs) -> aws.backup.Vault:
    """The vault and its own key; where the vault is kept its key is too, or its backups could not be read."""
    kept = pulumi.ResourceOptions(
        parent=args.parent, protect=args.protection.protect, retain_on_delete=args.protection.keep_data
    )
    key = aws.kms.Key(
        f"{name}-key",
        description="Backups of the platform's persistent volumes",
        enable_key_rotation=True,
        deletion_window_in_days=30,
        tags=named(args.tags, f"{name}-key"),
        opts=kept,
    )
    return aws.backup.Vault(
        name,
        kms_key_arn=key.arn,
        force_destroy=not args.protection.keep_data,
        tags=named(args.tags, name),
        opts=kept,
    )


def _has_every_volume_tag(tags: Mapping[str, str]) -> list[aws.backup.SelectionConditionStringEqualArgs]:
    """The tags that only the disks of this stack's claims have; the nodes' own disks lack one of them."""
    return [
        aws.backup.SelectionConditionStringEqualArgs(key=f"aws:ResourceTag/{key}", value=value)
        for key, value in volume_tags(tags).items()
    ]
