"""Private ways to AWS services: the S3 gateway, and interface endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws.network_place import Place
from components.aws.network_subnets import Subnets
from components.settings import AwsNetworkSettings, Egress

CLUSTER_SERVICES: Final = (
    "ec2",  # nodes look at themselves; the CNI, the EBS driver
    "ecr.api",  # image manifests
    "ecr.dkr",  # image layers' addresses; the layers themselves come from S3
    "eks",  # cluster-autoscaler asks for node groups
    "eks-auth",  # Pod Identity credentials
    "sts",  # credentials by service account token, for workloads without Pod Identity
    "logs",  # logs of nodes and pods
    "elasticloadbalancing",  # load balancer controllers
    "autoscaling",  # cluster-autoscaler
    "elasticfilesystem",  # the EFS driver
)
"""What a cluster without internet calls.

Sources, read 2026-11-23: EKS user guide of 2024-12, "Deploy private clusters with limited internet access" (ec2, ecr.*,
elasticloadbalancing, logs, sts) and "EKS Pod Identity considerations" (eks-auth); kubernetes/autoscaler,
cloudprovider/aws/README.md (eks); EKS blueprints, "Fully Private Cluster" (autoscaling).
elasticfilesystem is known, not read.
"""

_S3: Final = "s3"

_ECR: Final = frozenset({"ecr.api", "ecr.dkr"})
_ISOLATED: Final = _ECR | {"autoscaling", "ec2", "elasticfilesystem", "sqs"}
_PREFIXES: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "cn-": ("cn.com.amazonaws", _ISOLATED | {"eks", "sts"}),
    "eusc-": ("eu.amazonaws", _ECR),
    "us-iso-": ("gov.ic.c2s", _ISOLATED),
    "us-isob-east-": ("gov.sgov.sc2s", _ISOLATED),
    "us-isob-west-": ("gov.sgov.sc2s", _ECR),
    "us-isof-": ("gov.ic.hci.csp", _ECR),
    "eu-isoe-": ("uk.adc-e.cloud", _ECR),
}
"""Start of a service's name, by the start of the region's, and those of `CLUSTER_SERVICES` that have it there.

Source: aws-cdk, aws-ec2/lib/vpc-endpoint.ts, read 2026-11-23.
"""


def service_name(region: str, service: str) -> str:
    """The endpoint service's full name: `ecr.api` is `com.amazonaws.us-east-1.ecr.api`; a full name stays as it is."""
    if region in service.split("."):
        return service
    found = (
        prefix for start, (prefix, services) in _PREFIXES.items() if region.startswith(start) and service in services
    )
    return f"{next(found, 'com.amazonaws')}.{region}.{service}"


def interface_services(settings: AwsNetworkSettings) -> tuple[str, ...]:
    """The services that get interface endpoints: those of the settings, else all a cluster without egress calls."""
    if settings.interface_endpoints is not None:
        return settings.interface_endpoints
    return CLUSTER_SERVICES if settings.egress is Egress.NONE else ()


def private_endpoints(place: Place, subnets: Subnets, settings: AwsNetworkSettings) -> list[pulumi.Resource]:
    """The endpoints, attached zone by zone so that a further zone only adds; returns all that nodes wait for."""
    gateway = _s3_gateway(place)
    ready: list[pulumi.Resource] = [*_s3_routes(place, subnets, gateway)]
    services = interface_services(settings)
    if services:
        group, rule = _security_group(place, str(settings.cidr))
        ready.append(rule)
        for service in services:
            ready += _interface_endpoint(place, subnets, service, group, gateway)
    return ready


def _s3_gateway(place: Place) -> aws.ec2.VpcEndpoint:
    """The gateway endpoint for S3: free, and image layers of ECR come through it."""
    name = f"{place.name}-endpoint-s3"
    return aws.ec2.VpcEndpoint(
        name,
        vpc_id=place.vpc.id,
        service_name=service_name(place.provider.region, _S3),
        vpc_endpoint_type="Gateway",
        tags=place.tags_of(name),
        opts=place.child(),
    )


def _s3_routes(
    place: Place, subnets: Subnets, gateway: aws.ec2.VpcEndpoint
) -> list[aws.ec2.VpcEndpointRouteTableAssociation]:
    return [
        aws.ec2.VpcEndpointRouteTableAssociation(
            f"{place.name}-endpoint-s3-{zone}", vpc_endpoint_id=gateway.id, route_table_id=table.id, opts=place.child()
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
    place: Place, subnets: Subnets, service: str, group: aws.ec2.SecurityGroup, s3_gateway: aws.ec2.VpcEndpoint
) -> list[pulumi.Resource]:
    """An endpoint with a network interface in each zone's node subnet, under the service's usual DNS name.

    One for S3, beside the gateway, serves what comes from outside the network; AWS refuses it where no gateway is.
    Source: terraform-provider-aws issue 46404, read 2026-11-23.
    """
    beside_gateway = service_name(place.provider.region, service) == service_name(place.provider.region, _S3)
    name = f"{place.name}-endpoint-s3-interface" if beside_gateway else f"{place.name}-endpoint-{service}"
    endpoint = aws.ec2.VpcEndpoint(
        name,
        vpc_id=place.vpc.id,
        service_name=service_name(place.provider.region, service),
        vpc_endpoint_type="Interface",
        private_dns_enabled=True,
        security_group_ids=[group.id],
        tags=place.tags_of(name),
        opts=place.child(*([s3_gateway] if beside_gateway else [])),
    )
    return [
        aws.ec2.VpcEndpointSubnetAssociation(
            f"{name}-{zone}", vpc_endpoint_id=endpoint.id, subnet_id=subnet.id, opts=place.child()
        )
        for zone, subnet in subnets.nodes.items()
    ]
