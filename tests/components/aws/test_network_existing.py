"""A network that stands already: taken by its ids, never touched."""

from __future__ import annotations

from typing import Any

from components.aws.network_existing import ExistingVpcNetwork, ExistingVpcNetworkArgs
from components.settings import AwsExistingNetwork
from tests.components.aws.networks import provider
from tests.support import plan

VPC = "vpc-0a1b2c3d4e5f60718"
SUBNETS = [f"subnet-0a1b2c3d4e5f6071{digit}" for digit in range(6)]


def existing(**changes: Any) -> AwsExistingNetwork:
    """A sound existing network in zones a and b."""
    sound: dict[str, Any] = {
        "network_id": VPC,
        "cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
        "node_subnet_ids": {"a": SUBNETS[0], "b": SUBNETS[1]},
        "load_balancer_subnet_ids": {"a": SUBNETS[2], "b": SUBNETS[3]},
    }
    return AwsExistingNetwork(**{**sound, **changes})


def _network(settings: AwsExistingNetwork) -> ExistingVpcNetwork:
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
