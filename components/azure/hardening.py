"""What every cluster leaves closed, and what of Azure's checks the settings choose."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import containerservice

from components.settings import AksClusterSettings, AksMode, AzureProviderSettings


def entra(provider: AzureProviderSettings) -> containerservice.ManagedClusterAADProfileArgs:
    """Entra ID and Azure RBAC alone say who may do what: no group of administrators, no account of Kubernetes' own."""
    return containerservice.ManagedClusterAADProfileArgs(
        managed=True, enable_azure_rbac=True, tenant_id=provider.tenant_id
    )


def security_profile(
    settings: AksClusterSettings, kms: containerservice.AzureKeyVaultKmsArgs, workspace: pulumi.Input[str]
) -> containerservice.ManagedClusterSecurityProfileArgs:
    """Encrypted secrets, identities for pods, no stale images, and Defender where the settings want it.

    AKS Automatic removes stale images whatever it is told.
    """
    hours = settings.image_cleaner_hours
    cleaner = containerservice.ManagedClusterSecurityProfileImageCleanerArgs(
        enabled=hours is not None, interval_hours=hours
    )
    monitoring = containerservice.ManagedClusterSecurityProfileDefenderSecurityMonitoringArgs(enabled=settings.defender)
    return containerservice.ManagedClusterSecurityProfileArgs(
        azure_key_vault_kms=kms,
        workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        image_cleaner=cleaner if settings.mode is AksMode.STANDARD else None,
        defender=containerservice.ManagedClusterSecurityProfileDefenderArgs(
            security_monitoring=monitoring,
            log_analytics_workspace_resource_id=workspace if settings.defender else None,
        ),
    )


def add_on_profiles(settings: AksClusterSettings) -> dict[str, containerservice.ManagedClusterAddonProfileArgs]:
    """Azure Policy's add-on; on or off is said, as nobody else should turn it."""
    return {"azurepolicy": containerservice.ManagedClusterAddonProfileArgs(enabled=settings.azure_policy)}
