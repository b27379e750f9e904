"""What the program may know of outputs before a step is carried out."""

from __future__ import annotations

from typing import Any

from preview.diff import compare
from preview.plan import UNKNOWN, Operation, Resource, Secret, Step
from preview.provider_outputs import planned_outputs
from tests.preview.resources import resource

CLUSTER = "aws:eks/cluster:Cluster"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
VPC = "aws:ec2/vpc:Vpc"

INPUTS: dict[str, Any] = {
    "roleArn": "arn:role",
    "version": "1.34",
    "tags": {"team": "a", "stage": "dev"},
    "vpcConfig": {"subnetIds": ["subnet-1"]},
}
OUTPUTS: dict[str, Any] = {
    **INPUTS,
    "arn": "arn:cluster",
    "name": "main-1234567",
    "vpcConfig": {"subnetIds": ["subnet-1"], "clusterSecurityGroupId": "sg-1", "vpcId": "vpc-1"},
}


def recorded(inputs: dict[str, Any] = INPUTS, outputs: dict[str, Any] = OUTPUTS, token: str = CLUSTER) -> Resource:
    return resource(token, inputs, outputs=outputs)


def updated(**changed: Any) -> dict[str, Any]:
    """The outputs of the cluster when these inputs change; None takes an input away."""
    inputs = {key: value for key, value in {**INPUTS, **changed}.items() if value is not None}
    step = compare(recorded(), resource(CLUSTER, inputs))
    assert step.operation is Operation.UPDATE
    return planned_outputs(step)


def created(token: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return planned_outputs(Step(operation=Operation.CREATE, new=resource(token, inputs)))


def test_an_unchanged_resource_has_its_recorded_outputs() -> None:
    assert planned_outputs(compare(recorded(), resource(CLUSTER, INPUTS))) == OUTPUTS


def test_an_update_keeps_what_was_computed_inside_an_object_that_is_also_an_input() -> None:
    assert updated(version="1.35") == {**OUTPUTS, "version": "1.35"}


def test_a_change_inside_an_object_leaves_its_computed_keys() -> None:
    assert updated(vpcConfig={"subnetIds": ["subnet-1", "subnet-2"]})["vpcConfig"] == {
        "subnetIds": ["subnet-1", "subnet-2"],
        "clusterSecurityGroupId": "sg-1",
        "vpcId": "vpc-1",
    }


def test_a_removed_tag_is_no_output_any_more() -> None:
    assert updated(tags={"team": "a"})["tags"] == {"team": "a"}
    assert "tags" not in updated(tags=None)


def test_a_removed_input_that_the_provider_computes_keeps_its_recorded_value() -> None:
    given = {**INPUTS, "vpcConfig": {"subnetIds": ["subnet-1"], "publicAccessCidrs": ["203.0.113.0/24"]}}
    step = compare(recorded(given, {**given, "arn": "arn:cluster"}), resource(CLUSTER, INPUTS))
    assert planned_outputs(step)["vpcConfig"]["publicAccessCidrs"] == ["203.0.113.0/24"]


def test_an_unchanged_input_keeps_the_form_that_the_cloud_gave_it() -> None:
    policy = {"policy": '{"a":1}', "description": "x"}
    old = recorded(policy, {"policy": '{ "a": 1 }', "description": "x"}, "aws:kms/key:Key")
    step = compare(old, resource("aws:kms/key:Key", {**policy, "description": "y"}))
    assert planned_outputs(step) == {"policy": '{ "a": 1 }', "description": "y"}


def test_an_input_that_the_recorded_outputs_lack_is_known() -> None:
    step = compare(recorded(outputs={}), resource(CLUSTER, {**INPUTS, "version": "1.35"}))
    assert planned_outputs(step)["roleArn"] == "arn:role"


def test_computed_keys_inside_a_created_object_are_unknown() -> None:
    given = {"subnetIds": ["subnet-1"], "publicAccessCidrs": ["10.0.0.0/8"]}
    config = created(CLUSTER, {"vpcConfig": given})["vpcConfig"]
    assert config == {
        "subnetIds": ["subnet-1"],
        "publicAccessCidrs": ["10.0.0.0/8"],
        "clusterSecurityGroupId": UNKNOWN,
        "vpcId": UNKNOWN,
    }


def test_computed_keys_are_unknown_in_every_item_of_a_list_and_inside_secrets() -> None:
    mappings = [{"deviceName": "a", "ebs": {"volumeSize": 50, "volumeType": "gp3"}}, {"deviceName": "b"}]
    volume = {"volumeSize": 50, "volumeType": "gp3", "iops": UNKNOWN, "throughput": UNKNOWN}
    expected = [{"deviceName": "a", "ebs": volume}, {"deviceName": "b"}]
    assert created(TEMPLATE, {"blockDeviceMappings": mappings})["blockDeviceMappings"] == expected
    assert created(TEMPLATE, {"blockDeviceMappings": Secret(mappings)})["blockDeviceMappings"] == Secret(expected)


def test_an_object_that_the_program_leaves_out_stays_out() -> None:
    assert created(CLUSTER, {"roleArn": "a"}) == {"roleArn": "a"}


def test_a_replacement_knows_its_inputs_and_nothing_of_the_old_resource() -> None:
    step = compare(recorded(), resource(CLUSTER, {**INPUTS, "roleArn": "arn:other"}))
    assert step.operation is Operation.REPLACE
    outputs = planned_outputs(step)
    assert outputs["vpcConfig"]["clusterSecurityGroupId"] is UNKNOWN
    assert "arn" not in outputs


def test_computed_keys_of_an_object_that_an_update_adds_are_unknown() -> None:
    added = updated(upgradePolicy={}, kubernetesNetworkConfig={"elasticLoadBalancing": {"enabled": True}})
    assert added["upgradePolicy"] == {"supportType": UNKNOWN}
    assert added["kubernetesNetworkConfig"]["serviceIpv6Cidr"] is UNKNOWN
    assert added["vpcConfig"] == OUTPUTS["vpcConfig"]


def test_a_computed_key_that_the_cloud_left_empty_does_not_become_unknown() -> None:
    network = {"kubernetesNetworkConfig": {"ipFamily": "ipv4"}}
    old = recorded({**INPUTS, **network}, {**OUTPUTS, **network})
    step = compare(old, resource(CLUSTER, {**INPUTS, **network, "version": "1.35"}))
    assert planned_outputs(step)["kubernetesNetworkConfig"] == {"ipFamily": "ipv4"}


def test_a_changed_list_keeps_the_computed_keys_of_its_items() -> None:
    old_mapping, new_mapping = ({"ebs": {"volumeSize": size}} for size in (50, 100))
    answered = {"ebs": {"volumeSize": 50, "volumeType": "gp2", "iops": 0, "throughput": 0}}
    old = recorded({"blockDeviceMappings": [old_mapping]}, {"blockDeviceMappings": [answered]}, TEMPLATE)
    outputs = planned_outputs(compare(old, resource(TEMPLATE, {"blockDeviceMappings": [new_mapping, new_mapping]})))
    kept, added = (item["ebs"] for item in outputs["blockDeviceMappings"])
    assert kept == {**answered["ebs"], "volumeSize": 100}
    assert added == {"volumeSize": 100, "volumeType": UNKNOWN, "iops": UNKNOWN, "throughput": UNKNOWN}


def test_an_update_makes_unknown_what_the_provider_computes_again() -> None:
    old = recorded({"imageId": "ami-1"}, {"imageId": "ami-1", "latestVersion": 3, "defaultVersion": 1}, TEMPLATE)
    outputs = planned_outputs(compare(old, resource(TEMPLATE, {"imageId": "ami-2"})))
    assert outputs == {"imageId": "ami-2", "latestVersion": UNKNOWN, "defaultVersion": 1}


def test_azure_s_preview_of_an_update_knows_the_inputs_the_name_and_the_location_again_and_no_more() -> None:
    token, inputs = "azure-native:network:VirtualNetwork", {"location": "westeurope", "tags": {"team": "a"}}
    outputs = {**inputs, "name": "network-1", "resourceGuid": "guid", "provisioningState": "Succeeded"}
    changed = {**inputs, "tags": {"team": "b"}}
    step = compare(recorded(inputs, outputs, token), resource(token, changed))
    assert planned_outputs(step) == {**changed, "name": "network-1"}
    assert planned_outputs(compare(recorded(inputs, outputs, token), resource(token, inputs))) == outputs


def test_ids_that_azure_answers_as_objects_are_unknown_until_then() -> None:
    token = "azure-native:containerservice:ManagedCluster"
    identity = {"type": "UserAssigned", "userAssignedIdentities": ["identity-1"]}
    made = planned_outputs(Step(operation=Operation.CREATE, new=resource(token, {"identity": identity})))["identity"]
    assert (made["type"], made["userAssignedIdentities"]) == ("UserAssigned", UNKNOWN)
    without = planned_outputs(Step(operation=Operation.CREATE, new=resource(token, {"tags": {"team": "a"}})))
    assert "identity" not in without


def test_an_asset_is_one_value() -> None:
    asset = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "hash": "1", "text": "a"}
    other = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "hash": "2", "path": "b"}
    old = recorded({"source": asset}, {"source": asset}, "aws:s3/bucketObject:BucketObject")
    step = compare(old, resource("aws:s3/bucketObject:BucketObject", {"source": other}))
    assert planned_outputs(step)["source"] == other


def test_the_recorded_outputs_stay_as_they_are() -> None:
    outputs = {"cidrBlock": "10.0.0.0/16", "ipv6CidrBlock": "", "tags": {"a": "1"}}
    old = recorded({"cidrBlock": "10.0.0.0/16", "tags": {"a": "1"}}, outputs, VPC)
    planned_outputs(compare(old, resource(VPC, {"cidrBlock": "10.0.0.0/16", "assignGeneratedIpv6CidrBlock": True})))
    assert outputs == {"cidrBlock": "10.0.0.0/16", "ipv6CidrBlock": "", "tags": {"a": "1"}}


def test_a_computed_key_in_each_entry_of_a_map_is_unknown() -> None:
    profiles = {"azurepolicy": {"enabled": True}}
    made = created("azure-native:containerservice:ManagedCluster", {"addonProfiles": profiles})
    assert made["addonProfiles"] == {"azurepolicy": {"enabled": True, "identity": UNKNOWN}}
