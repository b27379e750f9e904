"""What is made up has the shape that programs look at."""

from __future__ import annotations

import base64
from ipaddress import IPv6Network

from tests.conformance import fabricate

VPC = "urn:pulumi:dev::project::aws:ec2/vpc:Vpc::main"
CLUSTER = "urn:pulumi:dev::project::aws:eks/cluster:Cluster::main"


def test_a_networks_ipv6_range_is_a_56_of_its_own() -> None:
    ranges = [IPv6Network(fabricate.outputs(urn, "aws:ec2/vpc:Vpc")["ipv6CidrBlock"]) for urn in (VPC, f"{VPC}-2")]
    assert {item.prefixlen for item in ranges} == {56}
    assert len(set(ranges)) == 2


def test_a_clusters_certificate_is_pem_in_base64() -> None:
    made = fabricate.outputs(CLUSTER, "aws:eks/cluster:Cluster")
    lines = base64.b64decode(made["certificateAuthority"]["data"], validate=True).decode().splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
