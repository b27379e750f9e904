"""What networks on AWS must be: closed ports, flow logs, network policies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.properties import Path, Properties, each
from policies.rule import Resource, Rule, Severity, Stack, StackRule
from policies.rules.aws_cluster_access import ANYWHERE

SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
VPC: Final = "aws:ec2/vpc:Vpc"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
ADD_ON: Final = "aws:eks/addon:Addon"
CLOSED: Final = {22: "SSH", 3389: "RDP", 6443: "the Kubernetes API", 2379: "etcd", 2380: "etcd", 10250: "the kubelet"}
"""Ports that the internet must never reach, with what answers there."""
_ALL_PROTOCOLS: Final = "-1"
_SOURCE: Final = "pulumi-aws ec2.SecurityGroupArgs and vpc.SecurityGroupIngressRuleArgs, read 2026-11-29"


def _no_closed_port_is_open(subject: Resource) -> Iterator[str]:
    if subject.type == INGRESS_RULE:
        yield from _opens_no_closed_port(subject.inputs, ("cidrIpv4",), ("cidrIpv6",), protocol="ipProtocol")
    else:
        yield from each(subject.inputs.items("ingress"), _inline_rule_opens_no_closed_port)


def _inline_rule_opens_no_closed_port(ingress: Properties) -> Iterator[str]:
    yield from _opens_no_closed_port(ingress, ("cidrBlocks",), ("ipv6CidrBlocks",), protocol="protocol")


def _opens_no_closed_port(ingress: Properties, *sources: tuple[str, ...], protocol: str) -> Iterator[str]:
    if str(ingress.get(protocol)) == _ALL_PROTOCOLS:
        ports = list(CLOSED)
    else:
        first, last = ingress.get("fromPort", default=0), ingress.get("toPort", default=65535)
        ports = [port for port in CLOSED if first <= port <= last]
    if ports:
        opened = ", ".join(dict.fromkeys(f"{CLOSED[port]}" for port in ports))
        entries = [entry for source in sources for entry in ingress.items(*source)]
        for place in each(entries, _is_anywhere):
            yield f"{place} opens {opened} to the internet"


def _is_anywhere(entry: Properties) -> Iterator[str]:
    if entry.get() in ANYWHERE:
        yield entry.path


def _has_a_flow_log(vpc: Resource, stack: Stack) -> Iterator[str]:
    if not any(True for _ in stack.referrers(vpc, FLOW_LOG, "vpcId")):
        yield "no flow log of the stack records this network's traffic"


def _cni_enforces_network_policies(add_on: Resource) -> Iterator[str]:
    if add_on.inputs.get("addonName") != "vpc-cni":
        return
    if not add_on.inputs.parsed("configurationValues").is_true("enableNetworkPolicy"):
        yield 'configurationValues does not set enableNetworkPolicy to "true": network policies have no effect'


def _with_network_policies(add_on: Resource) -> Iterator[tuple[Path, Any]]:
    if any(_cni_enforces_network_policies(add_on)):
        values: Mapping[str, Any] = add_on.inputs.parsed("configurationValues").get(default={})
        yield ("configurationValues",), json.dumps({**values, "enableNetworkPolicy": "true"})


RULES: Final = (
    Rule(
        id="aws-open-ports",
        title="No security group opens SSH, RDP, etcd, the kubelet or the Kubernetes API to the internet.",
        severity=Severity.CRITICAL,
        types=(SECURITY_GROUP, INGRESS_RULE),
        controls=(
            "pci-dss:1.3.1",
            "isms-p:2.6.1",
            "isms-p:2.6.6",
            "iso-27001:8.20",
            "soc-2:CC6.6",
            "hipaa:164.312(e)(1)",
        ),
        problem="Anyone can try passwords, keys and exploits there.",
        remedy="name the sources: a range, a prefix list or a security group",
        source=_SOURCE,
        checkov=("CKV_AWS_24", "CKV_AWS_25"),
        checks=(_no_closed_port_is_open,),
    ),
    StackRule(
        id="aws-flow-logs",
        title="Every VPC has a flow log.",
        severity=Severity.MEDIUM,
        types=(VPC,),
        controls=(
            "iso-27001:8.15",
            "iso-27001:8.16",
            "pci-dss:10.2.1",
            "isms-p:2.9.4",
            "pci-dss:11.5.1",
            "soc-2:CC7.2",
            "hipaa:164.312(b)",
            "isms-p:2.11.3",
        ),
        problem="Who talked to whom cannot be found out after an incident.",
        remedy="make an ec2.FlowLog with this network's vpcId",
        source="pulumi-aws ec2.FlowLogArgs, read 2026-11-29",
        checkov=("CKV2_AWS_11",),
        checks=(_has_a_flow_log,),
    ),
    Rule(
        id="aws-network-policy",
        title="The VPC CNI of an EKS cluster enforces network policies.",
        severity=Severity.MEDIUM,
        types=(ADD_ON,),
        controls=(
            "cis-eks:4.3.1",
            "cis-eks:5.4.4",
            "isms-p:2.6.1",
            "iso-27001:8.22",
            "pci-dss:1.4.1",
            "soc-2:CC6.6",
            "nsa-cisa:3.0",
        ),
        problem="NetworkPolicy objects are accepted and ignored: every pod reaches every other.",
        remedy='set configurationValues to {"enableNetworkPolicy": "true"}, or run another CNI that enforces them',
        source="docs.datadoghq.com, rule def-000-y9t, and pulumi-aws eks.AddonArgs, read 2026-11-29",
        checks=(_cni_enforces_network_policies,),
        fix=_with_network_policies,
    ),
)
