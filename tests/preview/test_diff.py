from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from preview.diff import against_plan, compare, provider_replaces
from preview.plan import UNKNOWN, Operation, PropertyChange, Resource, Secret
from tests.preview.resources import plan, resource, urn

CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
VPC = "aws:ec2/vpc:Vpc"
KUBERNETES = "pulumi:providers:kubernetes"


def operation(resource_type: str, old: dict[str, Any], new: dict[str, Any], **fields: Any) -> Operation:
    return compare(resource(resource_type, old), resource(resource_type, new, **fields)).operation


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"version": "1.34"}, {"version": "1.35"}, Operation.UPDATE),
        ({"tags": {"a": "b"}}, {"tags": {"a": "c"}}, Operation.UPDATE),
        ({"roleArn": "a"}, {"roleArn": "b"}, Operation.REPLACE),
        ({"roleArn": "a"}, {"roleArn": UNKNOWN}, Operation.REPLACE),
        ({"version": "1.34"}, {"version": UNKNOWN}, Operation.UPDATE),
        ({}, {"encryptionConfig": {"resources": ["secrets"]}}, Operation.UPDATE),
        ({"encryptionConfig": {"resources": ["secrets"]}}, {}, Operation.REPLACE),
        ({"encryptionConfig": {"resources": ["a", "b"]}}, {"encryptionConfig": {"resources": ["a"]}}, Operation.UPDATE),
        ({"computeConfig": {}}, {"computeConfig": {"nodeRoleArn": "a"}}, Operation.UPDATE),
        ({"computeConfig": {"nodeRoleArn": "a"}}, {"computeConfig": {"nodeRoleArn": "b"}}, Operation.REPLACE),
        ({"computeConfig": {"nodeRoleArn": "a"}}, {"computeConfig": {"enabled": False}}, Operation.UPDATE),
        ({}, {"kubernetesNetworkConfig": {"ipFamily": "ipv6"}}, Operation.REPLACE),
        ({}, {"kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": True}}}, Operation.UPDATE),
    ],
)
def test_a_cluster_is_replaced_by_what_eks_cannot_change(
    old: dict[str, Any], new: dict[str, Any], expected: Operation
) -> None:
    assert operation(CLUSTER, old, new) is expected


def test_a_replacement_names_its_reasons_and_marks_only_the_replacing_paths() -> None:
    old = resource(NODE_GROUP, {"diskSize": 20, "instanceTypes": ["m7g.large"], "scalingConfig": {"maxSize": 3}})
    new = resource(NODE_GROUP, {"diskSize": 20, "instanceTypes": ["m7g.xlarge"], "scalingConfig": {"maxSize": 4}})
    step = compare(old, new)
    assert step.operation is Operation.REPLACE
    assert step.replace_reasons == ("instanceTypes",)
    assert step.changes == {
        "instanceTypes[0]": PropertyChange.UPDATE_REPLACE,
        "scalingConfig.maxSize": PropertyChange.UPDATE,
    }


def test_a_block_that_goes_replaces_if_anything_inside_it_does() -> None:
    assert operation(NODE_GROUP, {"launchTemplate": {"id": "lt-1", "version": "1"}}, {}) is Operation.REPLACE
    assert operation(NODE_GROUP, {"updateConfig": {"maxUnavailable": 1}}, {}) is Operation.UPDATE


def test_ignored_changes_are_no_changes() -> None:
    old, new = {"scalingConfig": {"desiredSize": 5, "maxSize": 6}}, {"scalingConfig": {"desiredSize": 2, "maxSize": 6}}
    assert operation(NODE_GROUP, old, new, ignore_changes=("scalingConfig.desiredSize",)) is Operation.SAME
    assert operation(NODE_GROUP, old, new) is Operation.UPDATE


@pytest.mark.parametrize("pattern", ["tags", "tags.Name", "tags.*", "*"])
def test_replace_on_changes_turns_an_update_into_a_replacement(pattern: str) -> None:
    old, new = {"tags": {"Name": "a"}}, {"tags": {"Name": "b"}}
    assert operation(VPC, old, new, replace_on_changes=(pattern,)) is Operation.REPLACE
    assert operation(VPC, old, new, replace_on_changes=("cidrBlock",)) is Operation.UPDATE


def test_a_component_is_updated_and_never_replaced() -> None:
    old = replace(resource("infraplatform:aws:AwsNetwork", {"cidr": "10.0.0.0/16"}), custom=False)
    new = replace(old, inputs={"cidr": "10.1.0.0/16"}, replace_on_changes=("*",))
    assert compare(old, new).operation is Operation.UPDATE
    assert compare(old, old).operation is Operation.SAME


def test_a_component_that_becomes_a_resource_is_replaced() -> None:
    old = resource(VPC)
    assert compare(replace(old, custom=False), old).operation is Operation.REPLACE


def provider(name: str, identity: str = "id") -> str:
    return f"{urn('pulumi:providers:aws', name)}::{identity}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (provider("main"), provider("main"), Operation.SAME),
        (provider("main"), provider("main", "another"), Operation.REPLACE),
        (provider("main"), provider("other"), Operation.REPLACE),
        (provider("default_7_50_0"), provider("default_7_51_1"), Operation.SAME),
        (provider("default_7_51_1"), provider("main"), Operation.REPLACE),
    ],
)
def test_a_provider_of_another_identity_replaces_what_it_serves(old: str, new: str, expected: Operation) -> None:
    assert compare(resource(VPC, provider=old), resource(VPC, provider=new)).operation is expected


def test_the_caller_who_knows_both_providers_decides() -> None:
    old, new = resource(VPC, provider=provider("a")), resource(VPC, provider=provider("b"))
    assert compare(old, new, provider_replaced=False).operation is Operation.SAME
    assert (
        provider_replaces(
            resource("pulumi:providers:aws", {"region": "a"}), resource("pulumi:providers:aws", {"region": "b"})
        )
        is False
    )


def test_a_resource_that_is_only_read_is_read_again() -> None:
    old = resource(VPC, {"cidrBlock": "10.0.0.0/16"}, external=True)
    assert compare(old, old).operation is Operation.READ


def test_an_update_of_what_no_table_speaks_of_is_an_update() -> None:
    assert operation("example:index:Thing", {"size": 1}, {"size": 2}) is Operation.UPDATE


def test_secrets_do_not_leak_into_a_step() -> None:
    step = compare(resource(VPC, {"tags": Secret({"a": "s3cret"})}), resource(VPC, {"tags": Secret({"a": "0ther"})}))
    assert step.operation is Operation.UPDATE
    assert "s3cret" not in repr(step)
    assert "0ther" not in repr(step)


# --- against an earlier plan


def network(cidr: str = "10.0.0.0/16", **fields: Any) -> Resource:
    return resource(VPC, {"cidrBlock": cidr}, name="network", **fields)


def subnet(name: str = "a", vpc: Resource | None = None, **fields: Any) -> Resource:
    fed_by = ((vpc or network()).urn,)
    return resource(
        "aws:ec2/subnet:Subnet", {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24"}, name=name,
        dependencies=fed_by, property_dependencies={"vpcId": fed_by}, **fields,
    )  # fmt: skip


def mount(of: Resource) -> Resource:
    return resource("aws:efs/mountTarget:MountTarget", {"subnetId": UNKNOWN}, name="mount", dependencies=(of.urn,))


def operations(old: list[Resource], new: list[Resource]) -> dict[str, Operation]:
    return {step.resource.name: step.operation for step in against_plan(plan(*old), new)}


def test_an_unchanged_program_has_no_changes() -> None:
    same = [network(), subnet(), mount(subnet())]
    assert set(operations(same, same).values()) == {Operation.SAME}


def test_what_a_changed_resource_feeds_may_change_and_so_may_what_that_feeds() -> None:
    found = operations([network(), subnet(), mount(subnet())], [network("10.1.0.0/16"), subnet(), mount(subnet())])
    assert found == {"network": Operation.REPLACE, "a": Operation.MAY_CHANGE, "mount": Operation.MAY_CHANGE}


def test_the_order_of_registration_does_not_matter() -> None:
    new = [mount(subnet()), subnet(), network("10.1.0.0/16")]
    assert operations([network(), subnet(), mount(subnet())], new)["mount"] is Operation.MAY_CHANGE


def test_an_unknown_input_that_another_resource_feeds_now_may_change() -> None:
    other = resource(VPC, {"cidrBlock": "10.9.0.0/16"}, name="other")
    found = operations([network(), other, subnet()], [network(), other, subnet(vpc=other)])
    assert found == {"network": Operation.SAME, "other": Operation.SAME, "a": Operation.MAY_CHANGE}


def test_an_ignored_unknown_input_stays_the_same() -> None:
    ignoring = subnet(ignore_changes=("vpcId",))
    assert operations([network(), ignoring], [network("10.1.0.0/16"), ignoring])["a"] is Operation.SAME


def test_the_input_that_may_change_is_named() -> None:
    steps = against_plan(plan(network(), subnet()), [network("10.1.0.0/16"), subnet()])
    assert steps[1].changes == {"vpcId": PropertyChange.UPDATE}


def test_a_resource_is_followed_through_its_alias() -> None:
    old_vpc, new_vpc = network(), replace(network(), urn=urn(VPC, "renamed"), aliases=(network().urn,))
    found = operations([old_vpc, subnet()], [new_vpc, subnet(vpc=new_vpc)])
    assert found == {"renamed": Operation.SAME, "a": Operation.SAME}


def test_added_and_removed_resources_are_created_and_deleted_last() -> None:
    steps = against_plan(plan(network(), subnet("a")), [subnet("b"), network()])
    assert [(step.operation, step.resource.name) for step in steps] == [
        (Operation.CREATE, "b"), (Operation.SAME, "network"), (Operation.DELETE, "a"),
    ]  # fmt: skip


def test_a_replaced_provider_replaces_what_it_serves_and_one_that_may_change_may_replace_it() -> None:
    def stack(cluster_id: Any, vpc: Resource) -> list[Resource]:
        kubernetes = resource(KUBERNETES, {"clusterIdentifier": cluster_id}, name="k", dependencies=(vpc.urn,))
        return [
            vpc,
            kubernetes,
            resource("kubernetes:core/v1:Namespace", name="ns", provider=f"{kubernetes.urn}::{UNKNOWN}"),
        ]

    assert operations(stack("a", network()), stack("b", network()))["ns"] is Operation.REPLACE
    assert operations(stack("a", network()), stack("a", network("10.1.0.0/16")))["ns"] is Operation.SAME
    assert operations(stack(UNKNOWN, network()), stack(UNKNOWN, network("10.1.0.0/16")))["ns"] is Operation.MAY_CHANGE


REGISTRY = "azure-native:containerregistry:Registry"
AS_CREATED = {
    "registryName": "registry1a2b3c4d",
    "location": "westeurope",
    "azureApiVersion": "2023-01-01-preview",
    "__createBeforeDelete": True,
    "tags": {"a": "b"},
}


def test_what_azure_native_fills_into_inputs_is_no_change_while_the_program_leaves_it_out() -> None:
    assert compare(resource(REGISTRY, AS_CREATED), resource(REGISTRY, {"tags": {"a": "b"}})).operation is Operation.SAME


@pytest.mark.parametrize(("key", "value"), [("registryName", "another"), ("location", "northeurope")])
def test_what_the_program_writes_itself_is_compared_with_what_azure_native_filled_in(key: str, value: str) -> None:
    step = compare(resource(REGISTRY, AS_CREATED), resource(REGISTRY, {"tags": {"a": "b"}, key: value}))
    assert step.operation is Operation.REPLACE
    assert step.replace_reasons == (key,)


def test_what_the_program_takes_back_is_a_change_where_azure_native_fills_nothing_in() -> None:
    step = compare(resource(REGISTRY, AS_CREATED), resource(REGISTRY, {}))
    assert step.changes == {"tags": PropertyChange.DELETE}
