"""Flow logs: all traffic, kept as long as the settings say, written by a role that can do nothing else."""

from __future__ import annotations

import json

from tests.components.aws.networks import of_type, planned, standing

NAME = "network-flow-logs"


def test_all_traffic_of_the_vpc_is_logged_into_its_group() -> None:
    resources = standing("a")
    log = resources["FlowLog", NAME].inputs
    assert log["trafficType"] == "ALL"
    assert log["vpcId"] == resources["Vpc", "network-vpc"].id
    assert log["logDestination"] == resources["LogGroup", NAME].outputs["arn"]
    assert log["iamRoleArn"] == resources["Role", NAME].outputs["arn"]


def test_logs_are_kept_as_long_as_the_settings_say() -> None:
    assert planned("a", flow_log_retention_days=90)["LogGroup", NAME].inputs["retentionInDays"] == 90


def test_logging_starts_when_the_role_may_write() -> None:
    resources = planned("a")
    assert resources["RolePolicy", NAME].urn in resources["FlowLog", NAME].dependencies


def test_only_this_accounts_flow_logs_act_as_the_role() -> None:
    trust = json.loads(planned("a")["Role", NAME].inputs["assumeRolePolicy"])
    [statement] = trust["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*"}


def test_the_arns_are_those_of_the_regions_partition() -> None:
    trust = planned("a", region="us-gov-west-1")["Role", NAME].inputs["assumeRolePolicy"]
    assert "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:vpc-flow-log/*" in trust


def test_the_role_writes_to_its_own_group_only() -> None:
    resources = standing("a")
    group = resources["LogGroup", NAME].outputs["arn"]
    [statement] = json.loads(resources["RolePolicy", NAME].inputs["policy"])["Statement"]
    assert statement["Resource"] == [group, f"{group}:*"]
    assert "logs:PutLogEvents" in statement["Action"]
    assert not any("*" in action or "Delete" in action for action in statement["Action"])


def test_flow_logs_can_be_left_out() -> None:
    resources = planned("a", flow_logs=False)
    assert of_type(resources, "FlowLog") == {}
    assert of_type(resources, "LogGroup") == {}
    assert of_type(resources, "Role") == {}
