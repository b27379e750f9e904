"""Flow logs: who talked to whom, and what was refused, kept in CloudWatch Logs."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from components.aws.arns import partition
from components.aws.network_place import Place


def flow_logs(place: Place, retention_days: int) -> None:
    """Log the metadata of all the VPC's traffic, minute by minute, into a log group of its own."""
    name = f"{place.name}-flow-logs"
    group = aws.cloudwatch.LogGroup(
        name, retention_in_days=retention_days, tags=place.tags_of(name), opts=place.child()
    )
    role = aws.iam.Role(
        name, assume_role_policy=json.dumps(_trust(place)), tags=place.tags_of(name), opts=place.child()
    )
    policy = aws.iam.RolePolicy(
        name, role=role.name, policy=pulumi.Output.json_dumps(_write_to(group)), opts=place.child()
    )
    aws.ec2.FlowLog(
        name,
        vpc_id=place.vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=60,
        tags=place.tags_of(name),
        opts=place.child(policy),
    )


def _trust(place: Place) -> dict[str, Any]:
    """Who may act as the role: the flow logs service, for this account's flow logs in this region."""
    account, region = place.provider.account, place.provider.region
    source = f"arn:{partition(region)}:ec2:{region}:{account}:vpc-flow-log/*"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source}},
            }
        ],
    }


def _write_to(group: aws.cloudwatch.LogGroup) -> dict[str, Any]:
    """The right to write to the group, not to make others. Source: terraform-aws-vpc, vpc-flow-logs, 2026-11-23."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [
                    "logs:CreateLogStream",
                    "logs:DescribeLogGroups",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ],
                "Resource": [group.arn, pulumi.Output.concat(group.arn, ":*")],
            }
        ],
    }
