"""Resources as the tests of costs need them, and the price book without anybody's own file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from preview.cost.estimate import estimate
from preview.cost.model import Estimate, Range
from preview.cost.tables import PriceBook, load
from preview.plan import Resource

DAY = date(2026, 11, 29)


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::demo::{type_}::{name}"


def provider(package: str, **inputs: Any) -> Resource:
    type_ = f"pulumi:providers:{package}"
    return Resource(urn=urn(type_, package), type=type_, custom=True, inputs=inputs)


AWS = provider("aws", region="us-east-1")
GCP = provider("gcp", region="europe-west4", project="my-project")
AZURE = provider("azure-native", location="West Europe")


def resource(
    by: Resource, type_: str, name: str, inputs: Mapping[str, Any], fed_by: Mapping[str, Resource] | None = None
) -> Resource:
    feeds = {key: (source.urn,) for key, source in (fed_by or {}).items()}
    return Resource(
        urn=urn(type_, name),
        type=type_,
        custom=True,
        inputs=inputs,
        provider=f"{by.urn}::id",
        dependencies=tuple(source for sources in feeds.values() for source in sources),
        property_dependencies=feeds,
    )


def cost(*resources: Resource, book: PriceBook | None = None, as_of: date = DAY) -> Estimate:
    return estimate((AWS, GCP, AZURE, *resources), book or load(), as_of)


def lines(found: Estimate) -> dict[str, Range]:
    return {line.price.item: line.usd for line in found.lines}


def usd(low: str, high: str | None = None) -> Range:
    return Range(Decimal(low), Decimal(high or low))


def gaps(found: Estimate) -> list[tuple[str, str]]:
    return [(item.what, item.why) for item in found.unpriced]
