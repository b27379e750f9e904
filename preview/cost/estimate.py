"""From the resources of a plan to its monthly estimate.

The cost of a resource is found by its type and its inputs alone, so any Pulumi program has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

import yaml

from preview.cost import aws, azure, google, kubernetes
from preview.cost.model import HOURS_PER_MONTH, Estimate, Gap, Line, Need, Price, Range, Unpriced
from preview.cost.scene import Scene, short_type
from preview.cost.subject import Estimator, Part, Subject
from preview.cost.tables import PriceBook
from preview.plan import Resource
from preview.urn import is_provider, package_of

ESTIMATORS: Final[Mapping[str, Estimator]] = {**aws.ESTIMATORS, **azure.ESTIMATORS, **google.ESTIMATORS}
_FREE_FILE: Final = Path(__file__).with_name("free.yaml")


def estimate(resources: Iterable[Resource], book: PriceBook, as_of: date) -> Estimate:
    """Return what the resources cost in a month.

    Args:
        resources: those of one stack, its providers and components among them.
        book: the prices and assumptions.
        as_of: the day that support calendars are read by.
    """
    scene = Scene(resources)
    lines, unpriced = list[Line](), list[Unpriced]()
    for resource in sorted(scene.resources.values(), key=lambda resource: resource.urn):
        subject = Subject(resource=resource, scene=scene, book=book, as_of=as_of)
        for part in _parts(subject):
            found = _priced(part, subject)
            if isinstance(found, Line):
                lines.append(found)
            else:
                unpriced.append(found)
    used = {line.assumption for line in lines}
    return Estimate(
        lines=tuple(lines),
        unpriced=tuple(unpriced),
        assumptions=tuple(item for name, item in sorted(book.assumptions.items()) if name in used),
    )


def _parts(it: Subject) -> Iterator[Part]:
    resource = it.resource
    if not resource.custom or resource.external or is_provider(resource.type) or resource.type.startswith("pulumi:"):
        return
    if package_of(resource.type) == "kubernetes":
        yield from kubernetes.gaps(resource)
        return
    short = short_type(resource)
    estimator = ESTIMATORS.get(short)
    if estimator:
        yield from estimator(it)
    elif not _is_free(short):
        yield Gap(what=short, why="nothing here knows what this type costs")


def _priced(part: Part, it: Subject) -> Line | Unpriced:
    resource = it.resource
    about = {"urn": resource.urn, "name": resource.name, "type": short_type(resource)}
    if isinstance(part, Gap):
        return Unpriced(**about, what=part.what, why=part.why)
    region = it.scene.region(resource)
    price, assumption = _price(part, region, it)
    if price is None:
        return Unpriced(**about, what=part.what, why=f"no price for {part.item} in {region or 'an unknown region'}")
    if price.unit != part.unit:
        return Unpriced(**about, what=part.what, why=f"{part.item} is priced by {price.unit}, not by {part.unit}")
    monthly = price.usd * (HOURS_PER_MONTH if price.unit == "hour" else 1)
    usd = Range(part.quantity.low * monthly, part.quantity.high * monthly).rounded()
    return Line(**about, what=part.what, quantity=part.quantity, price=price, usd=usd, assumption=assumption)


def _price(need: Need, region: str | None, it: Subject) -> tuple[Price | None, str | None]:
    """Return the price and the name of the assumption that it or its quantity rests on."""
    price = it.book.price(need.item, region)
    if price is not None or need.instead is None:
        return price, need.assumption
    on_demand = it.book.price(need.instead, region)
    if on_demand is None:
        return None, need.assumption
    share = it.assumed("spot_percent") / Decimal(100)
    return replace(on_demand, item=need.item, usd=on_demand.usd * share), "spot_percent"


@lru_cache(maxsize=1024)
def _is_free(short: str) -> bool:
    return any(fnmatchcase(short, pattern) for pattern in _free_types())


@lru_cache(maxsize=1)
def _free_types() -> list[str]:
    return cast("list[str]", yaml.safe_load(_FREE_FILE.read_text(encoding="utf-8")))
