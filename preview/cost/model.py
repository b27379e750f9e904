"""A monthly estimate: its lines, what has no price, and the prices they rest on. Money is US dollars a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

HOURS_PER_MONTH: Final = 730  # as the clouds' own calculators have it
CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Range:
    """From the least to the most: what autoscalers may make of it."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        """Return the change of either end, so that `high` may be below `low`."""
        return Range(self.low - other.low, self.high - other.high)

    def __mul__(self, factor: Decimal) -> Range:
        return Range(self.low * factor, self.high * factor)

    def rounded(self) -> Range:
        """Return the range in whole cents."""
        return Range(self.low.quantize(CENT), self.high.quantize(CENT))


@dataclass(frozen=True, kw_only=True)
class Price:
    """One list price. `region` is `*` where the source names one price for all regions."""

    item: str
    region: str
    unit: str
    usd: Decimal
    source: str
    date: date


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A number that a plan cannot tell."""

    name: str
    value: Decimal
    per: str
    what: str
    overridden: bool = False


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something that a resource uses, before it has a price.

    Attributes:
        item: the price's key: `aws/machine/m7g.large`.
        unit: what `quantity` counts: `hour` for things that run all month, else the price's own unit.
        what: the same in words, for people.
        assumption: the name of the assumption that the quantity rests on.
        instead: a spot machine's on-demand price, taken in part where the spot price is not known.
    """

    item: str
    unit: str
    quantity: Range
    what: str
    assumption: str | None = None
    instead: str | None = None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that costs and has no price here, with the reason."""

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A priced part of one resource."""

    urn: str
    name: str
    type: str
    what: str
    quantity: Range
    price: Price
    usd: Range
    assumption: str | None = None


@dataclass(frozen=True, kw_only=True)
class Unpriced:
    """A part of one resource that is not in the sum."""

    urn: str
    name: str
    type: str
    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What one stack costs in a month, as far as there are prices. Lines and gaps are in the order of their URNs."""

    lines: tuple[Line, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple[Assumption, ...])  # those that lines rest on

    @cached_property
    def total(self) -> Range:
        """The sum of what has a price."""
        return total(line.usd for line in self.lines)


def total(ranges: Iterable[Range]) -> Range:
    """Return the sum of the ranges."""
    return sum(ranges, start=Range())
