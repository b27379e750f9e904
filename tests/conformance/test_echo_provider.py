"""The echo provider: inputs come back, what a cloud computes is made up, and nothing is made up in a preview."""

from __future__ import annotations

import base64
from typing import Any
from unittest.mock import create_autospec

import grpc
import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from preview.invokes import Fixtures
from tests.conformance import fabricate
from tests.conformance.echo_provider import EchoProvider

CLUSTER = "aws:eks/cluster:Cluster"
URN = f"urn:pulumi:dev::project::infraplatform:aws:EksCluster${CLUSTER}::main"
SECRET = {rpc._special_sig_key: rpc._special_secret_sig, "value": "s3cret"}


@pytest.fixture
def provider() -> EchoProvider:
    return EchoProvider("aws", Fixtures({}, {}))


@pytest.fixture
def context() -> grpc.ServicerContext:
    return create_autospec(grpc.ServicerContext)


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())


def create(provider: EchoProvider, context: grpc.ServicerContext, *, preview: bool) -> dict[str, Any]:
    inputs = struct({"version": "1.35", "vpcConfig": {"subnetIds": ["subnet-1"]}, "secret": SECRET})
    request = provider_pb2.CreateRequest(urn=URN, type=CLUSTER, properties=inputs, preview=preview)
    return json_format.MessageToDict(provider.Create(request, context).properties)


def test_a_creation_makes_up_what_programs_read_of_a_cluster(
    provider: EchoProvider, context: grpc.ServicerContext
) -> None:
    outputs = create(provider, context, preview=False)
    assert outputs["identities"][0]["oidcs"][0]["issuer"].startswith("https://")
    assert outputs["arn"].startswith("arn:aws:eks:us-east-1:123456789012:")
    assert base64.b64decode(outputs["certificateAuthority"]["data"])
    assert outputs["name"].startswith("main-")


def test_a_creation_keeps_the_inputs_and_adds_what_is_computed_inside_them(
    provider: EchoProvider, context: grpc.ServicerContext
) -> None:
    outputs = create(provider, context, preview=False)
    assert outputs["version"] == "1.35"
    assert outputs["vpcConfig"]["subnetIds"] == ["subnet-1"]
    assert outputs["vpcConfig"]["clusterSecurityGroupId"]
    assert outputs["secret"] == SECRET


def test_an_option_that_the_program_left_out_stays_out(provider: EchoProvider, context: grpc.ServicerContext) -> None:
    assert "outpostConfig" not in create(provider, context, preview=False)


def test_a_preview_makes_up_nothing(provider: EchoProvider, context: grpc.ServicerContext) -> None:
    outputs = create(provider, context, preview=True)
    assert outputs.keys() == {"version", "vpcConfig", "secret"}
    assert outputs["vpcConfig"]["clusterSecurityGroupId"] == rpc.UNKNOWN
    assert outputs["secret"] == SECRET


def update(provider: EchoProvider, context: grpc.ServicerContext, image: str, *, preview: bool) -> dict[str, Any]:
    old = {"imageId": "ami-1", "tags": {"a": "1"}, "userData": SECRET}
    request = provider_pb2.UpdateRequest(
        urn=URN,
        type="aws:ec2/launchTemplate:LaunchTemplate",
        olds=struct({**old, "arn": "arn:1", "latestVersion": 3}),
        old_inputs=struct(old),
        news=struct({"imageId": image, "userData": SECRET}),
        preview=preview,
    )
    return json_format.MessageToDict(provider.Update(request, context).properties)


def test_an_update_renews_what_the_provider_computes_again(
    provider: EchoProvider, context: grpc.ServicerContext
) -> None:
    kept = {"imageId": "ami-2", "arn": "arn:1", "userData": SECRET}
    assert update(provider, context, "ami-2", preview=True) == {
        **kept, "latestVersion": rpc.UNKNOWN, "tagsAll": rpc.UNKNOWN
    }  # fmt: skip
    assert update(provider, context, "ami-2", preview=False) == {**kept, "latestVersion": 4, "tagsAll": {}}


def test_a_renewed_value_depends_on_the_inputs_and_on_nothing_else(
    provider: EchoProvider, context: grpc.ServicerContext
) -> None:
    def block(tenancy: str) -> str:
        request = provider_pb2.UpdateRequest(
            urn=URN,
            type="aws:ec2/vpc:Vpc",
            olds=struct({"ipv6CidrBlock": ""}),
            news=struct({"assignGeneratedIpv6CidrBlock": True, "tags": {"tenancy": tenancy}}),
        )
        return json_format.MessageToDict(provider.Update(request, context).properties)["ipv6AssociationId"]

    assert block("a") == block("a") != block("b")


def test_the_same_resource_gets_the_same_values_in_every_run() -> None:
    assert fabricate.outputs(URN, CLUSTER) == fabricate.outputs(URN, CLUSTER)
    assert fabricate.identifier(URN) != fabricate.identifier(f"{URN}-2")


def test_an_update_keeps_what_was_computed_and_takes_what_is_given() -> None:
    old = {"arn": "arn:1", "vpcConfig": {"subnetIds": ["a", "b"], "vpcId": "vpc-1"}, "tags": {"a": "1"}}
    new = {"vpcConfig": {"subnetIds": ["a"]}, "tags": SECRET}
    assert fabricate.overlay(old, new) == {
        "arn": "arn:1",
        "vpcConfig": {"subnetIds": ["a"], "vpcId": "vpc-1"},
        "tags": SECRET,
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"version": "1.35"}, {"version": "1.35"}, provider_pb2.DiffResponse.DIFF_NONE),
        ({"version": "1.35"}, {"version": "1.36"}, provider_pb2.DiffResponse.DIFF_SOME),
    ],
)
def test_a_difference_is_one_of_the_inputs(
    provider: EchoProvider, context: grpc.ServicerContext, old: dict[str, Any], new: dict[str, Any], expected: int
) -> None:
    request = provider_pb2.DiffRequest(
        urn=URN, type=CLUSTER, old_inputs=struct(old), news=struct(new), olds=struct({**old, "arn": "x"})
    )
    assert provider.Diff(request, context).changes == expected


def test_a_change_that_cannot_be_made_in_place_is_answered_with_its_key(
    provider: EchoProvider, context: grpc.ServicerContext
) -> None:
    request = provider_pb2.DiffRequest(
        urn=URN, type=CLUSTER, old_inputs=struct({"roleArn": "a"}), news=struct({"roleArn": rpc.UNKNOWN})
    )
    answer = provider.Diff(request, context)
    assert list(answer.replaces) == ["roleArn"]
    assert answer.detailedDiff["roleArn"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE


REGISTRY = "azure-native:containerregistry:Registry"
REGISTRY_URN = f"urn:pulumi:dev::project::{REGISTRY}::registry"


@pytest.mark.parametrize(("named", "first"), [({}, False), ({"registryName": "registry"}, True)])
def test_what_the_program_names_in_azure_goes_before_its_replacement_comes(
    context: grpc.ServicerContext,
    named: dict[str, Any],
    first: bool,  # noqa: FBT001  a table of answers
) -> None:
    old, new = ({**named, "location": place} for place in ("westeurope", "northeurope"))
    request = provider_pb2.DiffRequest(urn=REGISTRY_URN, type=REGISTRY, old_inputs=struct(old), news=struct(new))
    answer = EchoProvider("azure-native", Fixtures({}, {})).Diff(request, context)
    assert list(answer.replaces) == ["location"]
    assert answer.deleteBeforeReplace is first


def test_an_update_in_azure_forgets_its_outputs_in_a_preview_alone(context: grpc.ServicerContext) -> None:
    def outputs(*, preview: bool) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(
            urn=REGISTRY_URN,
            type=REGISTRY,
            olds=struct(
                {"name": "registry", "location": "westeurope", "tags": {"a": "1"}, "systemData": {"createdBy": "me"}}
            ),
            old_inputs=struct({"tags": {"a": "1"}}),
            news=struct({"tags": {"a": "2"}}),
            preview=preview,
        )
        answer = EchoProvider("azure-native", Fixtures({}, {})).Update(request, context)
        return json_format.MessageToDict(answer.properties)

    known = {"name": "registry", "location": "westeurope", "tags": {"a": "2"}}
    assert outputs(preview=True) == known
    assert outputs(preview=False) == {**known, "systemData": {"createdBy": "me"}}


def test_a_lookup_that_is_not_in_the_table_fails_by_its_name(
    provider: EchoProvider, context: grpc.ServicerContext
) -> None:
    answer = provider.Invoke(provider_pb2.InvokeRequest(tok="aws:ec2/getAmi:getAmi"), context)
    assert "aws:ec2/getAmi:getAmi" in answer.failures[0].reason
