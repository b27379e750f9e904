"""The control plane itself: what GKE is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from components.contract import Network
from components.gcp.add_ons import add_ons
from components.gcp.auto_provisioning import SCOPES, cluster_autoscaling
from components.gcp.endpoints import authorized_networks, endpoints, private_nodes
from components.gcp.hardening import harden
from components.gcp.maintenance import maintenance_policy
from components.gcp.observability import log_components, monitoring
from components.gcp.secrets_key import SecretsKey, SecretsKeyArgs, secrets_key
from components.gcp.service_accounts import AccountWithRoles
from components.gcp.upgrade import control_plane_guard
from components.settings import (
    GcpProviderSettings,
    GcpStorageSettings,
    GkeClusterSettings,
    GkeMode,
    ProtectionSettings,
)
from components.tags import labels

_OF_THE_FIRST_POOL: Final = ("initialNodeCount", "nodeConfig")
"""What is said once, of a pool that is gone when the cluster stands; a change of either would replace the cluster."""


@dataclass(frozen=True, kw_only=True)
class ControlPlaneArgs:
    """What a control plane is made from; `GkeClusterArgs` says what the parts of it mean."""

    settings: GkeClusterSettings
    provider: GcpProviderSettings
    network: Network
    protection: ProtectionSettings
    tags: Mapping[str, str]
    storage: GcpStorageSettings
    dual_stack: bool
    node_account: AccountWithRoles
    after: Sequence[pulumi.Resource]
    parent: pulumi.Resource

    @property
    def autopilot(self) -> bool:
        """Whether GKE makes and runs the nodes."""
        return self.settings.mode is GkeMode.AUTOPILOT

    @property
    def workload_pool(self) -> str:
        """The project's one pool of identities, which Kubernetes service accounts are members of."""
        return f"{self.provider.project}.svc.id.goog"


def control_plane(name: str, args: ControlPlaneArgs) -> gcp.container.Cluster:
    """Make the cluster, logical name `settings.name`, and its key, whose logical name starts with `name`.

    Its physical name is autonamed, and so changes exactly when the cluster is replaced.
    """
    settings = args.settings
    key = _secrets_key(f"{name}-secrets", args)
    arguments = _arguments(args, key.name)
    harden(arguments, settings)
    if not args.autopilot:
        _make_standard(arguments, args)
    return gcp.container.Cluster(
        settings.name,
        arguments,
        pulumi.ResourceOptions(
            parent=args.parent,
            depends_on=[*key.rights, *args.node_account.rights, *args.network.ready, *args.after],
            protect=args.protection.protect,
            hooks=control_plane_guard(settings.name),
            ignore_changes=None
            if args.autopilot
            else ["initialNodeCount", "nodeConfig"],  # the first pool's: it is gone
        ),
    )


def _arguments(args: ControlPlaneArgs, key_name: pulumi.Input[str]) -> gcp.container.ClusterArgs:
    """What every cluster is told, of either mode."""
    settings, provider, network = args.settings, args.provider, args.network
    return gcp.container.ClusterArgs(
        project=provider.project,
        location=provider.region,
        node_locations=[provider.zone_name(zone) for zone in sorted(settings.zones)],
        enable_autopilot=True if args.autopilot else None,
        min_master_version=settings.version,
        release_channel=gcp.container.ClusterReleaseChannelArgs(channel=settings.release_channel.value.upper()),
        maintenance_policy=maintenance_policy(settings),
        network=network.network_id,
        subnetwork=network.control_plane_subnet_ids[network.zones[0]],
        networking_mode="VPC_NATIVE",
        ip_allocation_policy=gcp.container.ClusterIpAllocationPolicyArgs(
            cluster_secondary_range_name=network.pod_range,
            services_secondary_range_name=network.service_range,
            stack_type="IPV4_IPV6" if args.dual_stack else "IPV4",
        ),
        control_plane_endpoints_config=endpoints(settings),
        private_cluster_config=private_nodes(settings),
        master_authorized_networks_config=authorized_networks(settings),
        workload_identity_config=gcp.container.ClusterWorkloadIdentityConfigArgs(workload_pool=args.workload_pool),
        cluster_autoscaling=cluster_autoscaling(settings, provider, args.node_account.account.email),
        database_encryption=gcp.container.ClusterDatabaseEncryptionArgs(state="ENCRYPTED", key_name=key_name),
        addons_config=add_ons(settings, args.storage),
        gateway_api_config=gcp.container.ClusterGatewayApiConfigArgs(channel="CHANNEL_STANDARD"),
        logging_config=gcp.container.ClusterLoggingConfigArgs(enable_components=log_components(settings)),
        monitoring_config=monitoring(settings),
        cost_management_config=gcp.container.ClusterCostManagementConfigArgs(enabled=settings.cost_allocation),
        deletion_protection=args.protection.deletion_protection,
        resource_labels=labels(args.tags),
    )


def _make_standard(arguments: gcp.container.ClusterArgs, args: ControlPlaneArgs) -> None:
    """What a Standard cluster is told beside, and Autopilot decides by itself.

    GKE makes no cluster without a pool. This one has a node per zone, which is gone before the node groups come; it is
    no part of any later plan. Its nodes act as the node groups' account, never as the project's default one.
    """
    arguments.remove_default_node_pool = True
    arguments.initial_node_count = 1
    arguments.node_config = gcp.container.ClusterNodeConfigArgs(
        machine_type="e2-medium",
        disk_type="pd-balanced",
        disk_size_gb=20,
        boot_disk_kms_key=args.settings.disk_key,
        service_account=args.node_account.account.email,
        oauth_scopes=list(SCOPES),
        shielded_instance_config=gcp.container.ClusterNodeConfigShieldedInstanceConfigArgs(
            enable_secure_boot=True, enable_integrity_monitoring=True
        ),
        workload_metadata_config=gcp.container.ClusterNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
    )
    arguments.datapath_provider = "ADVANCED_DATAPATH"
    arguments.default_max_pods_per_node = args.settings.max_pods_per_node
    arguments.enable_shielded_nodes = True
    arguments.enable_intranode_visibility = True
    arguments.enable_l4_ilb_subsetting = True


def _secrets_key(name: str, args: ControlPlaneArgs) -> SecretsKey:
    """The settings' key, which its owner lets GKE's service agent use, or one of the cluster's own."""
    existing = args.settings.secrets_key
    if existing is not None:
        return SecretsKey(name=pulumi.Output.from_input(existing), rights=())
    made = SecretsKeyArgs(provider=args.provider, protection=args.protection, tags=args.tags, parent=args.parent)
    return secrets_key(name, made)
