"""A network that stands already: taken by its ids, checked as far as they tell, never touched."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.network_existing import ExistingVpcNetwork, ExistingVpcNetworkArgs, existing_network_mistakes
from components.errors import ConfigurationError
from components.settings import ExistingNetwork
from tests.components.aws.networks import provider
from tests.support import plan

VPC = "vpc-0a1b2c3d4e5f60718"
SUBNETS = [f"subnet-0a1b2c3d4e5f6071{digit}" for digit in range(6)]
KEY = "infraplatform:network.existing"


def existing(**changes: Any) -> ExistingNetwork:
    """A sound existing network in zones a and b."""
    sound: dict[str, Any] = {
        "network_id": VPC,
        "cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
        "node_subnet_ids": {"a": SUBNETS[0], "b": SUBNETS[1]},
        "load_balancer_subnet_ids": {"a": SUBNETS[2], "b": SUBNETS[3]},
    }
    return ExistingNetwork(**{**sound, **changes})


def _network(settings: ExistingNetwork) -> ExistingVpcNetwork:
    return ExistingVpcNetwork("network", ExistingVpcNetworkArgs(existing=settings, provider=provider("a", "b")))


def test_an_existing_network_makes_and_changes_no_resource() -> None:
    preview = plan(lambda: _network(existing()))
    assert [resource.type for resource in preview.resources if resource.custom] == []
    assert preview.diagnostics == ()


def test_the_control_plane_shares_the_node_subnets_where_it_has_none_of_its_own() -> None:
    made: list[ExistingVpcNetwork] = []
    plan(lambda: made.append(_network(existing())))
    assert list(made[0].control_plane_subnet_ids) == ["a", "b"]
    own = {"a": SUBNETS[4], "b": SUBNETS[5]}
    plan(lambda: made.append(_network(existing(control_plane_subnet_ids=own))))
    assert list(made[1].control_plane_subnet_ids) == ["a", "b"]


def test_a_sound_network_has_no_mistakes() -> None:
    assert list(existing_network_mistakes(existing())) == []
    assert list(existing_network_mistakes(existing(control_plane_subnet_ids={"a": SUBNETS[0], "b": SUBNETS[1]}))) == []
    old_ids = {"network_id": "vpc-0a1b2c3d", "node_subnet_ids": {"a": "subnet-0a1b2c3d"}}
    assert list(existing_network_mistakes(existing(**old_ids))) == []


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"network_id": "my-vpc"}, "network_id", "'my-vpc' is no VPC id"),
        ({"network_id": SUBNETS[0]}, "network_id", "is no VPC id"),
        ({"node_subnet_ids": {"a": "subnet-xyz"}}, "node_subnet_ids.a", "'subnet-xyz' is no subnet id"),
        ({"node_subnet_ids": {"a": SUBNETS[0], "b": SUBNETS[0]}}, "node_subnet_ids.b", "is zone a's already"),
        ({"control_plane_subnet_ids": {"b": SUBNETS[0]}}, "control_plane_subnet_ids.b", "is zone a's already"),
        ({"load_balancer_subnet_ids": {"a": SUBNETS[0]}}, "load_balancer_subnet_ids.a", "those are private"),
        ({"cidrs": ["10.20.0.0/16", "10.20.32.0/20"]}, "cidrs", "10.20.0.0/16 and 10.20.32.0/20 overlap"),
        ({"cidrs": ["10.0.0.0/8"]}, "cidrs", "10.0.0.0/8 cannot be a VPC's range"),
        ({"cidrs": ["10.20.0.0/29"]}, "cidrs", "10.20.0.0/29 cannot be a VPC's range"),
    ],
)
def test_what_cannot_be_one_vpc_is_named_with_its_key(changes: dict[str, Any], key: str, words: str) -> None:
    [mistake] = existing_network_mistakes(existing(**changes))
    assert mistake.key == f"{KEY}.{key}"
    assert words in mistake.problem
    assert mistake.remedy


def test_all_mistakes_are_reported_at_once_before_anything_is_registered() -> None:
    wrong = existing(network_id="my-vpc", cidrs=["10.0.0.0/8"], node_subnet_ids={"a": SUBNETS[0], "b": SUBNETS[0]})
    with pytest.raises(ConfigurationError, match="3 mistakes"):
        plan(lambda: _network(wrong))
