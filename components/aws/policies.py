"""IAM policy documents as JSON text: which service may act as a role, and what a role may do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
"""Condition operators with their keys and values: `{"StringEquals": {"aws:SourceAccount": "123456789012"}}`."""


def policy_document(statements: Sequence[Mapping[str, Any]]) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]})


def allow(
    sid: str, actions: Sequence[str], resources: str | Sequence[str], conditions: Conditions | None = None
) -> dict[str, Any]:
    """A statement that allows `actions` on `resources`, under `conditions`."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}
    return {**statement, "Condition": conditions} if conditions else statement


def trust(service: str, actions: Sequence[str] = ("sts:AssumeRole",), conditions: Conditions | None = None) -> str:
    """A trust policy: an AWS service may act as the role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions)}
    return policy_document([{**statement, "Condition": conditions} if conditions else statement])


def volume_key_policy(key_arn: str) -> str:
    """Use of a KMS key for volumes that EC2 attaches.

    Source: EKS user guide of 2024-12, "Store Kubernetes volumes with Amazon EBS", policy for a customer managed key;
    the driver's own docs/install.md of 2026-08 asks for a part of it. Read 2026-11-23.
    """
    use = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")
    grants = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")
    return policy_document(
        [
            allow("UseVolumeKey", use, key_arn),
            allow("GrantVolumeKeyToEc2", grants, key_arn, {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        ]
    )
