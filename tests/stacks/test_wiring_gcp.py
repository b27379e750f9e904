"""What must hold between the resources of every example on Google Cloud, once it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest

from preview.plan import Resource
from preview.recorded import Record
from preview.schema import inputs_of
from tests.stacks.stack_files import STACK_FILES, applied
from tests.stacks.states import by_output, of_type

ACCOUNT = "gcp:serviceaccount/account:Account"
CLUSTER = "gcp:container/cluster:Cluster"
KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
NODE_POOL = "gcp:container/nodePool:NodePool"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
LABELS = ("labels", "resourceLabels")
WORLD = ("0.0.0.0/0", "::/0")
NODE_ROLES = {"roles/container.defaultNodeServiceAccount", "roles/serviceusage.serviceUsageConsumer"}
"""All that nodes may do in their project: write logs and metrics, and stream images."""
BROAD_ROLES = {"roles/owner", "roles/editor", "roles/viewer"}
EVERYBODY = {"allUsers", "allAuthenticatedUsers"}


EXAMPLES = {name: file for name, file in STACK_FILES.items() if name.startswith("gcp-")}


@pytest.fixture(scope="module", params=EXAMPLES.values(), ids=list(EXAMPLES))
def state(request: pytest.FixtureRequest) -> Record:
    """A stack's resources with every output known."""
    return applied(request.param)


def ours(state: Record) -> list[Resource]:
    """All of Google Cloud's resources."""
    return [item for item in state.resources.values() if item.type.startswith("gcp:") and not item.external]


def the_cluster(state: Record) -> Resource:
    """The one cluster that each of these stacks has."""
    (cluster,) = of_type(state, CLUSTER)
    return cluster


def node_configs(state: Record) -> Iterator[dict[str, Any]]:
    """What every node of a stack is made from, whoever makes it."""
    cluster = the_cluster(state).inputs
    yield from (pool.inputs["nodeConfig"] for pool in of_type(state, NODE_POOL))
    if "nodeConfig" in cluster:
        yield cluster["nodeConfig"]
    if defaults := cluster.get("clusterAutoscaling", {}).get("autoProvisioningDefaults"):
        yield defaults


def test_every_node_has_private_addresses_only(state: Record) -> None:
    assert the_cluster(state).inputs["privateClusterConfig"]["enablePrivateNodes"] is True
    for pool in of_type(state, NODE_POOL):
        assert pool.inputs["networkConfig"]["enablePrivateNodes"] is True


def test_the_cluster_stands_in_its_networks_subnet_and_takes_its_ranges_by_name(state: Record) -> None:
    cluster = the_cluster(state).inputs
    for subnet_id, subnet in by_output(state, SUBNETWORK).items():  # none where the network exists already
        assert cluster["subnetwork"] == subnet_id
        assert cluster["network"] == subnet.inputs["network"]
        assert subnet.inputs["privateIpGoogleAccess"] is True
        names = {item["rangeName"] for item in subnet.inputs["secondaryIpRanges"]}
        policy = cluster["ipAllocationPolicy"]
        assert {policy["clusterSecondaryRangeName"], policy["servicesSecondaryRangeName"]} == names


def test_no_two_ranges_of_a_subnet_overlap(state: Record) -> None:
    for subnet in of_type(state, SUBNETWORK):
        secondary = [item["ipCidrRange"] for item in subnet.inputs["secondaryIpRanges"]]
        ranges = [IPv4Network(cidr) for cidr in (subnet.inputs["ipCidrRange"], *secondary)]
        assert not [pair for pair in combinations(ranges, 2) if pair[0].overlaps(pair[1])]


def test_every_node_pool_belongs_to_the_cluster(state: Record) -> None:
    cluster = the_cluster(state)
    for pool in of_type(state, NODE_POOL):
        assert pool.inputs["cluster"] == cluster.outputs["name"]
        assert pool.inputs["location"] == cluster.inputs["location"]


def test_no_node_acts_as_the_default_service_account(state: Record) -> None:
    accounts = by_output(state, ACCOUNT, "email")
    found = [config.get("serviceAccount") for config in node_configs(state)]
    assert found
    assert set(found) <= accounts.keys()


def test_nodes_may_do_no_more_in_their_project_than_nodes_must(state: Record) -> None:
    accounts = by_output(state, ACCOUNT, "email")
    for email in {config["serviceAccount"] for config in node_configs(state)}:
        member = accounts[email].outputs["member"]
        roles = {
            item.inputs["role"]
            for item in of_type(state, "gcp:projects/iAMMember:IAMMember")
            if item.inputs["member"] == member
        }
        assert roles == NODE_ROLES


def test_every_node_boots_measured_and_hides_its_metadata(state: Record) -> None:
    for pool in of_type(state, NODE_POOL):
        config = pool.inputs["nodeConfig"]
        assert config["shieldedInstanceConfig"] == {"enableIntegrityMonitoring": True, "enableSecureBoot": True}
        assert config["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}


def test_secrets_are_encrypted_by_a_key_that_gke_may_use_before_the_cluster_is_made(state: Record) -> None:
    cluster = the_cluster(state)
    encryption = cluster.inputs["databaseEncryption"]
    assert encryption["state"] == "ENCRYPTED"
    grants = [item for item in of_type(state, KEY_MEMBER) if item.inputs["cryptoKeyId"] == encryption["keyName"]]
    assert any(item.urn in cluster.dependencies for item in grants)


def test_a_key_of_ours_rotates_and_is_protected_as_the_cluster_is(state: Record) -> None:
    cluster = the_cluster(state)
    for key in of_type(state, "gcp:kms/cryptoKey:CryptoKey"):
        assert key.inputs["rotationPeriod"].endswith("s")
        assert key.protect == cluster.protect


def test_nothing_lets_the_whole_internet_in(state: Record) -> None:
    for rule in of_type(state, "gcp:compute/firewall:Firewall"):
        if rule.inputs.get("allows"):
            assert not set(WORLD) & set(rule.inputs.get("sourceRanges", WORLD))
    networks = the_cluster(state).inputs.get("masterAuthorizedNetworksConfig", {}).get("cidrBlocks", [])
    assert not [item for item in networks if item["cidrBlock"] in WORLD]


def test_nobody_unnamed_and_nobody_with_a_broad_role_gets_in(state: Record) -> None:
    members = [item for item in ours(state) if "member" in item.inputs and "role" in item.inputs]
    assert members
    assert not [item.urn for item in members if item.inputs["role"] in BROAD_ROLES]
    assert not [item.urn for item in members if item.inputs["member"] in EVERYBODY]


def test_no_old_door_of_the_cluster_is_open(state: Record) -> None:
    cluster = the_cluster(state).inputs
    assert cluster["masterAuth"]["clientCertificateConfig"]["issueClientCertificate"] is False
    assert not cluster.get("enableLegacyAbac")
    assert not of_type(state, "gcp:serviceaccount/key:Key")


def test_everything_that_takes_labels_carries_the_stacks(state: Record) -> None:
    for item in ours(state):
        shape = inputs_of(item.type)
        assert shape is not None, item.type
        for key in shape.properties.keys() & set(LABELS):
            assert "infraplatform-stack" in item.inputs.get(key, {}), item.urn


def test_every_resource_names_its_project_and_is_made_by_the_stacks_own_provider(state: Record) -> None:
    providers = {item.urn: item for item in of_type(state, "pulumi:providers:gcp")}
    (project,) = {item.inputs["project"] for item in providers.values()}
    for item in ours(state):
        assert item.provider is not None
        assert item.provider.rpartition("::")[0] in providers, item.urn
        assert item.inputs.get("project", project) == project, item.urn


def test_nothing_is_made_before_the_projects_apis_are_on(state: Record) -> None:
    services = of_type(state, "gcp:projects/service:Service")
    providers = {item.urn: item for item in of_type(state, "pulumi:providers:gcp")}
    assert services
    for item in ours(state):
        if item not in services:
            assert item.provider is not None
            waits_for = providers[item.provider.rpartition("::")[0]].dependencies
            assert {service.urn for service in services} <= set(waits_for), item.urn


def test_the_kubeconfig_asks_google_for_a_token(state: Record) -> None:
    for item in of_type(state, "pulumi:providers:kubernetes"):
        kubeconfig = json.loads(item.inputs["kubeconfig"].value)
        assert [user["user"]["exec"]["command"] for user in kubeconfig["users"]] == ["gke-gcloud-auth-plugin"]
