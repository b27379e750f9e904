"""What an estimate rests on is told line by line, and once where it is the same for many."""

from __future__ import annotations

from preview.report.blocks import Room
from preview.report.prices import prices
from tests.preview.cost.stacks import AWS, cost, resource
from tests.preview.report.markup import Markup

ROOM = Room(value=300, names=5)


def _text(*names: str) -> str:
    found = cost(AWS, *(resource(AWS, "aws:kms/key:Key", name, {}) for name in names))
    return Markup(prices(found, ROOM)).text


def test_each_line_has_its_price_and_its_source() -> None:
    text = _text("a", "b")
    assert text.count("$1 a month") == 2
    assert "kms_key" in text
    assert ", of 2024-07-01" in text


def test_the_same_for_many_is_told_once_with_what_each_costs() -> None:
    text = _text(*(f"key-{number}" for number in range(480)))
    assert "480 of " in text
    assert text.count("$1 a month") == 1
    assert "$1.00 each" in text


def test_gaps_and_assumptions_are_named() -> None:
    nat = resource(AWS, "aws:ec2/natGateway:NatGateway", "nat", {"region": "eu-central-1"})
    files = resource(AWS, "aws:efs/fileSystem:FileSystem", "files", {})
    text = Markup(prices(cost(AWS, nat, files), ROOM)).text
    assert "no price for aws/nat in eu-central-1" in text
    assert "file_storage_gib" in text
    assert "Nowhere in the sum: traffic to the internet" in text
