"""Reports as the tests of renderers need them: a small platform before and after a change, and one that means harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from preview.cost.differences import StackCost
from preview.cost.tables import load
from preview.plan import Diagnostic, Operation, Plan, Resource, Severity, Step
from preview.report.costs import costs_of
from preview.report.model import GuardFinding, PolicyResult, Report, StackReport, StackStatus, Standing
from preview.report.stack import report_on

DAY = date(2026, 11, 29)
_NAMES = ("vpc", "subnet", "cluster", "group", "nat", "images", "files", "key", "jobs")
HARMFUL = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a|b|c",
    "`code` ```fence```",
    "**bold** _under_ # title",
    "@octocat and @org/team",
    "#1 GH-1 owner/repo#2",
    "[click](javascript:alert(1))",
    "![](https://evil.example/x.png)",
    "https://evil.example/ www.evil.example mail@evil.example",
    "<!-- --> ]]> --!>",
    "\x1b[31mred\x1b[0m \x07",
    "line one\n\nline three\n- item",
    "&lt;b&gt; &#64;octocat &amp;",
    "\u202eesrever\u202c \u200b",
    "\" onmouseover=alert(1) x='",
    "</details></summary></td></table>",
    "</svg></style></title></code>",
    "${{ secrets.TOKEN }} {{ 7*7 }}",
)


def urn(stack: str, type_: str, name: str) -> str:
    return f"urn:pulumi:{stack}::demo::demo:index:Platform${type_}::{name}"


def resource(
    stack: str,
    type_: str,
    name: str,
    inputs: Mapping[str, Any] | None = None,
    fed_by: Mapping[str, list[Resource]] | None = None,
) -> Resource:
    feeds = {key: tuple(source.urn for source in sources) for key, sources in (fed_by or {}).items()}
    return Resource(
        urn=urn(stack, type_, name),
        type=type_,
        custom=True,
        inputs=inputs or {},
        provider=f"urn:pulumi:{stack}::demo::pulumi:providers:aws::aws::id",
        dependencies=tuple(source for sources in feeds.values() for source in sources),
        property_dependencies=feeds,
    )


def platform(
    stack: str = "prod", machine: str = "m7g.large", most: int = 4, names: Mapping[str, str] | None = None
) -> list[Resource]:
    """A network of two zones with an EKS cluster, a group in each zone, a registry, a file system, a key and a queue.

    `names` are other names than `vpc`, `subnet`, `cluster`, `group`, `nat`, `images`, `files`, `key` and `jobs`.
    """
    called = {**dict(zip(_NAMES, _NAMES, strict=True)), **(names or {})}
    provider_type = "pulumi:providers:aws"
    provider = Resource(
        urn=f"urn:pulumi:{stack}::demo::{provider_type}::aws",
        type=provider_type,
        custom=True,
        inputs={"region": "us-east-1"},
    )
    vpc, *subnets = _network(stack, called)
    cluster = resource(stack, "aws:eks/cluster:Cluster", called["cluster"], {"version": "1.35"}, {"vpcConfig": subnets})
    scaling = {"minSize": 1, "maxSize": most}
    groups = [
        resource(
            stack,
            "aws:eks/nodeGroup:NodeGroup",
            f"{called['group']}-{zone}",
            {"instanceTypes": [machine], "scalingConfig": scaling, "diskSize": 20},
            {"clusterName": [cluster], "subnetIds": [subnet]},
        )
        for zone, subnet in zip("ab", subnets, strict=True)
    ]
    rest = [
        resource(stack, "aws:ec2/natGateway:NatGateway", called["nat"], {}, {"subnetId": [subnets[0]]}),
        resource(stack, "aws:ecr/repository:Repository", called["images"], {"name": "images"}),
        resource(stack, "aws:efs/fileSystem:FileSystem", called["files"], {}),
        resource(stack, "aws:kms/key:Key", called["key"], {}),
        resource(stack, "aws:sqs/queue:Queue", called["jobs"], {}),
    ]
    return [provider, vpc, *subnets, cluster, *groups, *rest]


def _network(stack: str, called: Mapping[str, str]) -> list[Resource]:
    vpc = resource(stack, "aws:ec2/vpc:Vpc", called["vpc"], {"cidrBlock": "10.0.0.0/16"})
    subnets = [
        resource(
            stack,
            "aws:ec2/subnet:Subnet",
            f"{called['subnet']}-{zone}",
            {"cidrBlock": f"10.0.{index}.0/24", "availabilityZone": f"us-east-1{zone}"},
            {"vpcId": [vpc]},
        )
        for index, zone in enumerate("ab")
    ]
    return [vpc, *subnets]


def plan(stack: str, resources: list[Resource], **fields: Any) -> Plan:
    steps = tuple(Step(operation=Operation.CREATE, new=each) for each in resources)
    return Plan(project="demo", stack=stack, steps=steps, **fields)


def changed_report(**fields: Any) -> Report:
    """A larger machine, a registry that goes and a key that comes; and beside it a stack that stays."""
    before = [it for it in platform() if it.name != "key"]
    after = [it for it in platform(machine="m7g.xlarge") if it.name != "images"]
    stack = report_on("prod", plan("prod", before), plan("prod", after), as_of=DAY)
    stack = replace(
        stack, policies=(PolicyResult(policy="private-api", level="mandatory", message="the API is open", urn=None),)
    )
    return Report(
        base="main",
        head="feature",
        as_of=DAY,
        stacks=(StackReport(stack="dev", status=StackStatus.UNCHANGED), stack),
        **fields,
    )


def harmful_report() -> Report:
    """Names, tags, messages, stacks, reasons: all that a pull request can put into a report means harm."""
    stacks = list[StackReport]()
    for number, words in enumerate(HARMFUL):
        names = dict.fromkeys(_NAMES, words)
        name = f"stack{number} {words}"
        before = platform(f"s{number}", names=names)
        after = [
            replace(it, inputs={**it.inputs, "tags": {words: words}, "version": words})
            for it in platform(f"s{number}", machine=words, names=names)
            if "kms" not in it.type
        ]
        bad = Diagnostic(severity=Severity.ERROR, message=words)
        stack = report_on(name, plan(name, before), plan(name, after), as_of=DAY)
        finding = GuardFinding(standing=Standing.BLOCKED, urn=words, message=words, reason=words, until=DAY)
        policy = PolicyResult(policy=words, level=words, message=words, urn=words)
        head = replace(stack.head, diagnostics=(bad,)) if stack.head else None
        radius = tuple(replace(entry, what=words) for entry in stack.blast_radius)
        stacks.append(replace(stack, head=head, findings=(finding,), policies=(policy,), blast_radius=radius))
    return Report(base=HARMFUL[0], head=HARMFUL[5], as_of=DAY, stacks=tuple(stacks), notes=HARMFUL)


def costs(report: Report) -> Mapping[str, StackCost]:
    return costs_of(report, load())
