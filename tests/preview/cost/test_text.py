"""Money reads as money, and the section of a preview names the total, the change, the gaps and the assumptions."""

from __future__ import annotations

import pytest

from preview.cost.differences import compare
from preview.cost.model import Range
from preview.cost.tables import load
from preview.cost.text import render, signed, span
from tests.preview.cost.stacks import AWS, DAY, resource, usd

NAT = resource(AWS, "aws:ec2/natGateway:NatGateway", "nat", {})


@pytest.mark.parametrize(
    ("amount", "text", "change"),
    [
        (usd("1234.5"), "$1,234.50", "+$1,234.50"),
        (usd("0", "3.65"), "$0.00 to $3.65", "$0.00 to +$3.65"),
        (usd("-5", "10"), "-$5.00 to $10.00", "-$5.00 to +$10.00"),
    ],
)
def test_money_has_its_cents_and_a_change_its_sign(amount: Range, text: str, change: str) -> None:
    assert (span(amount), signed(amount)) == (text, change)


def test_the_section_has_all_that_a_reader_needs() -> None:
    text = render(compare([AWS], [AWS, NAT, resource(AWS, "aws:sqs/queue:Queue", "jobs", {})], load(), DAY))
    assert "  nat  NAT gateway                $32.85\n" in text
    assert "  nat  data through it (nat_gib)  $4.50\n" in text
    assert "  total of what has a price: $37.35\n  change: +$37.35\n" in text
    assert "Not in the sum (1 without a price):\n  jobs  requests  they follow the use\n" in text
    assert "  nat_gib: 100 GiB through it a month, for each NAT gateway\n" in text
    assert "anywhere: traffic to the internet" in text
