"""`infraplatform:network` on Azure: a virtual network with one subnet for each use, which all zones share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.settings.base import Settings
from components.settings.values import PartOverrides, Range


class AzureNetworkSettings(Settings):
    """The network: created from `cidr`, or an `existing` one."""

    kind: Literal["azure"] = "azure"
    """Azure's network; follows from the provider where left out."""
    cidr: Annotated[Range | None, Field(examples=["10.20.0.0/16"])] = None
    """Private IPv4 range, /16 to /22; nodes, API server and private endpoints have fixed parts of it."""
    overrides: PartOverrides = {}
    """Properties by Pulumi type token, in the provider's camelCase, merged over what this part sets."""
