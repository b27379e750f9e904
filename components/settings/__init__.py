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

from components.settings.base import Environment, Overrides, Settings
from components.settings.clouds import AwsStack, GcpStack, ServersStack
from components.settings.cluster import AccessPolicy, Autoscaler, EksClusterSettings, IpFamily, Reach, Support
from components.settings.cluster_gke import (
    GkeAutoscaler,
    GkeClusterSettings,
    GkeMode,
    GkeReach,
    NodeAutoProvisioningSettings,
    ReleaseChannel,
    SecurityPosture,
)
from components.settings.cluster_kubeadm import (
    CgroupDriver,
    DownloadSettings,
    EndpointSettings,
    KubeadmClusterSettings,
)
from components.settings.load import load
from components.settings.maintenance_gke import ExclusionScope, MaintenanceExclusion, MaintenanceSettings, Weekday
from components.settings.network import AwsExistingNetwork, AwsNetworkSettings, Egress
from components.settings.network_gcp import GcpEgress, GcpExistingNetwork, GcpNetworkSettings
from components.settings.network_servers import ServersNetworkSettings
from components.settings.node_groups import Capacity, Image, NodeGroupSettings, TaintSettings
from components.settings.node_groups_clouds import (
    AwsNodeGroupSettings,
    GcpNodeGroupSettings,
    GcpUpgradeSettings,
    GpuDriver,
    UpgradeStrategy,
)
from components.settings.provider import AwsProviderSettings
from components.settings.provider_gcp import GcpProviderSettings
from components.settings.provider_servers import BastionSettings, HostSettings, ServersProviderSettings
from components.settings.registry import EcrRegistrySettings, PullThroughSettings
from components.settings.registry_gcp import ArtifactRegistrySettings, GcpPullThroughSettings
from components.settings.registry_servers import ExternalRegistrySettings, MirrorSettings
from components.settings.secrets import secret
from components.settings.stack import Layer, ProtectionSettings, StackSettings
from components.settings.storage import (
    AwsBackupSettings,
    AwsBlockStorageSettings,
    AwsFileStorageSettings,
    AwsStorageSettings,
)
from components.settings.storage_gcp import (
    FilestoreTier,
    GcpBackupSettings,
    GcpBlockStorageSettings,
    GcpDiskType,
    GcpFileStorageSettings,
    GcpStorageSettings,
)
from components.settings.storage_servers import LocalPathSettings, ServersStorageSettings

__all__ = [
    "AccessPolicy",
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
    "BastionSettings",
    "Capacity",
    "CgroupDriver",
    "DownloadSettings",
    "EcrRegistrySettings",
    "Egress",
    "EksClusterSettings",
    "EndpointSettings",
    "Environment",
    "ExclusionScope",
    "ExternalRegistrySettings",
    "FilestoreTier",
    "GcpBackupSettings",
    "GcpBlockStorageSettings",
    "GcpDiskType",
    "GcpEgress",
    "GcpExistingNetwork",
    "GcpFileStorageSettings",
    "GcpNetworkSettings",
    "GcpNodeGroupSettings",
    "GcpProviderSettings",
    "GcpPullThroughSettings",
    "GcpStack",
    "GcpStorageSettings",
    "GcpUpgradeSettings",
    "GkeAutoscaler",
    "GkeClusterSettings",
    "GkeMode",
    "GkeReach",
    "GpuDriver",
    "HostSettings",
    "Image",
    "IpFamily",
    "KubeadmClusterSettings",
    "Layer",
    "LocalPathSettings",
    "MaintenanceExclusion",
    "MaintenanceSettings",
    "MirrorSettings",
    "NodeAutoProvisioningSettings",
    "NodeGroupSettings",
    "Overrides",
    "ProtectionSettings",
    "PullThroughSettings",
    "Reach",
    "ReleaseChannel",
    "SecurityPosture",
    "ServersNetworkSettings",
    "ServersProviderSettings",
    "ServersStack",
    "ServersStorageSettings",
    "Settings",
    "StackSettings",
    "Support",
    "TaintSettings",
    "UpgradeStrategy",
    "Weekday",
    "load",
    "secret",
]
