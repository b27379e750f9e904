"""A resource is where it says, or its whole says, or its provider says; values are read with care."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from preview.cost.scene import Scene, flag, items, number, short_type, text, value
from preview.plan import UNKNOWN, Resource, Secret
from tests.preview.cost.stacks import AWS, AZURE, GCP, resource, urn


@pytest.mark.parametrize(
    ("inputs", "region"),
    [
        ({"location": "West Europe"}, "westeurope"),
        ({"location": "westeurope"}, "westeurope"),
        ({"location": "europe-west4"}, "europe-west4"),
        ({"location": "europe-west4-a"}, "europe-west4"),
        ({"zone": "us-central1-f"}, "us-central1"),
        ({"region": "eu-central-1"}, "eu-central-1"),
        ({"region": "us-gov-west-1"}, "us-gov-west-1"),
        ({"region": UNKNOWN}, "us-east-1"),  # its provider's
        ({}, "us-east-1"),
    ],
)
def test_a_place_becomes_its_region(inputs: dict[str, Any], region: str) -> None:
    it = resource(AWS, "aws:ec2/vpc:Vpc", "it", inputs)
    assert Scene([AWS, it]).region(it) == region


def test_a_part_is_where_the_whole_is() -> None:
    whole = resource(AZURE, "azure-native:containerservice:ManagedCluster", "c", {"location": "eastus"})
    part = resource(AZURE, "azure-native:containerservice:AgentPool", "p", {}, {"resourceName": whole})
    assert Scene([AZURE, whole, part]).region(part) == "eastus"


def test_what_nothing_says_is_in_no_region() -> None:
    it = Resource(urn=urn("aws:ec2/vpc:Vpc", "it"), type="aws:ec2/vpc:Vpc", custom=True)
    assert Scene([GCP, it]).region(it) is None


@pytest.mark.parametrize(
    ("type_", "short"),
    [
        ("aws:eks/nodeGroup:NodeGroup", "aws:eks:NodeGroup"),
        ("azure-native:network:Subnet", "azure-native:network:Subnet"),
        ("azure-native:network/v20240101:Subnet", "azure-native:network:Subnet"),
        ("kubernetes:core/v1:Service", "kubernetes:core:Service"),
    ],
)
def test_a_type_loses_what_is_not_its_name(type_: str, short: str) -> None:
    assert short_type(Resource(urn=urn(type_, "it"), type=type_, custom=True)) == short


def test_values_are_found_through_secrets_and_unknown_ones_are_none() -> None:
    inputs = {"a": Secret([{"b": "c", "n": 3, "t": "true"}]), "u": UNKNOWN, "list": ["x"], "text": "12", "bool": True}
    assert text(inputs, "a", 0, "b") == "c"
    assert number(inputs, "a", 0, "n") == Decimal(3)
    assert flag(inputs, "a", 0, "t") is True
    assert value(inputs, "u") is None
    assert value(inputs, "a", 5, "b") is None
    assert value(inputs, "list", "no") is None
    assert items(inputs, "list") == ["x"]
    assert items(inputs, "text") == []
    assert number(inputs, "text") == Decimal(12)
    assert number(inputs, "bool") is None
    assert text(inputs, "list") is None
