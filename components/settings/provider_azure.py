"""`infraplatform:provider` on Azure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.values import EachOnce, Zone, matching

ZONES: Final = ("1", "2", "3")
"""A region with availability zones has three of these numbers, whatever buildings a subscription's numbers mean."""
REGIONS_WITHOUT_ZONES: Final = frozenset(
    (
        "australiacentral",
        "australiacentral2",
        "australiasoutheast",
        "brazilsoutheast",
        "canadaeast",
        "francesouth",
        "germanynorth",
        "koreasouth",
        "northcentralus",
        "norwaywest",
        "southafricawest",
        "southindia",
        "switzerlandwest",
        "uaecentral",
        "ukwest",
        "westcentralus",
        "westindia",
        "westus",
    )
)
"""Public regions that have no availability zones.

Source: Azure's regions less those of the Azure documentation, "Azure regions with availability zone support"
(2024-11-20), and those opened since; the table of the latency map vmisson/azure-region-span agrees. Read 2026-11-29.
"""
_SOVEREIGN: Final = ("usgov", "usdod", "china")
"""How regions' names start in clouds with other endpoints and names of services than the public one's."""

SubscriptionId = Annotated[
    str,
    matching(
        r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        "an id of Azure: 32 lower-case hexadecimal digits in five groups",
        examples=["0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"],
    ),
]
"""A subscription's, tenant's or object's id."""


class AzureProviderSettings(Settings):
    """An Azure subscription and region. The provider acts in this subscription and tenant only."""

    kind: Literal["azure"] = "azure"
    """Azure."""
    subscription_id: SubscriptionId
    """Id of the subscription; nothing is made in another."""
    tenant_id: SubscriptionId
    """Id of the Entra tenant that the subscription trusts; another tenant's credentials are refused."""
    region: Annotated[str, matching(r"^[a-z]+\d?$", "a region's short name, without spaces", examples=["westeurope"])]
    """The region's name; one with availability zones."""
    zones: Annotated[tuple[Zone, ...], EachOnce, Field(min_length=1, max_length=len(ZONES), examples=[["1", "2"]])]
    """Zones that clusters and node groups choose from, by their numbers in quotes; the network spans the region."""

    @rule
    def the_region_has_zones(self) -> Iterator[Fault]:
        """The platform stands in zones, in Azure's public cloud."""
        if self.region in REGIONS_WITHOUT_ZONES:
            remedy = "write a region with zones, as westeurope"
            yield Fault(("region",), f"{self.region} has no availability zones", remedy)
        if self.region.startswith(_SOVEREIGN):
            problem = f"{self.region} is not in Azure's public cloud, which alone the platform knows"
            yield Fault(("region",), problem, "write a region of the public cloud, as westeurope")

    @rule
    def zones_are_azures(self) -> Iterator[Fault]:
        """Zones have the numbers that all of Azure's regions have."""
        for index, zone in enumerate(self.zones):
            if zone not in ZONES:
                problem = f"region {self.region} has no zone {zone!r}"
                yield Fault(("zones", index), problem, f"write numbers from {', '.join(ZONES)}, in quotes")
