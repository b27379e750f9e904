"""Backups of what lives in the cluster: its objects, secrets and disks, by Backup for GKE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.settings import GcpBackupSettings, GcpProviderSettings, ProtectionSettings
from components.tags import labels


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """What a plan is made from.

    `cluster_id` is the cluster's whole name, `projects/.../clusters/...`; `after` is what encrypting waits for.
    """

    settings: GcpBackupSettings
    cluster_id: pulumi.Output[str]
    provider: GcpProviderSettings
    protection: ProtectionSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource
    after: Sequence[pulumi.Resource] = ()


def backup_plan(name: str, args: BackupArgs) -> gcp.gkebackup.BackupPlan:
    """Make the plan.

    It always outlives the stack: Google deletes no plan that has backups, and a destroy must end. Its backups go by
    themselves after their days; then the plan can be deleted by hand. Source: Backup for GKE documentation, "Delete a
    backup plan", as known in 2026-11; not read.
    """
    settings = args.settings
    key = settings.key
    return gcp.gkebackup.BackupPlan(
        name,
        project=args.provider.project,
        location=args.provider.region,
        cluster=args.cluster_id,
        description="Objects, secrets and volumes of all namespaces",
        backup_config=gcp.gkebackup.BackupPlanBackupConfigArgs(
            all_namespaces=True,
            include_secrets=True,
            include_volume_data=True,
            encryption_key=gcp.gkebackup.BackupPlanBackupConfigEncryptionKeyArgs(gcp_kms_encryption_key=key)
            if key is not None
            else None,
        ),
        backup_schedule=gcp.gkebackup.BackupPlanBackupScheduleArgs(cron_schedule=settings.schedule),
        retention_policy=gcp.gkebackup.BackupPlanRetentionPolicyArgs(backup_retain_days=settings.keep_days),
        labels=labels(args.tags),
        opts=pulumi.ResourceOptions(
            parent=args.parent,
            depends_on=list(args.after),
            protect=args.protection.protect,
            retain_on_delete=True,
        ),
    )
