"""Each price has its region, unit, source and day; a project's own file extends them, or says what is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from preview.cost.tables import PRICES_FILE, UNITS, load
from preview.errors import PreviewError
from tests.preview.cost.stacks import AWS, cost, lines, resource, usd
from tests.support import ROOT

NAT = resource(AWS, "aws:ec2/natGateway:NatGateway", "nat", {})


def _own(folder: Path, text: str) -> Path:
    (folder / PRICES_FILE).write_text(text)
    return folder


def test_each_price_in_the_repository_says_where_and_when_it_was_read() -> None:
    for price in load().prices.values():
        assert price.source.endswith("read 2026-11-29"), price
        assert date(2024, 1, 1) <= price.date <= date(2026, 11, 29), price
        assert price.unit in UNITS, price
        assert price.item.split("/")[0] in ("aws", "azure", "gcp"), price


def test_a_price_of_ones_own_wins_and_the_others_stay(tmp_path: Path) -> None:
    book = load(
        _own(
            tmp_path,
            """
            prices:
              - {region: us-east-1, unit: hour, source: our contract, date: 2026-11-01, prices: {aws/nat: 0.03}}
            """,
        )
    )
    assert lines(cost(NAT, book=book)) == {"aws/nat": usd("21.90"), "aws/nat/data": usd("4.50")}  # 0.03 x 730


def test_an_assumption_of_ones_own_wins_and_is_marked(tmp_path: Path) -> None:
    book = load(_own(tmp_path, "assumptions: {nat_gib: 500}"))
    found = cost(NAT, book=book)
    assert lines(found)["aws/nat/data"] == usd("22.50")  # 500 x 0.045
    assert [(item.name, item.overridden) for item in found.assumptions] == [("nat_gib", True)]


def test_a_minor_of_ones_own_extends_the_calendar(tmp_path: Path) -> None:
    book = load(_own(tmp_path, 'calendar: {"1.33": 2026-07-29}'))
    cluster = resource(AWS, "aws:eks/cluster:Cluster", "old", {"version": "1.33"})
    assert lines(cost(cluster, book=book)) == {"aws/eks/extended": usd("438.00")}


def test_a_price_for_one_region_wins_over_one_for_all(tmp_path: Path) -> None:
    book = load(
        _own(
            tmp_path,
            """
            prices:
              - {region: us-east-1, unit: hour, source: ours, date: 2026-11-01, prices: {aws/eks/standard: 0.09}}
            """,
        )
    )
    price = book.price("aws/eks/standard", "us-east-1")
    assert price is not None
    assert price.usd == Decimal("0.09")
    assert book.price("aws/eks/standard", "eu-west-1") == load().price("aws/eks/standard", "eu-west-1")


def test_a_price_in_another_unit_than_its_use_is_listed_and_not_multiplied(tmp_path: Path) -> None:
    own = "prices: [{region: us-east-1, unit: month, source: ours, date: 2026-11-01, prices: {aws/nat: 30}}]"
    found = cost(NAT, book=load(_own(tmp_path, own)))
    assert "aws/nat is priced by month, not by hour" in [item.why for item in found.unpriced]


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    broken = """
    assumption: {}
    assumptions: {nat_gib: lots, unheard_of: 1}
    calendar: {"1.33": soon}
    prices:
      - {region: us-east-1, unit: hour, date: 2026-11-01, prices: {aws/nat: 1}}
      - {region: us-east-1, unit: week, source: "", date: never, prices: {aws/nat: -1}}
      - {region: us-east-1, unit: hour, source: ours, date: 2026-11-01, prices: 3}
    """
    with pytest.raises(PreviewError) as caught:
        load(_own(tmp_path, broken))
    message = str(caught.value)
    for part in (
        "assumption: unknown; known are assumptions, calendar, prices",
        "assumptions.nat_gib: 'lots' is no number of at least 0",
        "assumptions.unheard_of: unknown; known are endpoint_gib,",
        "calendar.1.33: 'soon' is no day",
        "prices[0]: a block has exactly the keys region, unit, source, date, prices",
        "prices[1].unit: 'week' is unknown; known are hour, month,",
        "prices[1].source: is empty",
        "prices[1].date: 'never' is no day",
        "prices[1].prices.aws/nat: -1 is no number of at least 0",
        "prices[2].prices: holds a int",
    ):
        assert part in message


def test_a_project_without_a_file_has_the_repositorys_prices(tmp_path: Path) -> None:
    assert load(tmp_path) == load()


def test_the_documentation_names_every_assumption_with_its_value() -> None:
    text = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
    for item in load().assumptions.values():
        assert f"| `{item.name}` | {item.value}" in text
