"""IAM roles with their policies: who may act as them, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.tags import named


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """What a role is made from.

    Attributes:
        trust: the trust policy as JSON text.
        managed: ARNs of managed policies by a short stable key.
        inline: policy documents as JSON text by a short stable key.
        tags: the stack's tags.
        parent: the component that it belongs to.
    """

    trust: pulumi.Input[str]
    managed: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    inline: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    tags: Mapping[str, str]
    parent: pulumi.Resource


@dataclass(frozen=True)
class RoleWithPolicies:
    """A role, and the policies that it is useless without: what acts as the role waits for `rights`."""

    role: aws.iam.Role
    rights: tuple[pulumi.Resource, ...]


def role_with_policies(name: str, args: RoleArgs) -> RoleWithPolicies:
    """Make a role of this logical name, with a resource of its own for each policy."""
    child = pulumi.ResourceOptions(parent=args.parent)
    role = aws.iam.Role(name, assume_role_policy=args.trust, tags=named(args.tags, name), opts=child)
    attachments = [
        aws.iam.RolePolicyAttachment(f"{name}-{key}", role=role.name, policy_arn=arn, opts=child)
        for key, arn in args.managed.items()
    ]
    inline = [
        aws.iam.RolePolicy(f"{name}-{key}", role=role.name, policy=document, opts=child)
        for key, document in args.inline.items()
    ]
    return RoleWithPolicies(role, (*attachments, *inline))
