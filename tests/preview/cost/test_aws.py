"""AWS: each sum here is worked out by hand from the prices in `preview/cost/prices/aws.yaml`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from preview.plan import UNKNOWN
from tests.preview.cost.stacks import AWS, cost, gaps, lines, resource, usd

SCALING = {"minSize": 1, "maxSize": 4, "desiredSize": 2}


def _template(**ebs: Any) -> dict[str, Any]:
    return {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeType": "gp3", **ebs}}]}


def _cluster(**inputs: Any) -> Any:
    return resource(AWS, "aws:eks/cluster:Cluster", "main", {"version": "1.35", **inputs})


@pytest.mark.parametrize(
    ("policy", "day", "item", "monthly"),
    [
        ("EXTENDED", date(2027, 3, 27), "aws/eks/standard", "73.00"),  # 0.10 x 730, on the last day of standard support
        ("EXTENDED", date(2027, 3, 28), "aws/eks/extended", "438.00"),  # 0.60 x 730
        (None, date(2027, 3, 28), "aws/eks/extended", "438.00"),  # the API's default is to extend
        ("STANDARD", date(2027, 3, 28), "aws/eks/standard", "73.00"),  # AWS has upgraded it by then
    ],
)
def test_a_control_plane_costs_more_once_standard_support_has_ended_and_it_may_stay(
    policy: str | None, day: date, item: str, monthly: str
) -> None:
    upgrade = {"upgradePolicy": {"supportType": policy}} if policy else {}
    assert lines(cost(_cluster(**upgrade), as_of=day)) == {item: usd(monthly)}


def test_a_minor_that_the_calendar_does_not_have_is_no_guess() -> None:
    found = cost(_cluster(version="1.99"))
    assert found.lines == ()
    assert gaps(found) == [("control plane", "calendar.yaml does not have when standard support of 1.99 ends")]


def test_machines_of_auto_mode_are_named_as_not_in_the_sum() -> None:
    found = cost(_cluster(computeConfig={"enabled": True}))
    assert ("machines of Auto Mode and its fee", "EKS starts them as pods ask for them") in gaps(found)


def test_a_node_group_costs_from_its_smallest_to_its_largest_size_with_its_templates_disks() -> None:
    template = resource(AWS, "aws:ec2/launchTemplate:LaunchTemplate", "template", _template(volumeSize=50))
    group = resource(
        AWS,
        "aws:eks/nodeGroup:NodeGroup",
        "general-a",
        {"instanceTypes": ["m7g.large", "m6g.large"], "capacityType": "ON_DEMAND", "scalingConfig": SCALING},
        {"launchTemplate": template},
    )
    assert lines(cost(template, group)) == {
        "aws/machine/m7g.large": usd("59.57", "238.27"),  # 0.0816 x 730 = 59.568; x 4 = 238.272
        "aws/disk/gp3": usd("4.00", "16.00"),  # 50 x 0.08; x 4
    }


def test_groups_of_one_zone_each_add_up() -> None:
    group = {"instanceTypes": ["m7g.large"], "scalingConfig": SCALING, "diskSize": 20}
    found = cost(*(resource(AWS, "aws:eks/nodeGroup:NodeGroup", f"general-{zone}", group) for zone in "abc"))
    assert found.total == usd("183.51", "734.01")  # 3 x (59.57 + 1.60); 3 x (238.27 + 6.40)


def test_gp3_beyond_its_baseline_costs_more() -> None:
    template = resource(
        AWS, "aws:ec2/launchTemplate:LaunchTemplate", "t", _template(volumeSize=100, iops=6000, throughput=250)
    )
    group = resource(AWS, "aws:eks/nodeGroup:NodeGroup", "g", {"scalingConfig": SCALING}, {"launchTemplate": template})
    found = lines(cost(template, group))
    assert found["aws/disk/gp3/iops"] == usd("15.00", "60.00")  # 3,000 more x 0.005
    assert found["aws/disk/gp3/throughput"] == usd("5.00", "20.00")  # 125 more x 0.04
    assert "aws/machine/t3.medium" in found  # what EKS starts where nothing is named


def test_a_spot_machine_costs_its_spot_price_where_the_table_has_it() -> None:
    there = resource(
        AWS,
        "aws:eks/nodeGroup:NodeGroup",
        "spot",
        {"region": "eu-central-1", "instanceTypes": ["c7i.xlarge"], "capacityType": "SPOT", "scalingConfig": SCALING},
    )
    assert lines(cost(there))["aws/spot/c7i.xlarge"] == usd("68.47", "273.90")  # 0.0938 x 730 = 68.474; x 4


def test_a_spot_machine_without_a_price_costs_the_assumed_share_of_its_on_demand_price() -> None:
    group = resource(
        AWS,
        "aws:eks/nodeGroup:NodeGroup",
        "spot",
        {"instanceTypes": ["m6i.large"], "capacityType": "SPOT", "scalingConfig": SCALING},
    )
    (line,) = [line for line in cost(group).lines if line.price.item == "aws/spot/m6i.large"]
    assert line.usd == usd("42.05", "168.19")  # 0.096 x 60 % = 0.0576; x 730 = 42.048; x 4 = 168.192
    assert line.assumption == "spot_percent"


def test_a_machine_without_a_price_is_listed_and_not_counted_as_nothing() -> None:
    group = resource(
        AWS, "aws:eks/nodeGroup:NodeGroup", "g", {"instanceTypes": ["u7i-12tb.224xlarge"], "scalingConfig": SCALING}
    )
    found = cost(group)
    assert ("u7i-12tb.224xlarge", "no price for aws/machine/u7i-12tb.224xlarge in us-east-1") in gaps(found)
    assert set(lines(found)) == {"aws/disk/gp3"}


def test_sizes_that_only_the_update_tells_are_listed() -> None:
    group = resource(AWS, "aws:eks/nodeGroup:NodeGroup", "g", {"scalingConfig": {"minSize": UNKNOWN, "maxSize": 3}})
    assert gaps(cost(group)) == [("machines", "its sizes are not known before the update")]


def test_an_egress_costs_its_gateway_its_address_and_the_assumed_data() -> None:
    found = cost(resource(AWS, "aws:ec2/natGateway:NatGateway", "nat", {}), resource(AWS, "aws:ec2/eip:Eip", "nat", {}))
    assert lines(found) == {
        "aws/nat": usd("32.85"),  # 0.045 x 730
        "aws/nat/data": usd("4.50"),  # 100 GiB x 0.045
        "aws/public-ip": usd("3.65"),  # 0.005 x 730
    }
    assert [item.name for item in found.assumptions] == ["nat_gib"]


def test_an_interface_endpoint_costs_for_each_of_its_subnets_and_a_gateway_endpoint_nothing() -> None:
    interface = resource(AWS, "aws:ec2/vpcEndpoint:VpcEndpoint", "sts", {"vpcEndpointType": "Interface"})
    joined = [
        resource(
            AWS,
            "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
            f"sts-{zone}",
            {"vpcEndpointId": UNKNOWN},
            {"vpcEndpointId": interface},
        )
        for zone in "ab"
    ]
    gateway = resource(AWS, "aws:ec2/vpcEndpoint:VpcEndpoint", "s3", {"vpcEndpointType": "Gateway"})
    assert lines(cost(interface, *joined, gateway)) == {
        "aws/endpoint": usd("14.60"),  # 2 x 0.01 x 730
        "aws/endpoint/data": usd("0.10"),  # 10 GiB x 0.01
    }


def test_what_is_used_rests_on_assumptions() -> None:
    found = cost(
        resource(AWS, "aws:ecr/repository:Repository", "api", {}),
        resource(AWS, "aws:efs/fileSystem:FileSystem", "files", {}),
        resource(AWS, "aws:cloudwatch/logGroup:LogGroup", "logs", {}),
    )
    assert lines(found) == {
        "aws/registry": usd("1.00"),  # 10 GiB x 0.10
        "aws/file-storage": usd("30.00"),  # 100 GiB x 0.30
        "aws/logs": usd("5.00"),  # 10 GiB x 0.50
    }
    assert {line.assumption for line in found.lines} == {"registry_gib", "file_storage_gib", "logs_gib"}


def test_keys_and_secrets_cost_by_the_month() -> None:
    found = cost(
        resource(AWS, "aws:kms/key:Key", "key", {}), resource(AWS, "aws:secretsmanager/secret:Secret", "secret", {})
    )
    assert lines(found) == {"aws/key": usd("1.00"), "aws/secret": usd("0.40")}


def test_a_machine_of_ones_own_costs_with_its_disks() -> None:
    machine = resource(
        AWS,
        "aws:ec2/instance:Instance",
        "control-plane",
        {"instanceType": "m6i.large", "rootBlockDevice": {"volumeType": "gp3", "volumeSize": 30}},
    )
    assert cost(machine).total == usd("72.48")  # 0.096 x 730 = 70.08; 30 x 0.08 = 2.40
