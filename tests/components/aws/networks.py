"""Networks for the tests, and a look at the resources of a plan or a state by type and logical name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pulumi

from components.aws.network import VpcNetwork, VpcNetworkArgs
from components.settings import AwsNetworkSettings, AwsProviderSettings, ProtectionSettings
from components.tags import platform_tags
from preview.plan import Resource
from tests.support import applied, plan

TAGS = platform_tags("infraplatform", "test", "dev", {"team": "core"})


def provider(*zones: str, region: str = "us-east-1") -> AwsProviderSettings:
    """An account's network zones."""
    return AwsProviderSettings(account="123456789012", region=region, zones=zones)


def vpc_network(
    *zones: str,
    region: str = "us-east-1",
    protection: ProtectionSettings | None = None,
    opts: pulumi.ResourceOptions | None = None,
    **settings: Any,
) -> VpcNetwork:
    """A VPC in `zones`, 10.20.0.0/16 unless told otherwise."""
    return VpcNetwork(
        "network",
        VpcNetworkArgs(
            settings=AwsNetworkSettings.model_validate({"cidr": "10.20.0.0/16", **settings}),
            provider=provider(*zones, region=region),
            protection=protection or ProtectionSettings(),
            tags=TAGS,
        ),
        opts,
    )


def planned(*zones: str, **settings: Any) -> dict[tuple[str, str], Resource]:
    """The plan of a new VPC: its resources by short type and logical name."""
    preview = plan(lambda: vpc_network(*zones, **settings))
    assert preview.diagnostics == ()
    return by_type_and_name(preview.resources)


def standing(*zones: str, **settings: Any) -> dict[tuple[str, str], Resource]:
    """The state of a VPC that was made, with made-up ids: what refers to what can be seen in it."""
    return by_type_and_name(applied(lambda: vpc_network(*zones, **settings)).resources.values())


def by_type_and_name(resources: Iterable[Resource]) -> dict[tuple[str, str], Resource]:
    """Resources by the last part of their type and their logical name: `("Subnet", "network-node-a")`."""
    return {(resource.type.rpartition(":")[2], resource.name): resource for resource in resources}


def of_type(resources: dict[tuple[str, str], Resource], short_type: str) -> dict[str, Resource]:
    """The resources of one type by their logical name."""
    return {name: resource for (kind, name), resource in resources.items() if kind == short_type}
