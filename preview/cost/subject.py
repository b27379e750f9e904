"""What an estimator sees of a resource, and the estimators that need no rule of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from preview.cost.model import Gap, Need
from preview.cost.scene import Scene, fixed
from preview.cost.tables import PriceBook
from preview.plan import Resource


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A resource among those of its stack, the price book, and the day for rules that depend on one."""

    resource: Resource
    scene: Scene
    book: PriceBook
    as_of: date

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The resource's inputs."""
        return self.resource.inputs

    def assumed(self, name: str) -> Decimal:
        """Return an assumption's number."""
        return self.book.assumptions[name].value

    def usage(self, item: str, unit: str, assumption: str, what: str) -> Need:
        """Return a need whose quantity is an assumption."""
        quantity = fixed(self.assumed(assumption))
        return Need(item=item, unit=unit, quantity=quantity, what=what, assumption=assumption)


Part = Need | Gap
Estimator = Callable[[Subject], Iterator[Part]]


def single(item: str, unit: str, what: str) -> Estimator:
    """Return an estimator of what costs the same whatever its inputs are."""

    def estimate(_it: Subject) -> Iterator[Part]:
        yield Need(item=item, unit=unit, quantity=fixed(1), what=what)

    return estimate


def used(item: str, unit: str, assumption: str, what: str) -> Estimator:
    """Return an estimator of what costs by its use alone."""

    def estimate(it: Subject) -> Iterator[Part]:
        yield it.usage(item, unit, assumption, what)

    return estimate


def unknown(what: str, why: str) -> Estimator:
    """Return an estimator of what costs by something that nothing here can tell."""

    def estimate(_it: Subject) -> Iterator[Part]:
        yield Gap(what=what, why=why)

    return estimate


def each(*estimators: Estimator) -> Estimator:
    """Return an estimator of several parts."""

    def estimate(it: Subject) -> Iterator[Part]:
        for estimator in estimators:
            yield from estimator(it)

    return estimate
