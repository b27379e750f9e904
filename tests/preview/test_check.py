from __future__ import annotations

from typing import Any

import pulumi
import pytest

from preview.check import check
from preview.plan import MASKED, UNKNOWN, Secret, Severity, SourcePosition
from tests.preview.resources import on_the_wire, resource, sdk

CLUSTER = "aws:eks/cluster:Cluster"
ROLE = "arn:aws:iam::123456789012:role/cluster"


def messages(token: str, inputs: dict[str, Any]) -> list[str]:
    return [found.message for found in check(resource(token, inputs))]


def cluster(**changed: Any) -> dict[str, Any]:
    args = {"role_arn": ROLE, "vpc_config": {"subnet_ids": ["subnet-1"]}} | changed
    return on_the_wire(sdk("pulumi_aws.eks").ClusterArgs(**args))


def test_right_inputs_have_no_findings() -> None:
    assert messages(CLUSTER, cluster(version="1.35", tags={"any": "thing"}, deletion_protection=True)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"version": 1.30}, "version: 1.3 is a number, wanted is text: write it in quotes; as a number 1.30 becomes 1.3"),  # noqa: E501  a message
        ({"version": 2}, 'version: 2 is a number, wanted is text: write "2" in quotes'),
        ({"version": True}, 'version: true is true or false, wanted is text: write "true" in quotes'),
        ({"tags": {"cost center": 7}}, 'tags["cost center"]: 7 is a number, wanted is text: write "7" in quotes'),
        (
            {"vpc_config": {"subnet_ids": "subnet-1"}},
            'vpcConfig.subnetIds: "subnet-1" is text, wanted is a list (text): write ["subnet-1"]',
        ),
        (
            {"vpc_config": {"subnet_ids": [], "endpoint_public_access": "yes"}},
            'vpcConfig.endpointPublicAccess: "yes" is text, wanted is true or false: write True or False without quotes',  # noqa: E501  a message
        ),
        ({"vpc_config": {}}, "vpcConfig.subnetIds: missing; write subnet_ids = a list (text)"),
        (
            {"upgrade_policy": {"support_typ": "STANDARD"}},
            "upgradePolicy.support_typ: unknown key; did you mean support_type?",
        ),
        (
            {"upgrade_policy": {"x": 1}},
            "upgradePolicy.x: unknown key; known are support_type",
        ),
    ],
)  # fmt: skip
def test_what_the_sdk_lets_pass_is_found_and_says_what_to_write(changed: dict[str, Any], expected: str) -> None:
    assert messages(CLUSTER, cluster(**changed)) == [expected]


def test_a_list_and_an_object_in_each_others_place_are_found() -> None:
    assert messages(CLUSTER, {"roleArn": ROLE, "vpcConfig": ["subnet-1"], "version": ["1.35"], "tags": []}) == [
        "vpcConfig: this is a list, wanted is ClusterVpcConfigArgs",
        "version: this is a list, wanted is text",
        "tags: this is a list, wanted is a map (text)",
    ]


def test_all_mistakes_are_found_at_once_with_urn_and_source_line() -> None:
    where = SourcePosition("components/aws/cluster.py", 42)
    subject = resource(CLUSTER, cluster(version=1.3, vpc_config={"subnet_idz": ["a"]}), source=where)
    found = check(subject)
    assert [each.message.partition(":")[0] for each in found] == [
        "version",
        "vpcConfig.subnet_idz",
        "vpcConfig.subnetIds",
    ]
    assert {(each.urn, each.source, each.severity) for each in found} == {(subject.urn, where, Severity.ERROR)}


def test_text_where_a_number_belongs_is_found_inside_lists() -> None:
    args = sdk("pulumi_aws.ec2").LaunchTemplateArgs(
        block_device_mappings=[{"ebs": {"volume_size": 20}}, {"ebs": {"volume_size": "50", "throughput": 1.5}}]
    )
    assert messages("aws:ec2/launchTemplate:LaunchTemplate", on_the_wire(args)) == [
        'blockDeviceMappings[1].ebs.volumeSize: "50" is text, wanted is a whole number: write 50 without quotes',
        "blockDeviceMappings[1].ebs.throughput: 1.5 is a number, wanted is a whole number",
    ]


def test_unknown_values_pass_at_every_depth() -> None:
    assert messages(CLUSTER, {"roleArn": UNKNOWN, "vpcConfig": {"subnetIds": [UNKNOWN]}, "tags": UNKNOWN}) == []


def test_a_secret_is_looked_through_and_never_shown() -> None:
    inputs = cluster() | {"version": Secret(987654), "tags": Secret({"password": 123456}), "name": Secret(MASKED)}
    found = messages(CLUSTER, inputs)
    assert found == [
        "version: [secret] is a number, wanted is text",
        "tags.password: [secret] is a number, wanted is text",
    ]


def test_a_policy_is_json_text_or_a_document() -> None:
    sdk("pulumi_aws.iam")
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}}],
    }
    token = "aws:iam/role:Role"
    assert messages(token, {"assumeRolePolicy": '{"anything": 1}'}) == []
    assert messages(token, {"assumeRolePolicy": document}) == []
    assert messages(token, {"assumeRolePolicy": 5}) == [
        'assumeRolePolicy: 5 is a number, wanted is text or PolicyDocumentArgs: write "5" in quotes'
    ]


def test_a_closed_choice_is_an_error_and_an_open_one_a_warning() -> None:
    containerservice = sdk("pulumi_azure_native.containerservice")
    args = containerservice.ManagedClusterArgs(
        resource_group_name="rg", identity={"type": "SystemAsigned"}, support_plan="AKSLongtermSupport"
    )
    found = check(resource("azure-native:containerservice:ManagedCluster", on_the_wire(args)))
    assert {each.message: each.severity for each in found} == {
        'identity.type: "SystemAsigned" is not allowed; did you mean "SystemAssigned"?': Severity.ERROR,
        'supportPlan: "AKSLongtermSupport" is no value that the SDK knows; did you mean "AKSLongTermSupport"?': Severity.WARNING,  # noqa: E501  a message
    }


def test_azure_maps_of_objects_are_checked_inside() -> None:
    containerservice = sdk("pulumi_azure_native.containerservice")
    args = containerservice.ManagedClusterArgs(
        resource_group_name="rg",
        addon_profiles={"omsagent": {"enabled": "true", "config": {"free": "form"}}},
        agent_pool_profiles=[
            {"name": "system", "count": 3, "vm_size": "Standard_D4s_v5", "node_taints": ["a=b:NoSchedule"]}
        ],
    )
    assert messages("azure-native:containerservice:ManagedCluster", on_the_wire(args)) == [
        'addonProfiles.omsagent.enabled: "true" is text, wanted is true or false: write True or False without quotes'
    ]


def test_gcp_blocks_are_checked_inside() -> None:
    container = sdk("pulumi_gcp.container")
    args = container.NodePoolArgs(
        cluster="c",
        node_config={"disk_size_gb": "100", "labels": {"a": "b"}, "oauth_scopes": ["x"]},
        autoscaling={"min": 1},
    )
    assert messages("gcp:container/nodePool:NodePool", on_the_wire(args)) == [
        'nodeConfig.diskSizeGb: "100" is text, wanted is a whole number: write 100 without quotes',
        "autoscaling.min: unknown key; did you mean min_node_count?",
    ]


def test_kubernetes_objects_are_checked_and_free_form_is_left_alone() -> None:
    apps = sdk("pulumi_kubernetes.apps.v1")
    sdk("pulumi_kubernetes.core.v1")
    args = apps.DeploymentInitArgs(
        metadata={"labels": {"app": "web"}, "annotations": {"replicas": 3}},
        spec={
            "replicas": "2",
            "template": {"spec": {"containers": [{"image": "web:1", "ports": [{"container_port": "8080"}]}]}},
        },
    )
    assert messages("kubernetes:apps/v1:Deployment", on_the_wire(args)) == [
        'metadata.annotations.replicas: 3 is a number, wanted is text: write "3" in quotes',
        'spec.replicas: "2" is text, wanted is a whole number: write 2 without quotes',
        'spec.template.spec.containers[0].ports[0].containerPort: "8080" is text, wanted is a whole number: write 8080 without quotes',  # noqa: E501  a message
        "spec.template.spec.containers[0].name: missing; write name = text",
        "spec.selector: missing; write selector = LabelSelectorArgs",
    ]
    assert messages("kubernetes:karpenter.sh/v1:NodePool", {"spec": {"anything": [1, "2"]}}) == []


def test_a_kubernetes_object_keeps_the_kind_of_its_type() -> None:
    sdk("pulumi_kubernetes.core.v1")
    inputs = {"apiVersion": "v2", "kind": "ConfigMap", "data": {"a": "b"}}
    assert messages("kubernetes:core/v1:ConfigMap", inputs) == ['apiVersion: "v2" is not allowed; write "v1"']


@pytest.mark.parametrize("port", [80, "http", UNKNOWN])
def test_a_union_takes_each_of_its_types(port: object) -> None:
    sdk("pulumi_kubernetes.core.v1")
    assert messages("kubernetes:core/v1:Service", {"spec": {"ports": [{"port": 80, "targetPort": port}]}}) == []


def test_files_resources_and_free_lists_pass() -> None:
    remote = sdk("pulumi_command.remote")
    args = remote.CopyToRemoteArgs(
        connection={"host": "h"}, remote_path="/x", source=pulumi.FileAsset(__file__), triggers=[1, "a", {"b": []}]
    )
    assert messages("command:remote:CopyToRemote", on_the_wire(args)) == []
    assert messages("command:remote:CopyToRemote", on_the_wire(args) | {"source": "file.txt"}) == [
        'source: "file.txt" is text, wanted is an asset or an archive'
    ]


@pytest.mark.parametrize(
    "token", ["pulumi:providers:aws", "pulumi-python:dynamic:Resource", "infraplatform:aws:AwsNetwork"]
)
def test_what_has_no_schema_is_not_checked(token: str) -> None:
    sdk("pulumi_aws.eks")
    assert messages(token, {"anything": {"goes": 1}}) == []
