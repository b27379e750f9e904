"""A whole platform on Azure: its parts, layers, exports and credentials."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.azure.platform import OUTBOUND_TYPES, credential
from components.compose import build
from components.errors import ConfigurationError
from components.platform import EXPORTS
from components.settings import AzureEgress, load
from preview.plan import Plan, Resource, Secret
from tests.components.azure.networks import SUBSCRIPTION, VNET
from tests.components.plans import by_type_and_name, sound
from tests.support import applied, plan

TENANT = "5f4e3d2c-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
STACK: Mapping[str, Any] = {
    "provider": {
        "kind": "azure",
        "subscription_id": SUBSCRIPTION,
        "tenant_id": TENANT,
        "region": "westeurope",
        "zones": ["1", "2", "3"],
    },
    "network": {"cidr": "10.20.0.0/16"},
    "cluster": {
        "kind": "aks",
        "version": "1.35",
        "zones": ["1", "2"],
        "api_access": ["203.0.113.0/24"],
        "deployers": ["service-principal:d1d2d3d4-0a1b-0a1b-0a1b-0a1b2c3d4e5f"],
    },
    "node_groups": {"general": {"machine_types": ["Standard_D4s_v5"], "min_nodes": 2, "max_nodes": 6}},
    "storage": {"file": {}},
}


def config_of(**parts: Any) -> dict[str, str]:
    """A stack's configuration as Pulumi hands it over."""
    both = {**STACK, **parts}
    return {f"infraplatform:{key}": part if isinstance(part, str) else json.dumps(part) for key, part in both.items()}


def program(**parts: Any) -> Callable[[], Mapping[str, Any]]:
    """The program of a stack with these parts in place of the usual ones."""
    return lambda: build(load(config_of(**parts), set()))


def planned(**parts: Any) -> Plan:
    return plan(program(**parts), config=config_of(**parts))


def resources(**parts: Any) -> dict[tuple[str, str], Resource]:
    return sound(planned(**parts))


def kinds(found: Mapping[tuple[str, str], Resource]) -> set[str]:
    return {kind for kind, _ in found}


def test_every_resource_is_made_by_the_one_provider_of_the_settings_subscription_and_tenant() -> None:
    found = resources()
    (provider,) = (made for made in found.values() if made.type == "pulumi:providers:azure-native")
    assert provider.inputs["subscriptionId"] == SUBSCRIPTION
    assert provider.inputs["tenantId"] == TENANT
    assert provider.inputs["location"] == "westeurope"
    ours = [made for made in found.values() if made.type.startswith("azure-native:")]
    assert ours
    assert all(provider.urn in (made.provider or "") for made in ours)


def test_the_environment_of_whoever_runs_pulumi_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {key: made.inputs for key, made in resources().items()}
    for name in ("ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID", "ARM_LOCATION", "ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"):
        monkeypatch.setenv(name, "another")
    assert {key: made.inputs for key, made in resources().items()} == before


def test_every_stack_exports_the_same_names() -> None:
    found: list[Mapping[str, Any]] = []
    plan(lambda: found.append(program()()), config=config_of())
    assert tuple(found[0]) == EXPORTS


def test_a_whole_platform_has_classes_in_its_cluster_and_no_autoscaler() -> None:
    found = resources()
    inside = {made.type for made in found.values() if made.type.startswith("kubernetes:")}
    assert inside == {
        "kubernetes:storage.k8s.io/v1:StorageClass",
        "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
    }


def test_the_infrastructure_layer_makes_nothing_in_the_cluster() -> None:
    assert not kinds(resources(layer="infrastructure")) & {"StorageClass", "InClusterLayer", "VolumeSnapshotClass"}


def test_both_layers_make_the_same_classes() -> None:
    whole = by_type_and_name(applied(program(), config=config_of()).resources.values())
    classes = {name: made.inputs for (kind, name), made in whole.items() if kind == "StorageClass"}
    assert len(classes) == 2
    parts = {"layer": "in_cluster", "infrastructure_stack": "organization/infraplatform/dev-infrastructure"}
    layer = by_type_and_name(planned(**parts).resources)
    for name, inputs in classes.items():
        found = layer["StorageClass", name].inputs
        assert found["provisioner"] == inputs["provisioner"]
        assert found["parameters"].keys() == inputs["parameters"].keys()
    (group,) = (made for (kind, name), made in whole.items() if (kind, name) == ("ResourceGroup", "storage-volumes"))
    assert classes["in-cluster-block"]["parameters"]["resourceGroup"] == group.outputs["name"]
    assert not any(made.type.startswith("azure-native:") for made in layer.values())


def test_the_pool_that_the_cluster_was_made_with_goes_once_the_groups_stand() -> None:
    found = resources()
    removal = found["Command", "cluster-bootstrap"]
    assert found["AgentPool", "general"].urn in removal.dependencies
    assert removal.parent == found["AksCluster", "cluster"].urn


@pytest.mark.parametrize(("groups", "expected"), [((True, True), True), ((False, True), True), ((False, False), False)])
def test_the_first_pools_host_encrypts_as_soon_as_one_groups_does(groups: tuple[bool, ...], *, expected: bool) -> None:
    """One group with it shows that the subscription has the feature; without any it may be missing."""
    group = STACK["node_groups"]["general"]
    asked = {
        f"group{number}": {**group, "azure": {"encryption_at_host": encrypts}} for number, encrypts in enumerate(groups)
    }
    (made,) = (made for (kind, _), made in resources(node_groups=asked).items() if kind == "ManagedCluster")
    (pool,) = made.inputs["agentPoolProfiles"]
    assert pool["enableEncryptionAtHost"] is expected


def test_in_automatic_mode_no_pool_is_made_or_removed() -> None:
    found = resources(cluster={**STACK["cluster"], "mode": "automatic"}, node_groups={})
    assert not kinds(found) & {"AgentPool", "Command"}


@pytest.mark.parametrize("egress", AzureEgress)
def test_the_cluster_knows_the_networks_way_out(egress: AzureEgress) -> None:
    existing = {
        "network_id": VNET,
        "cidrs": ["10.60.0.0/16"],
        "node_subnet_id": f"{VNET}/subnets/nodes",
        "node_cidr": "10.60.0.0/20",
        "control_plane_subnet_id": f"{VNET}/subnets/api",
        "private_endpoint_subnet_id": f"{VNET}/subnets/endpoints",
    }
    found = resources(network={"existing": existing, "egress": egress.value})
    (cluster,) = (made for (kind, _), made in found.items() if kind == "ManagedCluster")
    assert cluster.inputs["networkProfile"]["outboundType"] == OUTBOUND_TYPES[egress]
    assert not kinds(found) & {"VirtualNetwork", "Subnet", "NatGateway", "FlowLog"}


def test_an_upstreams_credentials_are_whole_or_refused_without_showing_them() -> None:
    found = {"docker-hub": {"username": "someone", "access_token": ""}}
    assert credential(found, "docker-hub", "username") == "someone"
    with pytest.raises(ConfigurationError, match=r"pull_through_credentials\.docker-hub\.access_token: is missing"):
        credential(found, "docker-hub", "access_token")
    with pytest.raises(ConfigurationError, match="ghcr"):
        credential(found, "ghcr", "username")


def test_credentials_reach_the_vault_as_secrets() -> None:
    parts = {
        "registry": {"pull_through": {"docker-hub": {"upstream": "docker.io", "credentials": True}}},
        "pull_through_credentials": {"docker-hub": {"username": "someone", "access_token": "sesame"}},
    }
    config = config_of(**parts)
    secret_key = "infraplatform:pull_through_credentials"
    preview = plan(lambda: build(load(config, {secret_key})), config=config, secret_keys=[secret_key])
    found = sound(preview)
    token = found["Secret", "registry-cache-docker-hub-access-token"].inputs["properties"]
    value = token if isinstance(token, Secret) else token["value"]
    assert isinstance(value, Secret)
    assert "sesame" in str(value.value)
