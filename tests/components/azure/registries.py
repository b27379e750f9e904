"""A registry on Azure as its tests build it."""

from __future__ import annotations

from typing import Any

import pulumi

from components.azure.registry import AcrRegistry, AcrRegistryArgs
from components.azure.registry_cache import UpstreamCredentials
from components.settings import AcrRegistrySettings, ProtectionSettings
from preview.plan import Resource
from tests.components.azure.parts import (
    PROVIDER,
    SUBSCRIPTION,
    azure_cluster,
    azure_network,
    group_name,
    subnet_id,
)
from tests.components.doubles import TAGS
from tests.components.plans import by_type_and_name, sound
from tests.support import applied, plan

SHARED = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shared/providers"
KEY = f"{SHARED}/Microsoft.KeyVault/vaults/keys-of-ours/keys/images"
ZONE = f"{SHARED}/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"


def registry(
    *,
    keep_data: bool = False,
    nodes_have_an_identity: bool = True,
    place: bool = True,
    colour: str = "blue",
    **settings: Any,
) -> AcrRegistry:
    """A registry of the settings given; upstreams that want credentials have some."""
    credentials = UpstreamCredentials(
        username=pulumi.Output.from_input("someone"), access_token=pulumi.Output.from_input("sesame")
    )
    return AcrRegistry(
        "registry",
        AcrRegistryArgs(
            settings=AcrRegistrySettings.model_validate(settings),
            provider=PROVIDER,
            resource_group_name=group_name(),
            network=azure_network(),
            private_endpoint_subnet_id=subnet_id(there=place),
            cluster=azure_cluster(nodes_have_an_identity=nodes_have_an_identity),
            protection=ProtectionSettings(keep_data=keep_data, protect=keep_data),
            tags={**TAGS, "colour": colour},
            pull_through_credentials={"docker-hub": credentials},
        ),
    )


def planned(**settings: Any) -> dict[tuple[str, str], Resource]:
    return sound(plan(lambda: registry(**settings)))


def standing(**settings: Any) -> dict[tuple[str, str], Resource]:
    return by_type_and_name(applied(lambda: registry(**settings)).resources.values())


def images(**settings: Any) -> Resource:
    return planned(**settings)["Registry", "registry"]


def kinds(**settings: Any) -> set[str]:
    return {kind for kind, _ in planned(**settings)}
