"""The mutation table: each safe default of the stacks, made unsafe, and the rules that must then fire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from policies.properties import Path
from policies.rule import Resource
from policies.rules.aws_cluster_access import EKS_CLUSTER
from policies.rules.aws_network import ADD_ON, FLOW_LOG, INGRESS_RULE, SECURITY_GROUP
from policies.rules.aws_nodes import ATTACHMENT, LAUNCH_TEMPLATE, NODE_GROUP, SUBNET
from policies.rules.aws_storage import FILE_SYSTEM, KEY, REPOSITORY, SELECTION
from policies.rules.kubernetes_edges import STORAGE_CLASS
from policies.rules.kubernetes_namespaces import BINDINGS, ROLES, SERVICE_ACCOUNT

DEPLOYMENT: Final = "kubernetes:apps/v1:Deployment"
_POD: Final = "spec.template.spec"
_CONTAINER: Final = f"{_POD}.containers.0"
PRODUCTION: Final = "aws-eks-production"


@dataclass(frozen=True)
class Mutation:
    """One safe default made unsafe on the first resource of a type, or the resource taken away.

    `elsewhere` are the resources on which the rules fire, where these are others than the changed one; `repairs` are
    rules that the stack breaks by default and then keeps.
    """

    type: str
    changes: dict[str | Path, Any] | None
    fires: tuple[str, ...]
    stack: str = "dev"
    name: str = ""
    elsewhere: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()

    def __str__(self) -> str:
        changes = (
            "removed" if self.changes is None else ", ".join(f"{key}={value}" for key, value in self.changes.items())
        )
        return f"{self.type.rpartition(':')[2]} {changes}"

    @property
    def chosen(self) -> Callable[[Resource], bool]:
        """Which resource is changed."""
        return lambda resource: resource.type == self.type and self.name in resource.name


MUTATIONS: Final = (
    Mutation(EKS_CLUSTER, {"vpcConfig.publicAccessCidrs": ["0.0.0.0/0"]}, ("aws-api-public",)),
    Mutation(EKS_CLUSTER, {"vpcConfig.publicAccessCidrs": None}, ("aws-api-public",)),
    Mutation(EKS_CLUSTER, {"vpcConfig.endpointPublicAccess": False}, (), repairs=("aws-no-public-api",)),
    Mutation(EKS_CLUSTER, {"vpcConfig.endpointPrivateAccess": False}, ("aws-api-private",)),
    Mutation(EKS_CLUSTER, {"accessConfig.authenticationMode": "API_AND_CONFIG_MAP"}, ("aws-access-entries",)),
    Mutation(EKS_CLUSTER, {"accessConfig.bootstrapClusterCreatorAdminPermissions": True}, ("aws-creator-admin",)),
    Mutation(EKS_CLUSTER, {"encryptionConfig": None}, ("aws-secrets-kms",)),
    Mutation(EKS_CLUSTER, {"enabledClusterLogTypes": ["api", "audit"]}, ("aws-control-plane-logs",)),
    Mutation(EKS_CLUSTER, {"version": "1.33"}, ("aws-version",)),
    Mutation(EKS_CLUSTER, {"upgradePolicy": None}, ("aws-support-type",)),
    Mutation(EKS_CLUSTER, {"deletionProtection": False}, ("aws-delete-guard",), stack=PRODUCTION),
    Mutation(NODE_GROUP, {"remoteAccess": {"ec2SshKey": "ops"}}, ("aws-node-ssh",)),
    Mutation(
        SUBNET,
        {"mapPublicIpOnLaunch": True},
        ("aws-private-nodes",),
        name="node-a",
        elsewhere=("node-group-batch-a", "node-group-general-a"),
    ),
    Mutation(LAUNCH_TEMPLATE, {"metadataOptions.httpTokens": "optional"}, ("aws-imdsv2",)),
    Mutation(LAUNCH_TEMPLATE, {"metadataOptions.httpPutResponseHopLimit": 2}, ("aws-imdsv2",)),
    Mutation(LAUNCH_TEMPLATE, {"blockDeviceMappings.0.ebs.encrypted": "false"}, ("aws-disk-encryption",)),
    Mutation(ATTACHMENT, {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, ("aws-node-iam",)),
    Mutation(INGRESS_RULE, {"fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"}, ("aws-open-ports",)),
    Mutation(SECURITY_GROUP, {"ingress": [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]}, ("aws-open-ports",)),
    Mutation(FLOW_LOG, None, ("aws-flow-logs",), elsewhere=("network-vpc",)),
    Mutation(ADD_ON, {"configurationValues": None}, ("aws-network-policy",), name="vpc-cni"),
    Mutation(FILE_SYSTEM, {"encrypted": False}, ("aws-efs-encryption",)),
    Mutation(SELECTION, None, ("aws-efs-backup",), stack=PRODUCTION, name="files", elsewhere=("storage-files",)),
    Mutation(REPOSITORY, {"imageScanningConfiguration.scanOnPush": False}, ("aws-image-scan",)),
    Mutation(REPOSITORY, {"imageTagMutability": "MUTABLE"}, ("aws-image-tags",)),
    Mutation(REPOSITORY, {"encryptionConfigurations": None}, ("aws-image-tags",)),
    Mutation(KEY, {"enableKeyRotation": False}, ("aws-key-rotation",)),
    Mutation(DEPLOYMENT, {f"{_POD}.hostNetwork": True}, ("kubernetes-privileged",)),
    Mutation(DEPLOYMENT, {f"{_CONTAINER}.securityContext.privileged": True}, ("kubernetes-privileged",)),
    Mutation(
        DEPLOYMENT,
        {f"{_CONTAINER}.securityContext.allowPrivilegeEscalation": True},
        ("kubernetes-security-context",),
    ),
    Mutation(DEPLOYMENT, {f"{_CONTAINER}.securityContext.capabilities": None}, ("kubernetes-security-context",)),
    Mutation(DEPLOYMENT, {f"{_POD}.securityContext.runAsNonRoot": False}, ("kubernetes-security-context",)),
    Mutation(DEPLOYMENT, {f"{_POD}.securityContext.seccompProfile": None}, ("kubernetes-security-context",)),
    Mutation(
        DEPLOYMENT,
        {f"{_POD}.serviceAccountName": None, f"{_POD}.automountServiceAccountToken": None},
        ("kubernetes-default-token",),
    ),
    Mutation(DEPLOYMENT, {f"{_CONTAINER}.image": "cluster-autoscaler:latest"}, ("kubernetes-image",)),
    Mutation(DEPLOYMENT, {"metadata.namespace": "default"}, ("kubernetes-default-namespace",)),
    Mutation(SERVICE_ACCOUNT, {"automountServiceAccountToken": True}, ("kubernetes-service-account-token",)),
    Mutation(ROLES[0], {"rules.0.verbs": ["*"]}, ("kubernetes-rights",)),
    Mutation(BINDINGS[0], {"roleRef.name": "cluster-admin"}, ("kubernetes-rights",)),
    Mutation(STORAGE_CLASS, {"parameters.encrypted": None}, ("kubernetes-storage-encryption",), name="block"),
    Mutation(
        STORAGE_CLASS, {"reclaimPolicy": "Delete"}, ("kubernetes-storage-retention",), stack=PRODUCTION, name="block"
    ),
)

NOT_IN_A_STACK: Final = {
    "kubernetes-pod-security": "the stacks make no namespace yet",
    "kubernetes-default-deny": "the stacks make no namespace yet",
    "kubernetes-load-balancer": "the stacks make no service",
    "kubernetes-ingress-tls": "the stacks make no ingress",
}
"""Rules on resources that no stack of the repository has; their cases alone test them."""
