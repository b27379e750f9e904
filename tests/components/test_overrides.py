"""The way out of the settings: properties set on the typed resource."""

from __future__ import annotations

from typing import Any

import pulumi

from components.overrides import merged, transforms
from preview.plan import Severity
from tests.components.aws.networks import by_type_and_name, vpc_network
from tests.support import plan

VPC = "aws:ec2/vpc:Vpc"


def _planned_vpc(properties: dict[str, Any]) -> dict[str, Any]:
    preview = plan(lambda: _network({VPC: properties}))
    return dict(by_type_and_name(preview.resources)["Vpc", "network-vpc"].inputs)


def _network(overrides: dict[str, dict[str, Any]]) -> None:
    """A VPC whose component gets the transforms, as a stack's parts do."""
    vpc_network("a", opts=pulumi.ResourceOptions(transforms=transforms(overrides)))


def test_an_override_reaches_the_resource_and_leaves_its_other_properties() -> None:
    plain, changed = _planned_vpc({}), _planned_vpc({"instanceTenancy": "dedicated"})
    assert changed == {**plain, "instanceTenancy": "dedicated"}


def test_an_override_wins_over_what_the_part_sets() -> None:
    assert _planned_vpc({"enableDnsHostnames": False})["enableDnsHostnames"] is False


def test_objects_are_merged_key_by_key() -> None:
    tags = _planned_vpc({"tags": {"team": "network"}})["tags"]
    assert tags["team"] == "network"
    assert tags["infraplatform-stack"] == "test"


def test_resources_of_other_types_stay_as_they_are() -> None:
    overridden = plan(lambda: _network({VPC: {"instanceTenancy": "dedicated"}}))
    plain = plan(lambda: _network({}))
    others = [
        (one.name, one.inputs != other.inputs)
        for one, other in zip(overridden.resources, plain.resources, strict=True)
        if one.type != VPC
    ]
    assert not any(differs for _, differs in others)


def test_a_misspelt_property_is_an_error_of_the_preview() -> None:
    preview = plan(lambda: _network({VPC: {"enableDnsHostname": True}}))
    errors = [item.message for item in preview.diagnostics if item.severity is Severity.ERROR]
    assert any("enableDnsHostname" in message for message in errors)


def test_without_overrides_there_is_no_transform() -> None:
    assert transforms({}) == []


def test_merging_goes_through_nested_objects_and_replaces_lists() -> None:
    base = {"scaling": {"min": 1, "max": 3}, "types": ["a", "b"], "kept": 1}
    assert merged(base, {"scaling": {"max": 5}, "types": ["c"], "new": {"x": 1}}) == {
        "scaling": {"min": 1, "max": 5},
        "types": ["c"],
        "kept": 1,
        "new": {"x": 1},
    }
    assert base == {"scaling": {"min": 1, "max": 3}, "types": ["a", "b"], "kept": 1}


def test_merging_does_not_mix_a_plain_value_with_an_object() -> None:
    assert merged({"a": 1}, {"a": {"b": 2}}) == {"a": {"b": 2}}
    assert merged({"a": {"b": 2}}, {"a": 1}) == {"a": 1}
