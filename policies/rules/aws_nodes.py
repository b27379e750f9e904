"""What EKS nodes and other EC2 instances must be: who reaches them, and what they may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.properties import CannotTell, Path, Properties, each
from policies.rule import Resource, Rule, Severity, Stack, StackRule

NODE_GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
SUBNET: Final = "aws:ec2/subnet:Subnet"
LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
INSTANCE: Final = "aws:ec2/instance:Instance"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE: Final = "aws:iam/role:Role"
_TOO_MUCH: Final = {
    "AdministratorAccess": "everything in the account",
    "AmazonEC2ContainerRegistryFullAccess": "push, delete and open every image repository",
    "AmazonEC2ContainerRegistryPowerUser": "push to every image repository",
}
_SOURCE: Final = "pulumi-aws eks.NodeGroupArgs, ec2.LaunchTemplateArgs and ec2.InstanceArgs, read 2026-11-29"


def _ssh_names_its_sources(group: Resource) -> Iterator[str]:
    access = group.inputs.at("remoteAccess")
    if access.has("ec2SshKey") and not access.items("sourceSecurityGroupIds"):
        yield "remoteAccess.ec2SshKey without sourceSecurityGroupIds opens SSH of all nodes to the internet"


def _subnets_are_private(group: Resource, stack: Stack) -> Iterator[str]:
    subnets = stack.fed_by(group, "subnetIds", SUBNET)
    if not subnets:
        raise CannotTell("subnetIds", why="not of subnets of this stack")
    yield from each(subnets, _gives_no_public_addresses)


def _gives_no_public_addresses(subnet: Resource) -> Iterator[str]:
    try:
        if subnet.inputs.is_true("mapPublicIpOnLaunch"):
            yield f"nodes in subnet {subnet.name} get public addresses: its mapPublicIpOnLaunch is on"
    except CannotTell:
        raise CannotTell(f"mapPublicIpOnLaunch of subnet {subnet.name}") from None


def _metadata_wants_a_token(machine: Resource) -> Iterator[str]:
    metadata = machine.inputs.at("metadataOptions")
    if metadata.get("httpEndpoint") != "disabled" and metadata.get("httpTokens", default="optional") != "required":
        yield "metadataOptions.httpTokens is not required: a forged request reads the node's credentials"


def _metadata_stays_on_the_machine(machine: Resource) -> Iterator[str]:
    hops = machine.inputs.get("metadataOptions", "httpPutResponseHopLimit", default=1)
    if hops > 1:
        yield f"metadataOptions.httpPutResponseHopLimit is {hops}: pods read the node's credentials"


def _with_safe_metadata(machine: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_metadata_wants_a_token(machine)):
        yield ("metadataOptions", "httpTokens"), "required"
    if any(_metadata_stays_on_the_machine(machine)):
        yield ("metadataOptions", "httpPutResponseHopLimit"), 1


def _grants_no_more_than_needed(subject: Resource) -> Iterator[str]:
    if subject.type == ATTACHMENT:
        yield from _names_a_narrow_policy(subject.inputs.at("policyArn"))
    else:
        yield from each(subject.inputs.items("managedPolicyArns"), _names_a_narrow_policy)


def _names_a_narrow_policy(arn: Properties) -> Iterator[str]:
    name = str(arn.get()).rpartition("/")[2]
    if name in _TOO_MUCH:
        yield f"{arn.path} is {name}, which grants {_TOO_MUCH[name]}"


RULES: Final = (
    Rule(
        id="aws-node-ssh",
        title="SSH of EKS nodes is open to named security groups only.",
        severity=Severity.HIGH,
        types=(NODE_GROUP,),
        controls=(
            "pci-dss:1.3.1",
            "isms-p:2.6.6",
            "iso-27001:8.20",
            "soc-2:CC6.6",
        ),
        problem="Port 22, or 3389 of Windows nodes, answers the whole internet.",
        remedy="remove remoteAccess and use Session Manager, or set remoteAccess.sourceSecurityGroupIds",
        source=_SOURCE,
        checkov=("CKV_AWS_100",),
        checks=(_ssh_names_its_sources,),
    ),
    StackRule(
        id="aws-private-nodes",
        title="EKS nodes stand in subnets that give no public addresses.",
        severity=Severity.HIGH,
        types=(NODE_GROUP,),
        controls=(
            "cis-eks:5.4.3",
            "isms-p:2.6.1",
            "iso-27001:8.20",
            "pci-dss:1.4.4",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
        ),
        problem="Every node can be reached from the internet as soon as one security group lets it.",
        remedy="place the node group in private subnets, or set mapPublicIpOnLaunch of its subnets to false",
        source=_SOURCE,
        checks=(_subnets_are_private,),
    ),
    Rule(
        id="aws-imdsv2",
        title="Instance metadata wants a session token and does not leave the machine.",
        severity=Severity.HIGH,
        types=(LAUNCH_TEMPLATE, INSTANCE),
        controls=(
            "iso-27001:8.20",
            "isms-p:2.6.2",
            "pci-dss:2.2.6",
            "soc-2:CC6.1",
        ),
        problem="A pod, or a request forged through an application, takes over the node's role.",
        remedy="set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1",
        source=_SOURCE,
        checkov=("CKV_AWS_79", "CKV_AWS_341"),
        checks=(_metadata_wants_a_token, _metadata_stays_on_the_machine),
        fix=_with_safe_metadata,
    ),
    Rule(
        id="aws-node-iam",
        title="No role has administrator's rights or may write to every image repository.",
        severity=Severity.HIGH,
        types=(ATTACHMENT, ROLE),
        controls=(
            "cis-eks:5.1.3",
            "cis-eks:5.2.1",
            "isms-p:2.5.5",
            "iso-27001:8.2",
            "pci-dss:7.2.5",
            "soc-2:CC6.3",
            "hipaa:164.312(a)(1)",
        ),
        problem="One taken pod or node is the whole account, or puts its image into every other pod.",
        remedy="attach AmazonEC2ContainerRegistryPullOnly to nodes; write a policy that names what is needed elsewhere",
        source="AWS managed policies: known, not read; pulumi-aws iam.RolePolicyAttachmentArgs, read 2026-11-29",
        checks=(_grants_no_more_than_needed,),
    ),
)
