"""Cases of the Google Cloud rules on clusters, networks and registries."""

from __future__ import annotations

from typing import Any, Final

from policies.properties import UNKNOWN
from tests.policies.cases import Case

GKE: Final = "gcp:container/cluster:Cluster"
_SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
_REPOSITORY: Final = "gcp:artifactregistry/repository:Repository"

CLUSTER: Final[dict[str, Any]] = {
    "removeDefaultNodePool": True,
    "nodeConfig": {"machineType": "e2-medium"},
    "privateClusterConfig": {"enablePrivateNodes": True, "enablePrivateEndpoint": False},
    "masterAuthorizedNetworksConfig": {
        "cidrBlocks": [{"cidrBlock": "203.0.113.0/24"}],
        "gcpPublicCidrsAccessEnabled": False,
    },
    "databaseEncryption": {"state": "ENCRYPTED", "keyName": UNKNOWN},
    "releaseChannel": {"channel": "REGULAR"},
    "enableShieldedNodes": True,
    "workloadIdentityConfig": {"workloadPool": "project.svc.id.goog"},
    "enableLegacyAbac": False,
    "masterAuth": {"clientCertificateConfig": {"issueClientCertificate": False}},
    "anonymousAuthenticationConfig": {"mode": "LIMITED"},
    "datapathProvider": "ADVANCED_DATAPATH",
    "networkingMode": "VPC_NATIVE",
    "enableIntranodeVisibility": True,
    "loggingConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "WORKLOADS"]},
    "monitoringConfig": {"enableComponents": ["SYSTEM_COMPONENTS"]},
    "binaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"},
    "securityPostureConfig": {"mode": "BASIC"},
    "authenticatorGroupsConfig": {"securityGroup": "gke-security-groups@example.com"},
}
AUTOPILOT: Final[dict[str, Any]] = {"enableAutopilot": True}

CASES: Final = (
    Case(
        "gcp-api-access",
        GKE,
        CLUSTER,
        broken=(
            {"masterAuthorizedNetworksConfig": None},
            {"masterAuthorizedNetworksConfig.cidrBlocks.0.cidrBlock": "0.0.0.0/0"},
            {"masterAuthorizedNetworksConfig.cidrBlocks": [{"cidrBlock": "10.0.0.0/8"}, {"cidrBlock": "::/0"}]},
            {"masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled": True},
        ),
        unknown=(
            "privateClusterConfig.enablePrivateEndpoint",
            "masterAuthorizedNetworksConfig.cidrBlocks",
            "masterAuthorizedNetworksConfig.cidrBlocks.0.cidrBlock",
            "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled",
        ),
    ),
    Case(
        "gcp-api-access",
        GKE,
        {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}},
        broken=({"controlPlaneEndpointsConfig.ipEndpointsConfig.enabled": True},),
        unknown=("controlPlaneEndpointsConfig",),
    ),
    Case(
        "gcp-api-access",
        GKE,
        {"privateClusterConfig": {"enablePrivateEndpoint": True}},
        broken=({"privateClusterConfig": None},),
        unknown=("privateClusterConfig",),
    ),
    Case(
        "gcp-secrets-kms",
        GKE,
        CLUSTER,
        broken=({"databaseEncryption": None}, {"databaseEncryption.state": "DECRYPTED"}),
        unknown=("databaseEncryption", "databaseEncryption.state"),
    ),
    Case(
        "gcp-no-public-api",
        GKE,
        {"privateClusterConfig": {"enablePrivateEndpoint": True}},
        broken=({"privateClusterConfig.enablePrivateEndpoint": False}, {"privateClusterConfig": None}),
        unknown=("privateClusterConfig", "controlPlaneEndpointsConfig"),
    ),
    Case(
        "gcp-no-public-api",
        GKE,
        {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}},
        broken=({"controlPlaneEndpointsConfig": None},),
        unknown=("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled",),
    ),
    Case(
        "gcp-legacy-authorization",
        GKE,
        CLUSTER,
        broken=({"enableLegacyAbac": True},),
        unknown=("enableLegacyAbac",),
    ),
    Case(
        "gcp-client-certificate",
        GKE,
        CLUSTER,
        broken=({"masterAuth.clientCertificateConfig.issueClientCertificate": True},),
        unknown=("masterAuth", "masterAuth.clientCertificateConfig.issueClientCertificate"),
    ),
    Case(
        "gcp-anonymous-requests",
        GKE,
        CLUSTER,
        broken=({"anonymousAuthenticationConfig": None}, {"anonymousAuthenticationConfig.mode": "ENABLED"}),
        unknown=("anonymousAuthenticationConfig", "anonymousAuthenticationConfig.mode"),
    ),
    Case(
        "gcp-network-policy",
        GKE,
        CLUSTER,
        broken=({"datapathProvider": None}, {"datapathProvider": "LEGACY_DATAPATH"}),
        unknown=("datapathProvider",),
    ),
    Case(
        "gcp-vpc-native",
        GKE,
        CLUSTER,
        broken=({"networkingMode": "ROUTES"},),
        unknown=("networkingMode",),
    ),
    Case(
        "gcp-release-channel",
        GKE,
        CLUSTER,
        broken=({"releaseChannel": None}, {"releaseChannel.channel": "UNSPECIFIED"}),
        unknown=("releaseChannel", "releaseChannel.channel"),
    ),
    Case(
        "gcp-network-policy",
        GKE,
        {"networkPolicy": {"enabled": True}},
        broken=({"networkPolicy.enabled": False},),
        unknown=("networkPolicy",),
    ),
    Case(
        "gcp-network-policy",
        GKE,
        AUTOPILOT,
        broken=({"enableAutopilot": False},),
        unknown=("enableAutopilot",),
    ),
    Case(
        "gcp-flow-logs",
        GKE,
        CLUSTER,
        broken=({"enableIntranodeVisibility": None}, {"enableIntranodeVisibility": False}),
        unknown=("enableIntranodeVisibility", "enableAutopilot"),
    ),
    Case(
        "gcp-logging",
        GKE,
        CLUSTER,
        broken=(
            {"loggingService": "none"},
            {"loggingConfig.enableComponents": ["WORKLOADS"]},
            {"monitoringService": "none"},
            {"monitoringConfig.enableComponents": []},
        ),
        unknown=("loggingConfig", "loggingService", "monitoringConfig.enableComponents"),
    ),
    Case(
        "gcp-flow-logs",
        _SUBNETWORK,
        {"logConfig": {"flowSampling": 0.5}},
        broken=({"logConfig": None},),
        unknown=("purpose",),
    ),
    Case(
        "gcp-flow-logs",
        _SUBNETWORK,
        {"purpose": "REGIONAL_MANAGED_PROXY"},
        broken=({"purpose": "PRIVATE"},),
        unknown=("purpose",),
    ),
    Case(
        "gcp-binary-authorization",
        GKE,
        CLUSTER,
        broken=({"binaryAuthorization": None}, {"binaryAuthorization.evaluationMode": "DISABLED"}),
        unknown=("binaryAuthorization", "binaryAuthorization.evaluationMode"),
    ),
    Case(
        "gcp-security-posture",
        GKE,
        CLUSTER,
        broken=({"securityPostureConfig": None}, {"securityPostureConfig.mode": "DISABLED"}),
        unknown=("securityPostureConfig", "securityPostureConfig.mode"),
    ),
    Case(
        "gcp-image-scan",
        _REPOSITORY,
        {"vulnerabilityScanningConfig": {"enablementConfig": "INHERITED"}},
        broken=({"vulnerabilityScanningConfig.enablementConfig": "DISABLED"},),
        unknown=("vulnerabilityScanningConfig", "vulnerabilityScanningConfig.enablementConfig"),
    ),
    Case(
        "gcp-registry-key",
        _REPOSITORY,
        {"mode": "VIRTUAL_REPOSITORY"},
        broken=({"mode": "STANDARD_REPOSITORY"}, {"mode": None}),
        unknown=("mode",),
    ),
    Case(
        "gcp-registry-key",
        _REPOSITORY,
        {"kmsKeyName": UNKNOWN},  # whichever it is, it is a key
        broken=({"kmsKeyName": None},),
        unknown=(),
    ),
    Case(
        "gcp-groups",
        GKE,
        CLUSTER,
        broken=({"authenticatorGroupsConfig": None},),
        unknown=("authenticatorGroupsConfig",),
    ),
    Case(
        "gcp-alpha",
        GKE,
        CLUSTER,
        broken=({"enableKubernetesAlpha": True},),
        unknown=("enableKubernetesAlpha",),
    ),
)
