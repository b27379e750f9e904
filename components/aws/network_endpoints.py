"""Private ways to AWS services: the S3 gateway, and interface endpoints."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws.network_place import Place
from components.aws.network_subnets import Subnets
from components.settings import Egress, NetworkSettings

CLUSTER_SERVICES: Final = (
    "ec2",  # nodes name themselves; the CNI, the EBS driver
    "ecr.api",  # image manifests
    "ecr.dkr",  # image layers' addresses; the layers themselves come from S3
    "eks",  # nodes ask for their cluster
    "eks-auth",  # Pod Identity credentials
    "sts",  # credentials by service account token; cluster-autoscaler
    "logs",  # logs of nodes and pods
    "elasticloadbalancing",  # load balancer controllers
    "autoscaling",  # cluster-autoscaler
    "elasticfilesystem",  # the EFS driver
    "ssm",  # Karpenter's image lookup; shells on nodes
    "sqs",  # Karpenter's interruption queue
)
"""What a cluster without internet calls.

Sources: EKS user guide, private clusters (the first eight; autoscaling and sts for cluster-autoscaler); Karpenter and
EFS driver documentation, private clusters (the rest), read 2026-11.
"""

_CHINA_PREFIXED: Final = frozenset(
    {"autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "elasticfilesystem", "sqs", "sts"}
)
"""Services among ours whose names start with `cn.` in China. Source: aws-cdk, ec2/lib/vpc-endpoint.ts, read 2026-11."""


def service_name(region: str, service: str) -> str:
    """The endpoint service's full name: `ecr.api` is `com.amazonaws.us-east-1.ecr.api`; a full name stays as it is."""
    if region in service.split("."):
        return service
    prefix = "cn.com.amazonaws" if region.startswith("cn-") and service in _CHINA_PREFIXED else "com.amazonaws"
    return f"{prefix}.{region}.{service}"


def interface_services(settings: NetworkSettings) -> tuple[str, ...]:
    """The services that get interface endpoints: those of the settings, else all a cluster without egress calls."""
    if settings.interface_endpoints is not None:
        return settings.interface_endpoints
    return CLUSTER_SERVICES if settings.egress is Egress.NONE else ()


def private_endpoints(place: Place, subnets: Subnets, settings: NetworkSettings) -> list[pulumi.Resource]:
    """The endpoints, attached zone by zone so that a further zone only adds; returns all that nodes wait for."""
    ready = _s3_gateway(place, subnets)
    services = interface_services(settings)
    if services:
        group, rule = _security_group(place, str(settings.cidr))
        ready.append(rule)
        for service in services:
            ready += _interface_endpoint(place, subnets, service, group)
    return ready


def _s3_gateway(place: Place, subnets: Subnets) -> list[pulumi.Resource]:
    """The gateway endpoint for S3: free, and image layers of ECR come through it."""
    name = f"{place.name}-endpoint-s3"
    gateway = aws.ec2.VpcEndpoint(
        name,
        vpc_id=place.vpc.id,
        service_name=f"com.amazonaws.{place.provider.region}.s3",
        vpc_endpoint_type="Gateway",
        tags=place.tags_of(name),
        opts=place.child(),
    )
    return [
        aws.ec2.VpcEndpointRouteTableAssociation(
            f"{name}-{zone}", vpc_endpoint_id=gateway.id, route_table_id=table.id, opts=place.child()
        )
        for zone, table in subnets.private_tables.items()
    ]


def _security_group(place: Place, cidr: str) -> tuple[aws.ec2.SecurityGroup, aws.vpc.SecurityGroupIngressRule]:
    """The interface endpoints' security group and its only rule: HTTPS from the network, and nothing out."""
    name = f"{place.name}-endpoints"
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=place.vpc.id,
        description="Interface endpoints: HTTPS from the network",
        tags=place.tags_of(name),
        opts=place.child(),
    )
    rule = aws.vpc.SecurityGroupIngressRule(
        f"{name}-https",
        security_group_id=group.id,
        description="HTTPS from the network",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ipv4=cidr,
        tags=place.tags_of(f"{name}-https"),
        opts=place.child(),
    )
    return group, rule


def _interface_endpoint(
    place: Place, subnets: Subnets, service: str, group: aws.ec2.SecurityGroup
) -> list[pulumi.Resource]:
    """An endpoint with a network interface in each zone's node subnet, under the service's usual DNS name."""
    name = f"{place.name}-endpoint-{service}"
    endpoint = aws.ec2.VpcEndpoint(
        name,
        vpc_id=place.vpc.id,
        service_name=service_name(place.provider.region, service),
        vpc_endpoint_type="Interface",
        private_dns_enabled=True,
        security_group_ids=[group.id],
        tags=place.tags_of(name),
        opts=place.child(),
    )
    return [
        aws.ec2.VpcEndpointSubnetAssociation(
            f"{name}-{zone}", vpc_endpoint_id=endpoint.id, subnet_id=subnet.id, opts=place.child()
        )
        for zone, subnet in subnets.nodes.items()
    ]
