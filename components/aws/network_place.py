"""What all parts of a VPC share: where they go, how they are named and tagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.settings import AwsProviderSettings
from components.tags import named


@dataclass(frozen=True, kw_only=True)
class Place:
    """A VPC that parts are put into, and what each of them carries."""

    name: str
    """The network's logical name; every part's name starts with it."""
    vpc: aws.ec2.Vpc
    provider: AwsProviderSettings
    tags: Mapping[str, str]
    parent: pulumi.Resource

    @property
    def zones(self) -> tuple[str, ...]:
        """The network's zones by letter, in their declared order."""
        return self.provider.zones

    def tags_of(self, logical_name: str, *more: Mapping[str, str]) -> dict[str, str]:
        """The stack's tags, the part's `Name`, and what else it needs to be found by."""
        tags = named(self.tags, logical_name)
        for extra in more:
            tags.update(extra)
        return tags

    def child(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options of a part: a child of the network, made after what its inputs do not say it needs."""
        return pulumi.ResourceOptions(parent=self.parent, depends_on=list(after) or None)
