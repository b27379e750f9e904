"""What every part of a virtual network needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components.settings import AzureProviderSettings


@dataclass(frozen=True, kw_only=True)
class Place:
    """The network a resource belongs to, and the component it is a child of."""

    name: str
    virtual_network: network.VirtualNetwork
    provider: AzureProviderSettings
    resource_group_name: pulumi.Output[str]
    tags: Mapping[str, str]
    parent: pulumi.Resource
    protect: bool

    def child(self) -> pulumi.ResourceOptions:
        """The options of a resource in the network."""
        return pulumi.ResourceOptions(parent=self.parent)

    def lasting_child(self) -> pulumi.ResourceOptions:
        """The options of a resource that others stand on: protected where the stack says so."""
        return pulumi.ResourceOptions(parent=self.parent, protect=self.protect)
