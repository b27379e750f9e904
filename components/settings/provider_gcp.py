"""`infraplatform:provider` on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.provider import MAX_ZONES
from components.settings.values import EachOnce, Zone, matching

_ZONE_LETTERS: Final[Mapping[str, str]] = {"us-central1": "abcf", "us-east1": "bcd", "europe-west1": "bcd"}
"""Zone letters by region where they are not a to c.

Source: Compute Engine, Regions and zones, read 2026-11; us-east1's as the OpenShift installer's guide has them, read
2026-11-29.
"""
_OTHER_ZONE_LETTERS: Final = "abc"


class GcpProviderSettings(Settings):
    """A Google Cloud project and region. Every resource names the project; nothing is made in another."""

    kind: Literal["gcp"] = "gcp"
    """Google Cloud."""
    project: Annotated[
        str,
        matching(
            r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$",
            "a project's id, not its name or number: 6 to 30 lower-case letters, digits and inner hyphens, a letter"
            " first",
            examples=["my-project"],
        ),
    ]
    """Id of the project."""
    region: Annotated[
        str, matching(r"^[a-z]+-[a-z]+\d{1,2}$", "a region of Google Cloud, not a zone", examples=["europe-west3"])
    ]
    """The region's name."""
    zones: Annotated[tuple[Zone, ...], EachOnce, Field(min_length=1, max_length=MAX_ZONES, examples=[["a", "b"]])]
    """Zones that clusters and node groups choose from, by their letters; the network spans the region."""
    enable_apis: bool = True
    """Whether the stack turns on the APIs it uses; they stay on when it goes. Else they are on beforehand."""

    @rule
    def zones_belong_to_the_region(self) -> Iterator[Fault]:
        """Each zone has a letter that the region's zones have."""
        letters = _ZONE_LETTERS.get(self.region, _OTHER_ZONE_LETTERS)
        for index, zone in enumerate(self.zones):
            if zone not in letters:
                remedy = f"write letters from {', '.join(letters)}"
                yield Fault(("zones", index), f"region {self.region} has no zone {zone!r}", remedy)

    def zone_name(self, zone: str) -> str:
        """The zone's full name: `a` in europe-west3 is `europe-west3-a`."""
        return f"{self.region}-{zone}"
