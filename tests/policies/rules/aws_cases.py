"""Cases of the AWS rules, those on EKS clusters apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from policies.properties import UNKNOWN
from policies.rule import Resource
from policies.rules.aws_network import ADD_ON, FLOW_LOG, INGRESS_RULE, SECURITY_GROUP, VPC
from policies.rules.aws_nodes import ATTACHMENT, INSTANCE, LAUNCH_TEMPLATE, NODE_GROUP, ROLE, SUBNET
from policies.rules.aws_storage import BACKUP_POLICY, FILE_SYSTEM, KEY, REPOSITORY, SELECTION, VOLUME
from tests.policies.cases import Case, StackCase, resource

_METADATA: Final = {"metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1}}
_INGRESS: Final[dict[str, Any]] = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"}
_INLINE: Final[dict[str, Any]] = {
    "ingress": [
        {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["203.0.113.0/24"]},
        {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True},
    ]
}
_ECR: Final = {
    "imageScanningConfiguration": {"scanOnPush": True},
    "imageTagMutability": "IMMUTABLE",
    "encryptionConfigurations": [{"encryptionType": "KMS"}],
}

CASES: Final = (
    Case(
        "aws-node-ssh",
        NODE_GROUP,
        {"remoteAccess": {"ec2SshKey": "ops", "sourceSecurityGroupIds": [UNKNOWN]}},
        broken=({"remoteAccess.sourceSecurityGroupIds": None}, {"remoteAccess.sourceSecurityGroupIds": []}),
        unknown=("remoteAccess", "remoteAccess.sourceSecurityGroupIds"),
    ),
    *(
        Case(
            "aws-imdsv2",
            type_,
            _METADATA,
            broken=(
                {"metadataOptions": None},
                {"metadataOptions.httpTokens": "optional"},
                {"metadataOptions.httpPutResponseHopLimit": 2},
            ),
            unknown=("metadataOptions", "metadataOptions.httpPutResponseHopLimit"),
        )
        for type_ in (LAUNCH_TEMPLATE, INSTANCE)
    ),
    Case(
        "aws-node-iam",
        ATTACHMENT,
        {"policyArn": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"},
        broken=(
            {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
            {"policyArn": "arn:aws-cn:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"},
        ),
        unknown=("policyArn",),
    ),
    Case(
        "aws-node-iam",
        ROLE,
        {"managedPolicyArns": ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"]},
        broken=({"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},),
        unknown=("managedPolicyArns", "managedPolicyArns.0"),
    ),
    Case(
        "aws-open-ports",
        INGRESS_RULE,
        _INGRESS,
        broken=(
            {"fromPort": 20, "toPort": 30},
            {"ipProtocol": "-1"},
            {"fromPort": 10250, "toPort": 10250, "cidrIpv4": None, "cidrIpv6": "::/0"},
        ),
        unknown=("toPort", "ipProtocol"),
    ),
    Case(
        "aws-open-ports",
        SECURITY_GROUP,
        _INLINE,
        broken=(
            {"ingress.0.cidrBlocks": ["203.0.113.0/24", "0.0.0.0/0"]},
            {"ingress.0.ipv6CidrBlocks": ["::/0"]},
            {"ingress.1.cidrBlocks": ["0.0.0.0/0"]},
        ),
        unknown=("ingress", "ingress.0", "ingress.0.cidrBlocks.0"),
    ),
    Case(
        "aws-network-policy",
        ADD_ON,
        {"addonName": "vpc-cni", "configurationValues": '{"enableNetworkPolicy": "true"}'},
        broken=({"configurationValues": None}, {"configurationValues": '{"enableNetworkPolicy": "false"}'}),
        unknown=("addonName", "configurationValues"),
    ),
    Case(
        "aws-disk-encryption",
        VOLUME,
        {"encrypted": True},
        broken=({"encrypted": None}, {"encrypted": False}),
        unknown=("encrypted",),
    ),
    Case(
        "aws-disk-encryption",
        LAUNCH_TEMPLATE,
        {"blockDeviceMappings": [{"ebs": {"encrypted": "true"}}, {"virtualName": "ephemeral0"}]},
        broken=(
            {"blockDeviceMappings": None},
            {"blockDeviceMappings.0.ebs.encrypted": "false"},
            {"blockDeviceMappings.0.ebs.encrypted": None},
        ),
        unknown=("blockDeviceMappings", "blockDeviceMappings.0.ebs.encrypted"),
    ),
    Case(
        "aws-disk-encryption",
        INSTANCE,
        {"rootBlockDevice": {"encrypted": True}, "ebsBlockDevices": [{"encrypted": True}]},
        broken=(
            {"rootBlockDevice": None},
            {"rootBlockDevice.encrypted": False},
            {"ebsBlockDevices.0.encrypted": False},
        ),
        unknown=("rootBlockDevice", "ebsBlockDevices.0.encrypted"),
    ),
    Case("aws-efs-encryption", FILE_SYSTEM, {"encrypted": True}, broken=({"encrypted": None},), unknown=("encrypted",)),
    Case(
        "aws-image-scan",
        REPOSITORY,
        _ECR,
        broken=({"imageScanningConfiguration": None}, {"imageScanningConfiguration.scanOnPush": False}),
        unknown=("imageScanningConfiguration.scanOnPush",),
    ),
    Case(
        "aws-image-tags",
        REPOSITORY,
        _ECR,
        broken=(
            {"imageTagMutability": None},
            {"imageTagMutability": "MUTABLE_WITH_EXCLUSION"},
            {"encryptionConfigurations": None},
            {"encryptionConfigurations.0.encryptionType": "AES256"},
        ),
        unknown=("imageTagMutability", "encryptionConfigurations.0"),
    ),
    Case(
        "aws-key-rotation",
        KEY,
        {"enableKeyRotation": True},
        broken=({"enableKeyRotation": None}, {"enableKeyRotation": False}),
        unknown=("enableKeyRotation", "customerMasterKeySpec"),
    ),
)


def _feeding(type_: str, key: str, of: Resource, inputs: dict[str, Any], name: str = "other") -> Resource:
    """A resource with an input computed from another one."""
    return replace(resource(type_, {key: UNKNOWN, **inputs}, name), dependencies={key: (of.urn,)})


_SUBNET: Final = resource(SUBNET, {"mapPublicIpOnLaunch": False}, "private")
_VPC: Final = resource(VPC, {"cidrBlock": "10.20.0.0/16"})
_DISABLED: Final = {"backupPolicy": {"status": "DISABLED"}}
_OTHER_VPC: Final = resource(VPC, {}, "other-vpc")
_FILES: Final = resource(FILE_SYSTEM, {"encrypted": True})

STACK_CASES: Final = (
    StackCase(
        "aws-private-nodes",
        _feeding(NODE_GROUP, "subnetIds", _SUBNET, {}),
        passing=(_SUBNET,),
        broken=((resource(SUBNET, {"mapPublicIpOnLaunch": True}, "private"),),),
        unknown=((), (resource(SUBNET, {"mapPublicIpOnLaunch": UNKNOWN}, "private"),)),
    ),
    StackCase(
        "aws-flow-logs",
        _VPC,
        passing=(_feeding(FLOW_LOG, "vpcId", _VPC, {}), resource(FLOW_LOG, {"vpcId": UNKNOWN}, "of-somebody")),
        broken=(
            (),
            (_OTHER_VPC, _feeding(FLOW_LOG, "vpcId", _OTHER_VPC, {})),
            (resource(FLOW_LOG, {"subnetId": UNKNOWN}),),
        ),
        unknown=((resource(FLOW_LOG, {"vpcId": UNKNOWN}, "of-somebody"),),),
    ),
    StackCase(
        "aws-efs-backup",
        _FILES,
        passing=(
            _feeding(SELECTION, "resources", _FILES, {}),
            _feeding(BACKUP_POLICY, "fileSystemId", _FILES, _DISABLED),
        ),
        broken=((_feeding(SELECTION, "resources", _VPC, {}),),),
        unknown=((resource(SELECTION, {"resources": UNKNOWN}, "of-something"),),),
    ),
    StackCase(
        "aws-efs-backup",
        _FILES,
        passing=(_feeding(BACKUP_POLICY, "fileSystemId", _FILES, {"backupPolicy": {"status": "ENABLED"}}),),
        broken=((), (_feeding(BACKUP_POLICY, "fileSystemId", _FILES, _DISABLED),)),
        unknown=(
            (_feeding(BACKUP_POLICY, "fileSystemId", _FILES, {"backupPolicy": {"status": UNKNOWN}}),),
            (resource(BACKUP_POLICY, {"fileSystemId": UNKNOWN}, "of-somebody"),),
            (resource(SELECTION, {"resources": UNKNOWN}, "of-something"),),
        ),
    ),
)
