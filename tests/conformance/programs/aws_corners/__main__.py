"""Every option and value kind that the resource monitor treats specially, once each, on AWS types."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

config = pulumi.Config()


def tag_everything(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """A stack-wide transform: sees unknowns and secrets, and must leave them what they are."""
    if args.type_ not in ("aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"):
        return None
    tags = args.props.get("tags")
    assert isinstance(tags, dict), "a transform sees plain values, with an Output for each unknown or secret one"
    return pulumi.ResourceTransformResult({**args.props, "tags": {**tags, "stack": pulumi.get_stack()}}, args.opts)


def add_description(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    """A transform of one resource that changes both properties and options."""
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(ignore_changes=["egress"]))
    return pulumi.ResourceTransformResult({**args.props, "description": "by a transform"}, opts)


class Network(pulumi.ComponentResource):
    """A component whose children inherit its provider and protection."""

    def __init__(
        self, name: str, cidr: str, subnets: Sequence[str], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("corners:aws:Network", name, {"cidr": cidr}, opts)
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=cidr,
            enable_dns_support=True,
            tags={"Name": name, "team": config.require("team")},
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["mainRouteTableId"]),
        )
        self.subnets = {
            key: aws.ec2.Subnet(
                f"{name}-{key}",
                vpc_id=vpc.id,
                cidr_block=f"10.20.{index}.0/24",
                availability_zone=f"us-east-1{key[-1]}",
                tags={"vpc-arn": vpc.arn},
                opts=pulumi.ResourceOptions(
                    parent=self, deleted_with=vpc, aliases=[pulumi.Alias(name=f"{name}-{key.removeprefix('new-')}")]
                ),
            )
            for index, key in enumerate(subnets)
        }
        self.vpc = vpc
        self.register_outputs({"vpc_id": vpc.id})


pulumi.runtime.register_resource_transform(tag_everything)

provider = aws.Provider(
    "west",
    region=config.get("region") or "us-west-2",
    allowed_account_ids=["123456789012"],
    default_tags={"tags": {"owner": config.require("team")}},
)
network = Network(
    "net",
    config.get("cidr") or "10.20.0.0/16",
    (config.get("subnets") or "a,b").split(","),
    pulumi.ResourceOptions(providers=[provider], protect=config.get_bool("protect")),
)

# Children of a child: from their component they inherit all that they do not say themselves.
inner = pulumi.ComponentResource(
    config.get("component_type") or "corners:aws:Inner",
    "inner",
    None,
    pulumi.ResourceOptions(parent=network, retain_on_delete=True, deleted_with=network.vpc),
)
group = aws.ec2.SecurityGroup(
    "inner-group",
    vpc_id=network.vpc.id,
    revoke_rules_on_delete=True,
    opts=pulumi.ResourceOptions(
        parent=inner,
        transforms=[add_description],
        custom_timeouts=pulumi.CustomTimeouts(create="5m", delete="90s"),
        retain_on_delete=False,
    ),
)
aws.vpc.SecurityGroupIngressRule(
    "inner-rule",
    security_group_id=group.id,
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
    cidr_ipv4="10.0.0.0/8",
    description=pulumi.Output.concat("from ", network.vpc.cidr_block),
    opts=pulumi.ResourceOptions(parent=inner, delete_before_replace=True),
)

# Secrets, whole and inside; unknowns inside a list and a text; an output without dependencies.
key = aws.kms.Key(
    "key",
    description=pulumi.Output.secret("s3cret").apply(lambda token: f"token {token}"),
    tags={"plain": "yes", "secret": pulumi.Output.secret(config.get("token") or "first")},
    opts=pulumi.ResourceOptions(protect=True),
)
role = aws.iam.Role(
    "role",
    assume_role_policy=pulumi.Output.json_dumps({"Statement": [{"Resource": network.vpc.arn}]}),
    managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess", network.vpc.arn],
    description=config.get("role_description"),
    opts=pulumi.ResourceOptions(ignore_changes=["description"], replace_on_changes=["path"], depends_on=[network]),
)
repository_keys = (config.get("repositories") or "api,web").split(",")
repositories = {
    key: aws.ecr.Repository(
        f"repository-{key}",
        image_tag_mutability=config.get("mutability") or "IMMUTABLE",
        opts=pulumi.ResourceOptions(replace_on_changes=["imageTagMutability"]),
    )
    for key in repository_keys
}

# A lookup that depends on nothing, one on an unknown, and a resource that is only read.
account = aws.get_caller_identity_output()
partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(depends_on=[network.vpc]))
found = aws.ec2.Vpc.get("found", "vpc-0123456789abcdef0")
aws.iam.Policy(
    "policy",
    policy=pulumi.Output.json_dumps(
        {"Statement": [{"Resource": [account.account_id, partition.partition, found.arn, role.arn]}]}
    ),
)

pulumi.export("vpc_id", network.vpc.id)
pulumi.export("key_arn", key.arn)
pulumi.export("repositories", {name: repository.repository_url for name, repository in repositories.items()})
