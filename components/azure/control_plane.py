"""The control plane itself: what AKS is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
from pulumi_azure_native import containerservice

from components.azure.bootstrap_pool import first_pools
from components.azure.cluster_identities import ClusterIdentities
from components.azure.hardening import add_on_profiles, entra, security_profile
from components.azure.secrets_key import SecretsKey
from components.azure.upgrade import control_plane_guard
from components.contract import Network
from components.settings import (
    AksAutoscaler,
    AksClusterSettings,
    AksMode,
    AksSupport,
    AksTier,
    AzureProviderSettings,
    NodeOsChannel,
    ProtectionSettings,
    UpgradeChannel,
)

_TIERS: Final = {AksTier.FREE: "Free", AksTier.STANDARD: "Standard", AksTier.PREMIUM: "Premium"}
_SUPPORT_PLANS: Final = {AksSupport.STANDARD: "KubernetesOfficial", AksSupport.LONG_TERM: "AKSLongTermSupport"}
_UPGRADE_CHANNELS: Final = {channel: channel.value for channel in UpgradeChannel}
_NODE_OS_CHANNELS: Final = {
    NodeOsChannel.NONE: "None",
    NodeOsChannel.UNMANAGED: "Unmanaged",
    NodeOsChannel.NODE_IMAGE: "NodeImage",
    NodeOsChannel.SECURITY_PATCH: "SecurityPatch",
}
_DNS_HOST: Final = 10
"""Which of the services' addresses is the cluster DNS's."""


@dataclass(frozen=True, kw_only=True)
class ControlPlaneArgs:
    """What a control plane is made from.

    `outbound_type` is how nodes reach the internet, in AKS's words; `encryption_at_host` is the first pool's.
    """

    settings: AksClusterSettings
    provider: AzureProviderSettings
    network: Network
    protection: ProtectionSettings
    tags: Mapping[str, str]
    resource_group_name: pulumi.Output[str]
    outbound_type: str
    encryption_at_host: bool
    identities: ClusterIdentities
    secrets_key: SecretsKey
    workspace: pulumi.Input[str]
    parent: pulumi.Resource

    @property
    def automatic(self) -> bool:
        """Whether AKS makes and runs the nodes."""
        return self.settings.mode is AksMode.AUTOMATIC


def control_plane(args: ControlPlaneArgs) -> containerservice.ManagedCluster:
    """Make the cluster, logical name `settings.name`.

    Its physical name is autonamed, and so changes exactly when the cluster is replaced. Pulumi guards it, no lock of
    Azure's, which would hold for its node pools, too.
    """
    settings = args.settings
    arguments = _arguments(args)
    if not args.automatic:
        _make_standard(arguments, args)
    return containerservice.ManagedCluster(
        settings.name,
        arguments,
        pulumi.ResourceOptions(
            parent=args.parent,
            depends_on=[*args.identities.rights.values(), *args.secrets_key.rights, *args.network.ready],
            protect=args.protection.protect,
            hooks=control_plane_guard(settings.name),
            ignore_changes=["agentPoolProfiles"],  # the first request's alone: pools are resources of their own
        ),
    )


def _arguments(args: ControlPlaneArgs) -> containerservice.ManagedClusterArgs:
    """What every cluster is told, in either mode."""
    settings, identities = args.settings, args.identities
    tier = "Standard" if args.automatic else _TIERS[settings.tier]
    return containerservice.ManagedClusterArgs(
        resource_group_name=args.resource_group_name,
        location=args.provider.region,
        sku=containerservice.ManagedClusterSKUArgs(name="Automatic" if args.automatic else "Base", tier=tier),
        kubernetes_version=settings.version,
        identity=containerservice.ManagedClusterIdentityArgs(
            type=containerservice.ResourceIdentityType.USER_ASSIGNED,
            user_assigned_identities=[identities.control_plane.id],
        ),
        agent_pool_profiles=first_pools(settings, args.network, encryption_at_host=args.encryption_at_host),
        aad_profile=entra(args.provider),
        api_server_access_profile=_api_server(args),
        network_profile=_network_profile(args),
        oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
        security_profile=security_profile(settings, args.secrets_key.kms, args.workspace),
        storage_profile=_storage_profile(),
        addon_profiles=add_on_profiles(settings),
        node_provisioning_profile=_node_provisioning(settings),
        tags=dict(args.tags),
    )


def _make_standard(arguments: containerservice.ManagedClusterArgs, args: ControlPlaneArgs) -> None:
    """What a standard cluster is told beside, and AKS Automatic decides by itself.

    Source of the difference: Azure verified module for AKS, locals.resource_body.tf, read 2026-11-29.
    """
    settings = args.settings
    arguments.dns_prefix = settings.name
    arguments.enable_rbac = True
    arguments.disable_local_accounts = True
    arguments.support_plan = _SUPPORT_PLANS[settings.support]
    arguments.disk_encryption_set_id = settings.disk_encryption_set
    if args.identities.kubelet is not None:
        arguments.identity_profile = {
            "kubeletidentity": containerservice.UserAssignedIdentityArgs(resource_id=args.identities.kubelet.id)
        }
    arguments.auto_upgrade_profile = containerservice.ManagedClusterAutoUpgradeProfileArgs(
        upgrade_channel=_UPGRADE_CHANNELS[settings.upgrade_channel],
        node_os_upgrade_channel=_NODE_OS_CHANNELS[settings.node_os_channel],
    )
    if settings.autoscaler is AksAutoscaler.CLUSTER_AUTOSCALER:
        arguments.auto_scaler_profile = containerservice.ManagedClusterPropertiesAutoScalerProfileArgs(
            balance_similar_node_groups="true", expander="least-waste"
        )


def _api_server(args: ControlPlaneArgs) -> containerservice.ManagedClusterAPIServerAccessProfileArgs:
    """Who reaches the API server: the network, and the settings' ranges; nobody runs commands in it through Azure."""
    settings, network = args.settings, args.network
    integrated = settings.api_server_vnet_integration
    return containerservice.ManagedClusterAPIServerAccessProfileArgs(
        enable_private_cluster=settings.private,
        enable_private_cluster_public_fqdn=False if settings.private else None,
        private_dns_zone="system" if settings.private else None,
        authorized_ip_ranges=None if settings.private else [str(each) for each in settings.api_access],
        enable_vnet_integration=integrated,
        subnet_id=network.control_plane_subnet_ids[network.zones[0]] if integrated else None,
        disable_run_command=True,
    )


def _network_profile(args: ControlPlaneArgs) -> containerservice.ContainerServiceNetworkProfileArgs:
    """Azure CNI's overlay with Cilium, which enforces network policies, too."""
    settings = args.settings
    return containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin="azure",
        network_plugin_mode="overlay",
        network_dataplane="cilium",
        network_policy="cilium",
        pod_cidr=str(settings.pod_cidr),
        service_cidr=str(settings.service_cidr),
        dns_service_ip=dns_address(settings.service_cidr),
        outbound_type=args.outbound_type,
        load_balancer_sku="standard",
    )


def dns_address(services: IPv4Network) -> str:
    """The cluster DNS's address: the tenth of the services', where all clusters have it."""
    return str(services[_DNS_HOST])


def _storage_profile() -> containerservice.ManagedClusterStorageProfileArgs:
    """Drivers of disks and files, and the snapshot controller; the driver of blobs stays out."""
    return containerservice.ManagedClusterStorageProfileArgs(
        disk_csi_driver=containerservice.ManagedClusterStorageProfileDiskCSIDriverArgs(enabled=True),
        file_csi_driver=containerservice.ManagedClusterStorageProfileFileCSIDriverArgs(enabled=True),
        blob_csi_driver=containerservice.ManagedClusterStorageProfileBlobCSIDriverArgs(enabled=False),
        snapshot_controller=containerservice.ManagedClusterStorageProfileSnapshotControllerArgs(enabled=True),
    )


def _node_provisioning(settings: AksClusterSettings) -> containerservice.ManagedClusterNodeProvisioningProfileArgs:
    """Whether AKS makes nodes of types of its own choice."""
    provisions = settings.mode is AksMode.AUTOMATIC or settings.autoscaler is AksAutoscaler.NODE_AUTO_PROVISIONING
    return containerservice.ManagedClusterNodeProvisioningProfileArgs(mode="Auto" if provisions else "Manual")
