"""The stack's settings: pydantic models of `Pulumi.<stack>.yaml`; nothing else reads stack configuration.

`load()` turns the configuration into `StackSettings` or reports all its mistakes; `secret()` reads what is secret. The
models' field docstrings are the text of messages, of `docs/settings.md` and of the JSON schema.

    stack.py, provider.py, network.py, ...    what each part holds, and the rules within it
    values.py, tags.py                        kinds of values that parts share
    rules.py, rules_node_groups.py            the rules between parts
    load.py <- judge.py, sound.py             from text to settings; the rules run on all that is sound
    explain.py, keys.py, masks.py             mistakes in words
    __main__.py, document.py, json_schema.py  writes `docs/settings.md` and the JSON schema
"""

from components.settings.access_gke import GkeAccessSettings
from components.settings.base import Environment, Overrides, Settings
from components.settings.clouds import AwsStack, AzureStack, GcpStack, ServersStack
from components.settings.cluster import AccessPolicy, Autoscaler, EksClusterSettings, IpFamily, Reach, Support
from components.settings.cluster_aks import AksClusterSettings
from components.settings.cluster_aks_choices import (
    AksAutoscaler,
    AksMode,
    AksSupport,
    AksTier,
    NodeOsChannel,
    UpgradeChannel,
)
from components.settings.cluster_gke import (
    GkeAutoscaler,
    GkeClusterSettings,
    GkeMode,
    GkeReach,
    NodeAutoProvisioningSettings,
    ReleaseChannel,
    SecurityPosture,
)
from components.settings.cluster_kubeadm import CgroupDriver, EndpointSettings, KubeadmClusterSettings
from components.settings.cluster_kubeadm_backup import (
    BackupTarget,
    EtcdBackupSettings,
    NfsBackupSettings,
    S3BackupSettings,
)
from components.settings.cluster_kubeadm_binaries import DownloadSettings
from components.settings.cluster_kubeadm_firewall import HostFirewallSettings
from components.settings.cluster_kubeadm_load_balancer import LoadBalancerKind, LoadBalancerSettings
from components.settings.cluster_kubeadm_login import LoginSettings
from components.settings.cluster_kubeadm_pod_network import PodNetworkKind
from components.settings.cluster_kubeadm_rotation import RotationSettings
from components.settings.cluster_kubeadm_runtime import RuntimeKind
from components.settings.days import Weekday
from components.settings.load import load
from components.settings.maintenance_aks import AksMaintenanceExclusion, AksMaintenanceSettings, AksMaintenanceWindow
from components.settings.maintenance_gke import ExclusionScope, MaintenanceExclusion, MaintenanceSettings
from components.settings.network import AwsExistingNetwork, AwsNetworkSettings, Egress
from components.settings.network_azure import AzureEgress, AzureExistingNetwork, AzureNetworkSettings
from components.settings.network_gcp import GcpEgress, GcpExistingNetwork, GcpNetworkSettings
from components.settings.network_servers import ServersNetworkSettings
from components.settings.node_groups import Capacity, Image, NodeGroupSettings, TaintSettings
from components.settings.node_groups_azure import (
    AzureDisk,
    AzureNodeGroupSettings,
    AzureUpgradeSettings,
    UndrainableNodes,
)
from components.settings.node_groups_clouds import (
    AwsNodeGroupSettings,
    GcpGpuSettings,
    GcpNodeGroupSettings,
    GcpUpgradeSettings,
    GpuDriver,
    GpuKind,
    Limits,
    UpgradeStrategy,
)
from components.settings.provider import AwsProviderSettings
from components.settings.provider_azure import AzureProviderSettings
from components.settings.provider_gcp import GcpProviderSettings
from components.settings.provider_servers import BastionSettings, HostSettings, ServersProviderSettings
from components.settings.registry import EcrRegistrySettings, PullThroughSettings
from components.settings.registry_azure import AcrPullThroughSettings, AcrRegistrySettings, AcrTier
from components.settings.registry_gcp import ArtifactRegistrySettings, GcpPullThroughSettings
from components.settings.registry_harbor import HarborRegistrySettings
from components.settings.registry_servers import (
    ExternalRegistrySettings,
    MirrorSettings,
    SelfHostedRegistrySettings,
)
from components.settings.secrets import secret
from components.settings.secrets_aks import AksSecretsSettings, VaultAccess
from components.settings.stack import Layer, ProtectionSettings, StackSettings
from components.settings.storage import (
    AwsBackupSettings,
    AwsBlockStorageSettings,
    AwsFileStorageSettings,
    AwsStorageSettings,
)
from components.settings.storage_azure import (
    AzureBackupSettings,
    AzureBlockStorageSettings,
    AzureDiskType,
    AzureFileStorageSettings,
    AzureStorageSettings,
    FileProtocol,
    Redundancy,
)
from components.settings.storage_gcp import (
    FilestoreTier,
    GcpBackupSettings,
    GcpBlockStorageSettings,
    GcpDiskType,
    GcpFileStorageSettings,
    GcpStorageSettings,
)
from components.settings.storage_longhorn import LonghornClassSettings, LonghornSettings
from components.settings.storage_servers import (
    LocalPathSettings,
    LocalVolumeSettings,
    NfsClassSettings,
    ServersStorageSettings,
)

__all__ = [
    "AccessPolicy",
    "AcrPullThroughSettings",
    "AcrRegistrySettings",
    "AcrTier",
    "AksAutoscaler",
    "AksClusterSettings",
    "AksMaintenanceExclusion",
    "AksMaintenanceSettings",
    "AksMaintenanceWindow",
    "AksMode",
    "AksSecretsSettings",
    "AksSupport",
    "AksTier",
    "ArtifactRegistrySettings",
    "Autoscaler",
    "AwsBackupSettings",
    "AwsBlockStorageSettings",
    "AwsExistingNetwork",
    "AwsFileStorageSettings",
    "AwsNetworkSettings",
    "AwsNodeGroupSettings",
    "AwsProviderSettings",
    "AwsStack",
    "AwsStorageSettings",
    "AzureBackupSettings",
    "AzureBlockStorageSettings",
    "AzureDisk",
    "AzureDiskType",
    "AzureEgress",
    "AzureExistingNetwork",
    "AzureFileStorageSettings",
    "AzureNetworkSettings",
    "AzureNodeGroupSettings",
    "AzureProviderSettings",
    "AzureStack",
    "AzureStorageSettings",
    "AzureUpgradeSettings",
    "BackupTarget",
    "BastionSettings",
    "Capacity",
    "CgroupDriver",
    "DownloadSettings",
    "EcrRegistrySettings",
    "Egress",
    "EksClusterSettings",
    "EndpointSettings",
    "Environment",
    "EtcdBackupSettings",
    "ExclusionScope",
    "ExternalRegistrySettings",
    "FileProtocol",
    "FilestoreTier",
    "GcpBackupSettings",
    "GcpBlockStorageSettings",
    "GcpDiskType",
    "GcpEgress",
    "GcpExistingNetwork",
    "GcpFileStorageSettings",
    "GcpGpuSettings",
    "GcpNetworkSettings",
    "GcpNodeGroupSettings",
    "GcpProviderSettings",
    "GcpPullThroughSettings",
    "GcpStack",
    "GcpStorageSettings",
    "GcpUpgradeSettings",
    "GkeAccessSettings",
    "GkeAutoscaler",
    "GkeClusterSettings",
    "GkeMode",
    "GkeReach",
    "GpuDriver",
    "GpuKind",
    "HarborRegistrySettings",
    "HostFirewallSettings",
    "HostSettings",
    "Image",
    "IpFamily",
    "KubeadmClusterSettings",
    "Layer",
    "Limits",
    "LoadBalancerKind",
    "LoadBalancerSettings",
    "LocalPathSettings",
    "LocalVolumeSettings",
    "LoginSettings",
    "LonghornClassSettings",
    "LonghornSettings",
    "MaintenanceExclusion",
    "MaintenanceSettings",
    "MirrorSettings",
    "NfsBackupSettings",
    "NfsClassSettings",
    "NodeAutoProvisioningSettings",
    "NodeGroupSettings",
    "NodeOsChannel",
    "Overrides",
    "PodNetworkKind",
    "ProtectionSettings",
    "PullThroughSettings",
    "Reach",
    "Redundancy",
    "ReleaseChannel",
    "RotationSettings",
    "RuntimeKind",
    "S3BackupSettings",
    "SecurityPosture",
    "SelfHostedRegistrySettings",
    "ServersNetworkSettings",
    "ServersProviderSettings",
    "ServersStack",
    "ServersStorageSettings",
    "Settings",
    "StackSettings",
    "Support",
    "TaintSettings",
    "UndrainableNodes",
    "UpgradeChannel",
    "UpgradeStrategy",
    "VaultAccess",
    "Weekday",
    "load",
    "secret",
]
