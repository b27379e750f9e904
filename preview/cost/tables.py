"""The price tables: `prices/*.yaml`, `assumptions.yaml`, `calendar.yaml`, and a project's own `preview.prices.yaml`.

```yaml
# preview.prices.yaml, beside Pulumi.yaml; every part is optional
assumptions: {nat_gib: 500}
calendar: {"1.33": 2026-07-29}
prices:
  - region: eu-central-1
    unit: hour
    source: our contract of 2026
    date: 2026-11-01
    prices: {aws/machine/m7g.large: 0.071}
```
A project's price wins over the table's, and its exact region over `*`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from preview.cost.model import Assumption, Price
from preview.documents import read_mapping
from preview.errors import PreviewError

PRICES_FILE: Final = "preview.prices.yaml"
UNITS: Final = ("hour", "month", "GiB", "GiB-month", "IOPS-month", "MiB/s-month")
_HERE: Final = Path(__file__).parent
_PARTS: Final = ("assumptions", "calendar", "prices")
_KEYS: Final = ("region", "unit", "source", "date", "prices")


@dataclass(frozen=True, kw_only=True)
class PriceBook:
    """All prices and assumptions that an estimate may use."""

    prices: Mapping[tuple[str, str], Price]  # by item and region
    assumptions: Mapping[str, Assumption]
    standard_support_ends: Mapping[str, date]  # by Kubernetes minor, on EKS

    def price(self, item: str, region: str | None) -> Price | None:
        """Return the price of an item in a region, or None."""
        exact = self.prices.get((item, region)) if region else None
        return exact or self.prices.get((item, "*"))


def load(project_dir: Path | None = None) -> PriceBook:
    """Return the tables with what a project's own file overrides and adds.

    Raises:
        PreviewError: the project's file is broken; the message has every mistake in it.
    """
    book = _tables()
    path = project_dir / PRICES_FILE if project_dir else None
    return _with_own(book, path) if path and path.is_file() else book


@lru_cache(maxsize=1)
def _tables() -> PriceBook:
    mistakes = list[str]()
    prices = dict[tuple[str, str], Price]()
    for path in sorted((_HERE / "prices").glob("*.yaml")):
        blocks = read_mapping(path)["prices"]
        for price in _read_prices(blocks, path.name, mistakes):
            if prices.setdefault((price.item, price.region), price) is not price:
                mistakes.append(f"{path.name}: {price.item} has two prices in {price.region}; keep one")
    assumptions = {
        name: Assumption(name=name, value=Decimal(entry["value"]), per=entry["per"], what=entry["what"])
        for name, entry in read_mapping(_HERE / "assumptions.yaml").items()
    }
    calendar = _read_calendar(read_mapping(_HERE / "calendar.yaml"), "calendar.yaml", mistakes)
    _refuse(mistakes)
    return PriceBook(prices=prices, assumptions=assumptions, standard_support_ends=calendar)


def _with_own(book: PriceBook, path: Path) -> PriceBook:
    document, mistakes = read_mapping(path), list[str]()
    mistakes += [f"{path}: {key}: unknown; known are {', '.join(_PARTS)}" for key in sorted(document.keys() - _PARTS)]
    prices = _read_prices(document.get("prices") or [], str(path), mistakes)
    own = {(price.item, price.region): price for price in prices}
    assumptions = dict(book.assumptions)
    for name, value in _section(document, "assumptions", path, mistakes).items():
        where = f"{path}: assumptions.{name}"
        number = _number(value, where, mistakes)
        if name not in assumptions:
            mistakes.append(f"{where}: unknown; known are {', '.join(sorted(book.assumptions))}")
        elif number is not None:
            assumptions[name] = replace(assumptions[name], value=number, overridden=True)
    calendar = _read_calendar(_section(document, "calendar", path, mistakes), f"{path}: calendar", mistakes)
    _refuse(mistakes)
    return PriceBook(
        prices={**book.prices, **own},
        assumptions=assumptions,
        standard_support_ends={**book.standard_support_ends, **calendar},
    )


def _section(document: Mapping[str, Any], key: str, path: Path, mistakes: list[str]) -> Mapping[str, Any]:
    value = document.get(key) or {}
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    mistakes.append(f"{path}: {key}: holds a {type(value).__name__}; write `name: value` lines below it")
    return {}


def _read_prices(blocks: Any, where: str, mistakes: list[str]) -> Iterator[Price]:
    """Yield the prices of a list of blocks; note what is wrong with the others."""
    if not isinstance(blocks, list):
        mistakes.append(f"{where}: prices: holds a {type(blocks).__name__}; write a list of blocks (see docs/cost.md)")
        return
    for index, block in enumerate(cast("list[Any]", blocks)):
        at = f"{where}: prices[{index}]"
        if not isinstance(block, dict) or set(cast("dict[str, Any]", block)) != set(_KEYS):
            mistakes.append(
                f"{at}: a block has exactly the keys {', '.join(_KEYS)}; a price without its source is a guess"
            )
            continue
        yield from _read_block(cast("dict[str, Any]", block), at, mistakes)


def _read_block(block: Mapping[str, Any], at: str, mistakes: list[str]) -> Iterator[Price]:
    unit, source, items = block["unit"], block["source"], block["prices"]
    if unit not in UNITS:
        mistakes.append(f"{at}.unit: {unit!r} is unknown; known are {', '.join(UNITS)}")
    if not isinstance(source, str) or not source.strip():
        mistakes.append(f"{at}.source: is empty; write where the prices were read")
    day = _date(block["date"], f"{at}.date", mistakes)
    if not isinstance(items, dict):
        mistakes.append(f"{at}.prices: holds a {type(items).__name__}; write `item: price` lines below it")
        return
    for item, value in cast("dict[str, Any]", items).items():
        usd = _number(value, f"{at}.prices.{item}", mistakes)
        if usd is not None and day is not None:
            yield Price(item=item, region=str(block["region"]), unit=unit, usd=usd, source=str(source), date=day)


def _read_calendar(entries: Mapping[str, Any], where: str, mistakes: list[str]) -> dict[str, date]:
    days = {str(minor): _date(value, f"{where}.{minor}", mistakes) for minor, value in entries.items()}
    return {minor: day for minor, day in days.items() if day is not None}


def _number(value: Any, where: str, mistakes: list[str]) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = None
    if isinstance(value, bool) or number is None or not number.is_finite() or number < 0:
        mistakes.append(f"{where}: {value!r} is no number of at least 0")
        return None
    return number


def _date(value: Any, where: str, mistakes: list[str]) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        mistakes.append(f"{where}: {value!r} is no day; write it as 2026-11-29")
        return None


def _refuse(mistakes: Iterable[str]) -> None:
    if lines := list(mistakes):
        raise PreviewError("\n".join(lines))
