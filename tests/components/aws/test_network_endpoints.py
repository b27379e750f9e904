"""Private ways to AWS services."""

from __future__ import annotations

import pytest

from components.aws.network_endpoints import CLUSTER_SERVICES, service_name
from tests.components.aws.networks import of_type, planned, standing


def test_s3_is_reached_by_a_gateway_from_every_private_zone_whatever_the_egress() -> None:
    for egress in ("none", "single-nat"):
        resources = standing("a", "b", egress=egress)
        gateway = resources["VpcEndpoint", "network-endpoint-s3"]
        assert gateway.inputs["vpcEndpointType"] == "Gateway"
        assert gateway.inputs["serviceName"] == "com.amazonaws.us-east-1.s3"
        for zone in "ab":
            association = resources["VpcEndpointRouteTableAssociation", f"network-endpoint-s3-{zone}"].inputs
            assert association["routeTableId"] == resources["RouteTable", f"network-private-{zone}"].id
            assert association["vpcEndpointId"] == gateway.id


def _interface_endpoints(**settings: object) -> dict[str, str]:
    endpoints = of_type(planned("a", "b", **settings), "VpcEndpoint")
    return {
        name: endpoint.inputs["serviceName"]
        for name, endpoint in endpoints.items()
        if endpoint.inputs["vpcEndpointType"] == "Interface"
    }


def test_with_egress_no_interface_endpoint_is_made_unasked() -> None:
    assert _interface_endpoints() == {}


def test_without_egress_everything_a_cluster_calls_has_an_endpoint() -> None:
    # The EKS user guide's page on private clusters, but for X-Ray; Pod Identity; what cluster-autoscaler calls.
    needed = {"ec2", "ecr.api", "ecr.dkr", "elasticloadbalancing", "logs", "sts", "eks-auth", "eks", "autoscaling"}
    assert needed <= set(CLUSTER_SERVICES)
    assert _interface_endpoints(egress="none") == {
        f"network-endpoint-{service}": f"com.amazonaws.us-east-1.{service}" for service in CLUSTER_SERVICES
    }


def test_the_settings_list_is_taken_as_it_is() -> None:
    names = ["sts", "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60718"]
    assert _interface_endpoints(egress="none", interface_endpoints=names) == {
        "network-endpoint-sts": "com.amazonaws.us-east-1.sts",
        f"network-endpoint-{names[1]}": names[1],
    }
    assert _interface_endpoints(egress="none", interface_endpoints=[]) == {}


@pytest.mark.parametrize("name", ["s3", "com.amazonaws.us-east-1.s3"])
def test_an_interface_endpoint_for_s3_stands_beside_the_gateway_and_after_it(name: str) -> None:
    resources = standing("a", interface_endpoints=[name])
    gateway = resources["VpcEndpoint", "network-endpoint-s3"]
    endpoint = resources["VpcEndpoint", "network-endpoint-s3-interface"]
    assert (gateway.inputs["vpcEndpointType"], endpoint.inputs["vpcEndpointType"]) == ("Gateway", "Interface")
    assert endpoint.inputs["serviceName"] == gateway.inputs["serviceName"]
    assert gateway.urn in endpoint.dependencies


@pytest.mark.parametrize(
    ("region", "service", "expected"),
    [
        ("us-east-1", "ecr.api", "com.amazonaws.us-east-1.ecr.api"),
        ("us-east-1", "aws.sagemaker.us-east-1.notebook", "aws.sagemaker.us-east-1.notebook"),
        ("us-gov-west-1", "sts", "com.amazonaws.us-gov-west-1.sts"),
        ("cn-north-1", "ec2", "cn.com.amazonaws.cn-north-1.ec2"),
        ("cn-north-1", "logs", "com.amazonaws.cn-north-1.logs"),
        ("eusc-de-east-1", "ecr.api", "eu.amazonaws.eusc-de-east-1.ecr.api"),
        ("eusc-de-east-1", "ec2", "com.amazonaws.eusc-de-east-1.ec2"),
        ("us-isob-east-1", "ec2", "gov.sgov.sc2s.us-isob-east-1.ec2"),
        ("us-iso-west-1", "sqs", "gov.ic.c2s.us-iso-west-1.sqs"),
    ],
)
def test_a_services_full_name_depends_on_its_region(region: str, service: str, expected: str) -> None:
    assert service_name(region, service) == expected


def test_an_interface_endpoint_answers_in_each_zone_under_the_services_own_name() -> None:
    resources = standing("a", "b", egress="none")
    endpoint = resources["VpcEndpoint", "network-endpoint-sts"]
    assert endpoint.inputs["privateDnsEnabled"] is True
    assert "subnetIds" not in endpoint.inputs  # or a further zone would update it
    for zone in "ab":
        association = resources["VpcEndpointSubnetAssociation", f"network-endpoint-sts-{zone}"].inputs
        assert association["vpcEndpointId"] == endpoint.id
        assert association["subnetId"] == resources["Subnet", f"network-node-{zone}"].id


def test_interface_endpoints_take_https_from_the_network_only() -> None:
    resources = standing("a", egress="none")
    group = resources["SecurityGroup", "network-endpoints"]
    endpoint_groups = {
        tuple(it.inputs.get("securityGroupIds", ())) for it in of_type(resources, "VpcEndpoint").values()
    }
    assert endpoint_groups == {(), (group.id,)}  # the S3 gateway has none
    rules = of_type(resources, "SecurityGroupIngressRule")
    assert len(rules) == 1
    rule = rules["network-endpoints-https"].inputs
    assert rule["securityGroupId"] == group.id
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443)
    assert rule["cidrIpv4"] == "10.20.0.0/16"
    assert not {"ingress", "egress"} & group.inputs.keys()
