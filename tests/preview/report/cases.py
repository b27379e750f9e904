"""Plans as the tests of change reports need them, made of few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preview.plan import STACK_TYPE, Operation, Plan, Resource, Step
from preview.report.compare import changes_of, steps_between
from preview.report.model import Change

CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
REPOSITORY = "aws:ecr/repository:Repository"
ROLE = "aws:iam/role:Role"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
KEY = "aws:kms/key:Key"
STACK_URN = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"


def urn(resource_type: str, name: str) -> str:
    return f"urn:pulumi:dev::demo::{resource_type}::{name}"


def resource(
    resource_type: str, name: str, inputs: Mapping[str, Any] | None = None, *, fed_by: Mapping[str, str] | None = None,
    **fields: Any,
) -> Resource:  # fmt: skip
    """A resource; `fed_by` names the URN that each input is made from."""
    fed = {key: (source,) for key, source in (fed_by or {}).items()}
    fields.setdefault("parent", STACK_URN)
    fields.setdefault("dependencies", tuple(dict.fromkeys(source for sources in fed.values() for source in sources)))
    return Resource(
        urn=urn(resource_type, name),
        type=resource_type,
        custom=fields.pop("custom", True),
        inputs=inputs or {},
        property_dependencies=fed,
        **fields,
    )


def plan(*resources: Resource) -> Plan:
    stack = Resource(urn=STACK_URN, type=STACK_TYPE, custom=False)
    steps = tuple(Step(operation=Operation.CREATE, new=each) for each in (stack, *resources))
    return Plan(project="demo", stack="dev", steps=steps)


def steps(base: Plan, head: Plan) -> tuple[Step, ...]:
    return steps_between(base, head)


def changes(base: Plan, head: Plan) -> dict[str, Change]:
    """The changes by name, without the stack's own."""
    return {change.name: change for change in changes_of(steps(base, head)) if change.type != STACK_TYPE}


def operations(base: Plan, head: Plan) -> dict[str, str]:
    return {name: change.operation.value for name, change in changes(base, head).items()}
