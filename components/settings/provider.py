"""`infraplatform:provider`: where the platform stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from components.settings.base import Fault, Settings, rule
from components.settings.values import EachOnce, Zone, matching

MAX_ZONES: Final = 4

_ZONE_LETTERS: Final = {"us-east-1": "abcdef"}
"""Zone letters by region where more than a to d exist. Source: AWS documentation, Regions and Zones, read 2026-11."""
_OTHER_ZONE_LETTERS: Final = "abcd"
_PARTITIONS: Final = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}
"""Partition by the start of the region's name, where it is not `aws`.

Source: botocore's partitions.json, read 2026-11; `aws-eusc` from the endpoint lists of newer SDKs.
"""


def aws_partition(region: str) -> str:
    """The ARN partition that an AWS region belongs to: `aws`, `aws-cn`, `aws-us-gov`, ..."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


class AwsProviderSettings(Settings):
    """An AWS account and region. The provider refuses to act in any other account."""

    kind: Literal["aws"] = "aws"
    """AWS."""
    account: Annotated[str, matching(r"^\d{12}$", "twelve digits, in quotes", examples=["123456789012"])]
    """The account's twelve digits, in quotes; the provider refuses any other account."""
    region: Annotated[
        str,
        matching(
            r"^(?:[a-z]{2}(?:-gov|-iso[a-z]?)?|eusc-de)-[a-z]+-\d$", "a region, not a zone", examples=["us-east-1"]
        ),
    ]
    """The region's name."""
    zones: Annotated[tuple[Zone, ...], EachOnce, Field(min_length=1, max_length=MAX_ZONES, examples=[["a", "b"]])]
    """Availability zones of the network by their letters; adding one at the end only creates."""

    @rule
    def zones_belong_to_the_region(self) -> Iterator[Fault]:
        """Each zone has a letter that the region's zones can have."""
        letters = _ZONE_LETTERS.get(self.region, _OTHER_ZONE_LETTERS)
        for index, zone in enumerate(self.zones):
            if zone not in letters:
                remedy = f"write letters from {', '.join(letters)}"
                yield Fault(("zones", index), f"region {self.region} has no zone {zone!r}", remedy)

    def zone_name(self, zone: str) -> str:
        """The availability zone's full name: `a` in us-east-1 is `us-east-1a`."""
        return f"{self.region}{zone}"

    @property
    def partition(self) -> str:
        """The ARN partition that the region belongs to: `aws`, `aws-cn`, `aws-us-gov`, ..."""
        return aws_partition(self.region)
