"""The mutation table of Google Cloud's production stack."""

from __future__ import annotations

from typing import Final

from tests.policies.mutations import Mutation

_STACK: Final = "gcp-gke-production"
_CLUSTER: Final = "gcp:container/cluster:Cluster"
_POOL: Final = "gcp:container/nodePool:NodePool"
_SUBNET: Final = "gcp:compute/subnetwork:Subnetwork"
_IMAGES: Final = "gcp:artifactregistry/repository:Repository"

_OF_THE_CLUSTER: Final[dict[str, dict[str, object]]] = {
    "gcp-no-public-api": {
        "privateClusterConfig.enablePrivateEndpoint": False,
        "masterAuthorizedNetworksConfig.cidrBlocks": [{"cidrBlock": "203.0.113.0/24"}],
    },
    "gcp-anonymous-requests": {"anonymousAuthenticationConfig": None},
    "gcp-legacy-authorization": {"enableLegacyAbac": True},
    "gcp-client-certificate": {"masterAuth.clientCertificateConfig.issueClientCertificate": True},
    "gcp-alpha": {"enableKubernetesAlpha": True},
    "gcp-private-nodes": {"privateClusterConfig.enablePrivateNodes": False},
    "gcp-shielded-nodes": {"enableShieldedNodes": False},
    "gcp-workload-identity": {"workloadIdentityConfig": None},
    "gcp-secrets-kms": {"databaseEncryption": None},
    "gcp-network-policy": {"datapathProvider": None},
    "gcp-vpc-native": {"networkingMode": "ROUTES"},
    "gcp-release-channel": {"releaseChannel.channel": "UNSPECIFIED"},
    "gcp-flow-logs": {"enableIntranodeVisibility": False},
    "gcp-logging": {"loggingConfig.enableComponents": ["WORKLOADS"]},
    "gcp-binary-authorization": {"binaryAuthorization.evaluationMode": "DISABLED"},
    "gcp-groups": {"authenticatorGroupsConfig": None},
    "gcp-security-posture": {"securityPostureConfig.mode": "DISABLED"},
}
_OF_A_POOL: Final[dict[str, dict[str, object]]] = {
    "gcp-private-nodes": {"networkConfig.enablePrivateNodes": False},
    "gcp-node-repair": {"management.autoRepair": False},
    "gcp-node-upgrade": {"management.autoUpgrade": False},
    "gcp-node-image": {"nodeConfig.imageType": "UBUNTU_CONTAINERD"},
    "gcp-node-account": {"nodeConfig.serviceAccount": None},
    "gcp-secure-boot": {"nodeConfig.shieldedInstanceConfig.enableSecureBoot": False},
    "gcp-integrity-monitoring": {"nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring": False},
    "gcp-node-metadata": {"nodeConfig.workloadMetadataConfig.mode": "GCE_METADATA"},
}

GCP_MUTATIONS: Final = (
    *(Mutation(_CLUSTER, {**changes}, (rule,), stack=_STACK) for rule, changes in _OF_THE_CLUSTER.items()),
    Mutation(
        _CLUSTER,
        {
            "privateClusterConfig.enablePrivateEndpoint": False,
            "masterAuthorizedNetworksConfig.cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}],
        },
        ("gcp-api-access", "gcp-no-public-api"),
        stack=_STACK,
    ),
    *(Mutation(_POOL, {**changes}, (rule,), stack=_STACK) for rule, changes in _OF_A_POOL.items()),
    Mutation(_SUBNET, {"logConfig": None}, ("gcp-flow-logs",), stack=_STACK),
    Mutation(_IMAGES, {"vulnerabilityScanningConfig.enablementConfig": "DISABLED"}, ("gcp-image-scan",), stack=_STACK),
    Mutation(_IMAGES, {"kmsKeyName": None}, ("gcp-registry-key",), stack=_STACK),
)
