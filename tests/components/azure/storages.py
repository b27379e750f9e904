"""Storage on Azure as its tests build it."""

from __future__ import annotations

from typing import Any, Final

import pulumi

from components.azure.storage import AzureStorage, AzureStorageArgs
from components.settings import AzureStorageSettings, ProtectionSettings
from preview.plan import Resource
from tests.components.azure.parts import (
    CLUSTER_ID,
    PROVIDER,
    SUBSCRIPTION,
    azure_cluster,
    azure_network,
    cluster_identity,
    group_name,
    subnet_id,
)
from tests.components.doubles import TAGS
from tests.components.plans import by_type_and_name, sound
from tests.support import applied, plan

ENCRYPTION_SET: Final = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.Compute/diskEncryptionSets/platform"
)


def storage(
    *,
    keep_data: bool = False,
    place: bool = True,
    colour: str = "blue",
    readable: str | None = None,
    **settings: Any,
) -> AzureStorage:
    """Storage of the settings given, on doubles."""
    tags = {**TAGS, "colour": colour}
    return AzureStorage(
        "storage",
        AzureStorageArgs(
            settings=AzureStorageSettings.model_validate(settings),
            provider=PROVIDER,
            resource_group_name=group_name(),
            network=azure_network(),
            private_endpoint_subnet_id=subnet_id(there=place),
            cluster=azure_cluster(),
            cluster_id=pulumi.Output.from_input(CLUSTER_ID),
            cluster_identity=cluster_identity(**tags),
            protection=ProtectionSettings(keep_data=keep_data, protect=keep_data),
            tags=tags,
            readable_disk_encryption_set=readable,
        ),
    )


def planned(**settings: Any) -> dict[tuple[str, str], Resource]:
    """The resources of a first preview, which has no finding."""
    return sound(plan(lambda: storage(**settings)))


def standing(**settings: Any) -> dict[tuple[str, str], Resource]:
    """The resources once they were made, with made-up ids."""
    return by_type_and_name(applied(lambda: storage(**settings)).resources.values())
