"""An estimate counts what it knows, names what it does not, and leaves nothing out in silence."""

from __future__ import annotations

import time

from preview.cost.tables import load
from preview.plan import Resource
from tests.preview.cost.stacks import AWS, DAY, cost, estimate, gaps, lines, resource, urn, usd


def test_a_type_that_nothing_here_knows_is_listed_by_name() -> None:
    assert gaps(cost(resource(AWS, "aws:rds/instance:Instance", "db", {}))) == [
        ("aws:rds:Instance", "nothing here knows what this type costs")
    ]


def test_what_is_known_to_be_free_is_neither_counted_nor_listed() -> None:
    found = cost(resource(AWS, "aws:iam/role:Role", "role", {}), resource(AWS, "aws:ec2/vpc:Vpc", "vpc", {}))
    assert (found.lines, found.unpriced) == ((), ())


def test_what_is_only_read_costs_nothing_here() -> None:
    there = Resource(urn=urn("aws:kms/key:Key", "theirs"), type="aws:kms/key:Key", custom=True, external=True)
    assert cost(there).lines == ()


def test_kubernetes_objects_that_make_a_cloud_charge_are_listed() -> None:
    service = resource(AWS, "kubernetes:core/v1:Service", "web", {"spec": {"type": "LoadBalancer"}})
    claim = resource(AWS, "kubernetes:core/v1:PersistentVolumeClaim", "data", {})
    config = resource(AWS, "kubernetes:core/v1:ConfigMap", "settings", {})
    assert [what for what, _ in gaps(cost(service, claim, config))] == ["volumes", "load balancer"]


def test_a_resource_without_a_region_has_no_price() -> None:
    nowhere = Resource(
        urn=urn("aws:ec2/natGateway:NatGateway", "nat"), type="aws:ec2/natGateway:NatGateway", custom=True
    )
    assert gaps(cost(nowhere))[0] == ("NAT gateway", "no price for aws/nat in an unknown region")


def test_a_resources_own_region_wins_over_its_providers() -> None:
    there = resource(AWS, "aws:ec2/natGateway:NatGateway", "nat", {"region": "eu-west-1"})
    assert lines(cost(there))["aws/nat"] == usd("35.04")  # 0.048 x 730


def test_the_order_of_the_program_does_not_matter() -> None:
    one = [resource(AWS, "aws:kms/key:Key", name, {}) for name in ("b", "a", "c")]
    assert cost(*one) == cost(*reversed(one))


def test_two_thousand_resources_are_estimated_in_a_blink() -> None:
    nodes = {"instanceTypes": ["m7g.large"], "scalingConfig": {"minSize": 1, "maxSize": 2}}
    groups = [resource(AWS, "aws:eks/nodeGroup:NodeGroup", f"group-{number}", nodes) for number in range(2000)]
    book = load()
    started = time.process_time()
    found = estimate([AWS, *groups], book, DAY)
    assert len(found.lines) == 4000
    assert time.process_time() - started < 2  # about 0.1 s on the slow machine that this was written on
