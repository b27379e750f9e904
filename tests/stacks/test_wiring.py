"""What must hold between the resources of every example, once it stands."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from ipaddress import IPv4Network
from itertools import combinations

import pulumi
import pytest

from preview.plan import PROVIDER_PREFIX, STACK_TYPE, UNKNOWN, Secret
from preview.recorded import Record
from tests.stacks.stack_files import STACK_FILES, applied
from tests.stacks.states import by_output, of_type

OWN_POLICY: Mapping[str, str] = {
    "aws-node": "AmazonEKS_CNI_Policy",
    "ebs-csi-controller-sa": "AmazonEBSCSIDriverPolicyV2",
    "efs-csi-controller-sa": "service-role/AmazonEFSCSIDriverPolicy",
}
"""The one managed policy of each add-on that acts in the cloud, by its service account."""


CLUSTERS = (
    "aws:eks/cluster:Cluster",
    "azure-native:containerservice:ManagedCluster",
    "gcp:container/cluster:Cluster",
)
DELETED_FIRST = {"kubernetes:karpenter.sh/v1:NodePool", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"}
"""What must be deleted while its controller still runs: the machines that Karpenter made go with it."""


@pytest.fixture(scope="module", params=STACK_FILES.values(), ids=list(STACK_FILES))
def state(request: pytest.FixtureRequest) -> Record:
    """A stack's resources with every output known."""
    return applied(request.param)


def test_every_resource_lies_inside_one_of_our_components(state: Record) -> None:
    orphans = [
        resource.urn
        for resource in state.resources.values()
        if resource.custom
        and not resource.type.startswith(PROVIDER_PREFIX)
        and not resource.external
        and not (state.resources[resource.parent or ""].type).startswith("infraplatform:")
    ]
    assert orphans == []
    assert sum(resource.type == STACK_TYPE for resource in state.resources.values()) == 1


def test_every_node_group_stands_in_private_subnets_of_its_clusters_network(state: Record) -> None:
    subnets = by_output(state, "aws:ec2/subnet:Subnet")
    gateways = {item.id for item in of_type(state, "aws:ec2/internetGateway:InternetGateway")}
    public_tables = {
        item.inputs["routeTableId"]
        for item in of_type(state, "aws:ec2/route:Route")
        if item.inputs.get("gatewayId") in gateways
    }
    table_of = {
        item.inputs["subnetId"]: item.inputs["routeTableId"]
        for item in of_type(state, "aws:ec2/routeTableAssociation:RouteTableAssociation")
    }
    clusters = by_output(state, "aws:eks/cluster:Cluster", "name")
    for group in of_type(state, "aws:eks/nodeGroup:NodeGroup"):
        cluster = clusters[group.inputs["clusterName"]]
        cluster_networks = {
            subnets[item].inputs["vpcId"] for item in cluster.inputs["vpcConfig"]["subnetIds"] if item in subnets
        }
        for subnet_id in group.inputs["subnetIds"]:
            if not subnets:
                continue  # an existing network: its subnets are not ours to know
            assert not subnets[subnet_id].inputs.get("mapPublicIpOnLaunch")
            assert table_of[subnet_id] not in public_tables
            assert {subnets[subnet_id].inputs["vpcId"]} == cluster_networks


def test_no_two_ranges_of_a_network_overlap(state: Record) -> None:
    for network in of_type(state, "aws:ec2/vpc:Vpc"):
        whole = IPv4Network(network.inputs["cidrBlock"])
        ranges = [
            IPv4Network(item.inputs["cidrBlock"])
            for item in of_type(state, "aws:ec2/subnet:Subnet")
            if item.inputs["vpcId"] == network.id
        ]
        assert ranges
        assert all(whole.supernet_of(part) for part in ranges)
        assert not [pair for pair in combinations(ranges, 2) if pair[0].overlaps(pair[1])]


def test_every_add_on_with_an_identity_has_exactly_its_policy(state: Record) -> None:
    roles = by_output(state, "aws:iam/role:Role", "arn")
    attached: dict[str, list[str]] = defaultdict(list)
    for item in of_type(state, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        attached[item.inputs["role"]].append(item.inputs["policyArn"].split(":policy/", 1)[1])
    found = {
        item.inputs["serviceAccount"]: attached[roles[item.inputs["roleArn"]].outputs["name"]]
        for item in of_type(state, "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    }
    for service_account in found.keys() & OWN_POLICY.keys():
        assert found[service_account] == [OWN_POLICY[service_account]]


def test_every_policy_document_of_ours_names_its_actions(state: Record) -> None:
    for item in of_type(state, "aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(item.inputs["policy"])["Statement"]:
            actions = statement["Action"]
            listed = actions if isinstance(actions, list) else [actions]
            assert listed
            assert not [action for action in listed if action == "*" or action.endswith(":*")], item.urn


def test_nothing_lets_the_whole_internet_in(state: Record) -> None:
    for item in of_type(state, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        assert item.inputs.get("cidrIpv4") != "0.0.0.0/0"
        assert item.inputs.get("cidrIpv6") != "::/0"
    for item in of_type(state, "aws:ec2/securityGroup:SecurityGroup"):
        assert not item.inputs.get("ingress")
    for item in of_type(state, "aws:eks/cluster:Cluster"):
        assert "0.0.0.0/0" not in item.inputs["vpcConfig"].get("publicAccessCidrs", [])


def test_in_cluster_objects_go_with_the_cluster_and_know_it_by_its_name(state: Record) -> None:
    clusters = {item.urn: item for token in CLUSTERS for item in of_type(state, token)}
    for item in of_type(state, "pulumi:providers:kubernetes"):
        if clusters:
            assert item.inputs["clusterIdentifier"] in {cluster.outputs["name"] for cluster in clusters.values()}
        assert isinstance(item.inputs["kubeconfig"], Secret)
    for item in state.resources.values():
        if item.type.startswith("kubernetes:") and clusters and item.type not in DELETED_FIRST:
            assert item.deleted_with in clusters, item.urn


def test_no_credential_stands_in_a_kubeconfig(state: Record) -> None:
    for item in of_type(state, "pulumi:providers:kubernetes"):
        text = item.inputs["kubeconfig"].value
        if text is UNKNOWN:
            continue  # another stack's, read by reference
        for user in json.loads(text)["users"]:
            assert set(user["user"]) == {"exec"}
            assert "AWS_PROFILE" not in json.dumps(user)


def test_everything_that_carries_tags_carries_the_stacks(state: Record) -> None:
    untagged = [
        item.urn
        for item in state.resources.values()
        if item.type.startswith("aws:") and "tags" in item.inputs and "infraplatform-stack" not in item.inputs["tags"]
    ]
    assert untagged == []


def test_no_input_that_a_component_shows_has_the_name_of_an_attribute(state: Record) -> None:
    """The SDK reads a component's inputs back by its annotations, and on `up` alone: a clash passes every preview."""
    attributes = {cls.__name__: set(cls.__annotations__) for cls in pulumi.ComponentResource.__subclasses__()}
    clashes = {
        item.urn: sorted(item.inputs.keys() & attributes[item.type.rpartition(":")[2]])
        for item in state.resources.values()
        if item.type.startswith("infraplatform:")
    }
    assert {urn: names for urn, names in clashes.items() if names} == {}
