"""The resource group that holds all of a platform on Azure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import resources

from components.settings import AzureProviderSettings, ProtectionSettings


@dataclass(frozen=True, kw_only=True)
class PlatformGroupArgs:
    """What a resource group is made from."""

    provider: AzureProviderSettings
    protection: ProtectionSettings
    tags: Mapping[str, str]


class PlatformGroup(pulumi.ComponentResource):
    """The one resource group of a platform.

    Azure deletes whatever is in a group along with it, also what the stack keeps. So where data is kept, the group
    outlives the stack too. AKS makes a second group, for its nodes, which is AKS's own.
    """

    resource_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: PlatformGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the group."""
        super().__init__("infraplatform:azure:PlatformGroup", name, {"region": args.provider.region}, opts)
        group = resources.ResourceGroup(
            name,
            location=args.provider.region,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(
                parent=self, protect=args.protection.protect, retain_on_delete=args.protection.keep_data
            ),
        )
        self.resource_group_name = group.name
        self.register_outputs({"resource_group_name": self.resource_group_name})
