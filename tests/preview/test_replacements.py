from __future__ import annotations

from typing import Any

import pytest

from preview.diff import compare
from preview.plan import Operation, PropertyChange, Secret, Step
from preview.replacements import autonamed, classify, computed, may_replace, recomputed, replaces, unclassified
from preview.type_tables import Kind
from tests.preview.resources import resource

CLUSTER = "aws:eks/cluster:Cluster"
GKE = "gcp:container/cluster:Cluster"
NODE_POOL = "gcp:container/nodePool:NodePool"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
VPC = "aws:ec2/vpc:Vpc"
UPDATING = {"updateDefaultVersion": True}
GIVEN = {"subnetIds": ["a"], "subnetConfigurations": [{"subnetId": "a"}]}


@pytest.mark.parametrize(
    ("token", "path", "expected"),
    [
        (CLUSTER, "version", Kind.UPDATES),
        (CLUSTER, "roleArn", Kind.REPLACES),
        (CLUSTER, "vpcConfig.subnetIds[0]", Kind.UPDATES),
        (CLUSTER, "vpcConfig.controlPlaneEgressMode", Kind.UNCLASSIFIED),
        (CLUSTER, 'tags["kubernetes.io/role"]', Kind.UPDATES),
        (CLUSTER, "region", Kind.REPLACES),
        ("aws:eks/nodeGroup:NodeGroup", "launchTemplate.version", Kind.UPDATES),
        ("aws:eks/nodeGroup:NodeGroup", "launchTemplate.id", Kind.REPLACES),
        ("aws:backup/plan:Plan", "rules[2].lifecycle.deleteAfter", Kind.UPDATES),
        ("aws:lambda/function:Function", "handler", Kind.UNCLASSIFIED),
        ("kubernetes:core/v1:Namespace", "metadata.labels.team", Kind.UPDATES),
        ("kubernetes:core/v1:Namespace", "metadata.name", Kind.REPLACES),
        ("kubernetes:storage.k8s.io/v1:StorageClass", "parameters.type", Kind.REPLACES),
        ("kubernetes:karpenter.sh/v1:NodePool", "spec.limits", Kind.UPDATES),
        ("kubernetes:helm.sh/v3:Release", "values.replicas", Kind.UPDATES),
        ("kubernetes:helm.sh/v3:Release", "namespace", Kind.REPLACES),
        ("command:remote:Command", "triggers[0]", Kind.REPLACES),
        ("command:remote:Command", "create", Kind.UPDATES),
        (GKE, "minMasterVersion", Kind.UPDATES),
        (GKE, "location", Kind.REPLACES),
        (GKE, "databaseEncryption.keyName", Kind.UPDATES),
        (GKE, "datapathProvider", Kind.REPLACES),
        (GKE, "ipAllocationPolicy.clusterSecondaryRangeName", Kind.REPLACES),
        (GKE, "nodeLocations[0]", Kind.UPDATES),
        (GKE, "privateClusterConfig.enablePrivateEndpoint", Kind.UPDATES),
        (GKE, "masterAuth.clientCertificateConfig.issueClientCertificate", Kind.REPLACES),
        (GKE, "dnsConfig.additiveVpcScopeDnsDomain", Kind.UNCLASSIFIED),
        (GKE, "nodePools[0].initialNodeCount", Kind.UNCLASSIFIED),
        (NODE_POOL, "nodeConfig.machineType", Kind.UPDATES),
        (NODE_POOL, "nodeConfig.spot", Kind.REPLACES),
        (NODE_POOL, "nodeConfig.guestAccelerators[0].gpuDriverInstallationConfig.gpuDriverVersion", Kind.REPLACES),
        (NODE_POOL, "autoscaling.totalMaxNodeCount", Kind.UPDATES),
        (NODE_POOL, "initialNodeCount", Kind.REPLACES),
        (NODE_POOL, "networkConfig.enablePrivateNodes", Kind.UPDATES),
        (NODE_POOL, "networkConfig.podRange", Kind.REPLACES),
        (SUBNETWORK, "secondaryIpRanges[1].ipCidrRange", Kind.UPDATES),
        (SUBNETWORK, "ipCidrRange", Kind.REPLACES),
        ("gcp:kms/cryptoKey:CryptoKey", "rotationPeriod", Kind.UPDATES),
        ("gcp:projects/iAMMember:IAMMember", "condition.expression", Kind.REPLACES),
        ("gcp:artifactregistry/repository:Repository", "remoteRepositoryConfig.dockerRepository", Kind.REPLACES),
        ("gcp:artifactregistry/repository:Repository", "cleanupPolicies", Kind.UPDATES),
        ("gcp:storage/bucket:Bucket", "location", Kind.UNCLASSIFIED),
        ("pulumi:providers:aws", "region", Kind.UPDATES),
        ("pulumi:providers:gcp", "project", Kind.UPDATES),
        ("example:index:Thing", "size", Kind.UNCLASSIFIED),
    ],
)
def test_a_path_is_classified_by_the_most_specific_entry_that_speaks_of_it(
    token: str, path: str, expected: Kind
) -> None:
    found = classify(token, path)
    assert found.kind is expected
    assert (found.source is None) == (expected is Kind.UNCLASSIFIED)


@pytest.mark.parametrize(
    ("change", "expected"), [(PropertyChange.ADD, False), (PropertyChange.UPDATE, True), (PropertyChange.DELETE, False)]
)
def test_only_a_change_between_two_values_replaces_where_the_table_says_so(
    change: PropertyChange,
    expected: bool,  # noqa: FBT001  a table of answers
) -> None:
    assert replaces(CLUSTER, ("computeConfig", "nodeRoleArn"), change) is expected


def test_a_first_value_is_taken_in_place_where_the_table_says_so() -> None:
    subnet = "aws:ec2/subnet:Subnet"
    assert not replaces(subnet, ("ipv6CidrBlock",), PropertyChange.ADD)
    assert replaces(subnet, ("ipv6CidrBlock",), PropertyChange.DELETE)


def test_only_the_end_of_the_whole_value_replaces_where_the_table_says_so() -> None:
    assert replaces(CLUSTER, ("encryptionConfig",), PropertyChange.DELETE)
    assert not replaces(CLUSTER, ("encryptionConfig", "resources", 1), PropertyChange.DELETE)
    assert not replaces(CLUSTER, ("encryptionConfig",), PropertyChange.ADD)


@pytest.mark.parametrize(
    ("change", "expected"), [(PropertyChange.ADD, False), (PropertyChange.UPDATE, True), (PropertyChange.DELETE, True)]
)
def test_a_gke_choice_that_cannot_be_taken_back_replaces_the_cluster(change: PropertyChange, expected: bool) -> None:  # noqa: FBT001  a table of answers
    assert replaces(GKE, ("enableL4IlbSubsetting",), change) is expected


def test_inputs_without_an_entry_are_named() -> None:
    inputs = {"version": "1.35", "newThing": [{"size": 1}, {"size": 2}], "tags": {"a": "b"}, "__defaults": ["name"]}
    assert unclassified(resource(CLUSTER, inputs)) == ["newThing.size"]
    assert unclassified(resource(CLUSTER, {"newThing": Secret({"size": 1})})) == ["newThing.size"]


def test_an_update_that_no_table_speaks_of_may_replace() -> None:
    step = compare(
        resource(CLUSTER, {"version": "1.34", "newThing": 1}), resource(CLUSTER, {"version": "1.35", "newThing": 2})
    )
    assert may_replace(step) == ["newThing"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (CLUSTER, "name"),
        ("aws:eks/nodeGroup:NodeGroup", "nodeGroupName"),
        ("kubernetes:core/v1:ConfigMap", "metadata.name"),
        ("kubernetes:helm.sh/v3:Release", "name"),
        (VPC, None),
        (NODE_POOL, "name"),
        ("gcp:serviceaccount/account:Account", "accountId"),
        ("gcp:artifactregistry/repository:Repository", None),
        ("azure-native:network:VirtualNetwork", "virtualNetworkName"),
        ("azure-native:network:Subnet", None),
    ],
)
def test_the_autonamed_input_is_told(token: str, expected: str | None) -> None:
    assert autonamed(token) == expected


def update(token: str, old: dict[str, Any], new: dict[str, Any]) -> Step:
    return compare(resource(token, old), resource(token, new))


@pytest.mark.parametrize(
    ("token", "old", "new", "expected"),
    [
        (TEMPLATE, {"imageId": "a"}, {"imageId": "b"}, {"latestVersion"}),
        (TEMPLATE, {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, {"latestVersion", "tagsAll"}),
        (
            TEMPLATE,
            {"blockDeviceMappings": [{"ebs": {"volumeSize": 1}}]},
            {"blockDeviceMappings": []},
            {"latestVersion"},
        ),
        (TEMPLATE, {"description": "a"}, {"description": "b"}, set()),
        (TEMPLATE, {"defaultVersion": 1}, {"defaultVersion": 2}, set()),
        (TEMPLATE, UPDATING, {**UPDATING, "imageId": "b"}, {"latestVersion", "defaultVersion"}),
        (TEMPLATE, {**UPDATING, "description": "a"}, {**UPDATING, "description": "b"}, set()),
        (VPC, {}, {"assignGeneratedIpv6CidrBlock": True}, {"ipv6CidrBlock", "ipv6AssociationId"}),
        (VPC, {}, {"enableDnsSupport": True}, set()),
        (ENDPOINT, {"subnetIds": ["a"]}, {"subnetIds": ["a", "b"]}, {"networkInterfaceIds", "subnetConfigurations"}),
        (ENDPOINT, GIVEN, {**GIVEN, "subnetIds": ["a", "b"]}, {"networkInterfaceIds"}),
        (CLUSTER, {"version": "1.34"}, {"version": "1.35"}, set()),
        (GKE, {"resourceLabels": {}}, {"resourceLabels": {"a": "b"}}, {"effectiveLabels", "pulumiLabels"}),
        (GKE, {"minMasterVersion": "1.34"}, {"minMasterVersion": "1.35"}, set()),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", {"roleArn": "a"}, {"roleArn": "b"}, {"externalId"}),
        ("kubernetes:core/v1:Namespace", {"metadata": {"labels": {}}}, {"metadata": {"labels": {"a": "b"}}}, set()),
    ],
)
def test_an_update_recomputes_what_the_provider_computes_anew(
    token: str, old: dict[str, Any], new: dict[str, Any], expected: set[str]
) -> None:
    step = update(token, old, new)
    assert step.operation is Operation.UPDATE
    assert {path for (path,) in recomputed(step)} == expected


def test_only_an_update_recomputes() -> None:
    assert recomputed(update(VPC, {"cidrBlock": "a"}, {"cidrBlock": "b", "assignGeneratedIpv6CidrBlock": True})) == ()
    assert recomputed(update(VPC, {"cidrBlock": "a"}, {"cidrBlock": "a"})) == ()


def test_what_the_provider_fills_into_a_given_object_is_told() -> None:
    assert ("vpcConfig", "clusterSecurityGroupId") in computed(CLUSTER)
    assert ("masterAuth", "clusterCaCertificate") in computed(GKE)
    assert computed("kubernetes:core/v1:Namespace") == ()
