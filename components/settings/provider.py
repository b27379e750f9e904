"""`infraplatform:provider`: where the platform stands."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from components.settings.base import Settings, wrong

MAX_ZONES: Final = 4

_AWS_REGION = re.compile(r"^(?:[a-z]{2}(?:-gov|-iso[a-z]?)?|eusc-de)-[a-z]+-\d$")
_AWS_ZONE_LETTERS: Final = {"us-east-1": "abcdef"}
"""Zone letters by region where more than a to d exist. Source: AWS documentation, Regions and Zones, read 2026-11."""


class AwsProviderSettings(Settings):
    """An AWS account and region. The provider refuses to act in any other account."""

    kind: Literal["aws"] = "aws"
    """AWS."""
    account: Annotated[str, Field(pattern=r"^\d{12}$", examples=["123456789012"])]
    """The account's twelve digits, in quotes; the provider refuses any other account."""
    region: Annotated[str, Field(examples=["us-east-1"])]
    """The region's name."""
    zones: Annotated[tuple[str, ...], Field(min_length=1, max_length=MAX_ZONES, examples=[["a", "b"]])]
    """Availability zones of the network by their letters, 1 to 4; adding one only creates."""

    @field_validator("region")
    @classmethod
    def _region_is_a_region(cls, region: str) -> str:
        if not _AWS_REGION.match(region):
            raise wrong(f"{region!r} is not an AWS region", "write a region's name, as us-east-1")
        return region

    @model_validator(mode="after")
    def _zones_belong_to_the_region(self) -> Self:
        letters = _AWS_ZONE_LETTERS.get(self.region, "abcd")
        for zone in self.zones:
            if zone in letters and len(zone) == 1:
                continue
            if zone.startswith(self.region) and zone.removeprefix(self.region) in letters:
                raise wrong(f"zone {zone!r} names its region again", f"write {zone.removeprefix(self.region)!r}")
            raise wrong(f"region {self.region} has no zone {zone!r}", f"write letters from {', '.join(letters)}")
        if len(set(self.zones)) < len(self.zones):
            raise wrong(f"zones {list(self.zones)} name one twice", "write each zone once")
        return self

    def zone_name(self, zone: str) -> str:
        """The availability zone's full name: `a` in us-east-1 is `us-east-1a`."""
        return f"{self.region}{zone}"
