"""A VPC as a whole: its invariants, and what a change of it costs."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations, pairwise

import pytest

from components.aws.network import VpcNetwork
from components.settings import Egress, ProtectionSettings
from preview.plan import Operation
from tests.components.aws.networks import of_type, planned, standing, vpc_network
from tests.support import applied, plan

EGRESS = list(Egress)
UNTAGGABLE = {
    "Route",
    "RouteTableAssociation",
    "VpcEndpointRouteTableAssociation",
    "VpcEndpointSubnetAssociation",
    "RolePolicy",
}


def test_names_resolve_in_the_vpc() -> None:
    vpc = planned("a", "b")["Vpc", "network-vpc"].inputs
    assert vpc["cidrBlock"] == "10.20.0.0/16"
    assert vpc["enableDnsSupport"] is True
    assert vpc["enableDnsHostnames"] is True


def test_the_default_security_group_has_no_rules() -> None:
    group = standing("a")["DefaultSecurityGroup", "network-default-security-group"]
    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []
    assert group.inputs["vpcId"] == standing("a")["Vpc", "network-vpc"].id


@pytest.mark.parametrize("egress", EGRESS)
def test_every_resource_is_a_child_of_the_network(egress: Egress) -> None:
    resources = planned("a", "b", egress=egress, dual_stack=True)
    network = resources["VpcNetwork", "network"].urn
    orphans = [name for (kind, name), resource in resources.items() if resource.custom and resource.parent != network]
    assert orphans == []


@pytest.mark.parametrize("egress", EGRESS)
def test_everything_that_can_be_tagged_has_the_stacks_tags_and_its_own_name(egress: Egress) -> None:
    for (kind, name), resource in planned("a", "b", egress=egress, dual_stack=True).items():
        if resource.custom and kind not in UNTAGGABLE:
            tags = resource.inputs["tags"]
            assert tags["team"] == "core", name
            assert tags["infraplatform-stack"] == "test", name
            assert tags["Name"].startswith("test-network-"), name


def test_the_vpc_is_protected_where_the_stack_says_so() -> None:
    def protected(*, protect: bool) -> bool:
        return planned("a", protection=ProtectionSettings(protect=protect))["Vpc", "network-vpc"].protect

    assert protected(protect=True)
    assert not protected(protect=False)


@pytest.mark.parametrize("egress", EGRESS)
@pytest.mark.parametrize("dual_stack", [False, True])
def test_a_further_zone_only_creates(egress: Egress, dual_stack: bool) -> None:  # noqa: FBT001  # a parameter of the test
    zones = ("c", "a", "b", "d")
    plans = [planned(*zones[:count], egress=egress, dual_stack=dual_stack) for count in (1, 2, 4)]
    for old, new in pairwise(plans):
        assert old.keys() < new.keys()
        changed = [name for name, resource in old.items() if new[name].inputs != resource.inputs]
        assert changed == []


@pytest.mark.parametrize("egress", EGRESS)
def test_against_the_standing_network_a_further_zone_only_creates(egress: Egress) -> None:
    state = applied(lambda: vpc_network("a", "b", egress=egress))
    preview = plan(lambda: vpc_network("a", "b", "c", egress=egress), record=state)
    assert {step.operation for step in preview.steps} == {Operation.SAME, Operation.CREATE}


def test_a_second_preview_changes_nothing() -> None:
    state = applied(lambda: vpc_network("a", "b", egress="none"))
    preview = plan(lambda: vpc_network("a", "b", egress="none"), record=state)
    assert {step.operation for step in preview.steps} == {Operation.SAME}


def test_more_nat_gateways_change_routes_and_nothing_else() -> None:
    state = applied(lambda: vpc_network("a", "b", "c", egress="single-nat"))
    preview = plan(lambda: vpc_network("a", "b", "c", egress="nat-per-zone"), record=state)
    changed = {step.resource.name: step.operation for step in preview.steps if step.resource.custom}
    by_operation = {
        operation: {name for name, it in changed.items() if it is operation} for operation in set(changed.values())
    }
    del by_operation[Operation.SAME]
    assert by_operation == {
        Operation.CREATE: {"network-nat-b", "network-nat-c"},
        Operation.UPDATE: {"network-private-b-internet", "network-private-c-internet"},
    }


@pytest.mark.parametrize("zones", ["a", "ab", "abc", "abcd", "adf"])
@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "10.20.16.0/20"])
def test_subnets_lie_in_the_network_and_never_overlap(zones: str, cidr: str) -> None:
    subnets = of_type(planned(*zones, cidr=cidr), "Subnet").values()
    ranges = [IPv4Network(subnet.inputs["cidrBlock"]) for subnet in subnets]
    assert len(ranges) == 3 * len(zones)
    assert all(it.subnet_of(IPv4Network(cidr)) for it in ranges)
    assert not any(one.overlaps(other) for one, other in combinations(ranges, 2))


def test_nodes_wait_for_routes_gateways_and_endpoints() -> None:
    made: list[VpcNetwork] = []
    plan(lambda: made.append(vpc_network("a", "b", egress="nat-per-zone", interface_endpoints=["sts"])))
    names = {f"{type(resource).__name__} {resource.pulumi_resource_name}" for resource in made[0].ready}
    assert names >= {
        "RouteTableAssociation network-node-a",
        "Route network-private-b-internet",
        "Route network-public-internet",
        "VpcEndpointRouteTableAssociation network-endpoint-s3-a",
        "VpcEndpointSubnetAssociation network-endpoint-sts-b",
        "SecurityGroupIngressRule network-endpoints-https",
    }


def test_a_vpc_without_a_range_is_refused() -> None:
    existing = {
        "network_id": "vpc-0a1b2c3d4e5f60718",
        "cidrs": ["10.0.0.0/16"],
        "node_subnet_ids": {"a": "subnet-0a1b2c3d4e5f60718"},
    }
    with pytest.raises(ValueError, match=r"needs network\.cidr"):
        planned("a", cidr=None, existing=existing)
