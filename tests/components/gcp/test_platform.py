"""A whole platform on Google Cloud: its parts, layers, exports and credentials."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.compose import build
from components.errors import ConfigurationError
from components.gcp.platform import credential
from components.platform import EXPORTS
from components.settings import load
from preview.plan import Plan, Resource, Secret
from tests.components.plans import by_type_and_name, sound
from tests.support import applied, plan

STACK: Mapping[str, Any] = {
    "provider": {"kind": "gcp", "project": "my-project", "region": "europe-west3", "zones": ["a", "b", "c"]},
    "network": {"cidr": "10.20.0.0/16"},
    "cluster": {
        "kind": "gke",
        "version": "1.35",
        "release_channel": "regular",
        "zones": ["a", "b"],
        "deployers": ["user:someone@example.com"],
    },
    "node_groups": {"general": {"machine_types": ["e2-standard-4"], "min_nodes": 2, "max_nodes": 6}},
    "storage": {"file": {}, "backup": {}},
}
RING = "projects/my-project/locations/europe-west3/keyRings/platform/cryptoKeys"


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


def test_every_resource_is_made_by_a_provider_of_the_settings_project() -> None:
    found = resources()
    providers = [made for made in found.values() if made.type == "pulumi:providers:gcp"]
    assert {(made.inputs["project"], made.inputs["region"]) for made in providers} == {("my-project", "europe-west3")}
    ours = [made for made in found.values() if made.type.startswith("gcp:")]
    assert ours
    assert {(made.provider or "").rpartition("::")[0] for made in ours} == {made.urn for made in providers}


def test_the_environment_of_whoever_runs_pulumi_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {key: made.inputs for key, made in resources().items()}
    for name in ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GOOGLE_REGION", "CLOUDSDK_CORE_PROJECT"):
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


def test_who_may_do_what_inside_is_said_inside_and_who_may_come_in_outside() -> None:
    access = {"team": {"principal": "user:another@example.com"}}
    cluster = {"cluster": {**STACK["cluster"], "access": access}}
    outside = resources(layer="infrastructure", **cluster)
    assert ("IAMMember", "cluster-access-team") in outside
    assert "ClusterRoleBinding" not in kinds(outside)
    parts = {"layer": "in_cluster", "infrastructure_stack": "organization/infraplatform/dev-infrastructure"}
    inside = resources(**parts, **cluster)
    assert ("ClusterRoleBinding", "access-team") in inside
    assert "IAMMember" not in kinds(inside)
    assert not kinds(resources()) & {"AccessBindings", "ClusterRoleBinding", "RoleBinding"}


def test_the_cluster_has_addresses_of_the_families_that_its_network_has() -> None:
    def stack(**network: Any) -> object:
        return resources(network=network)["Cluster", "cluster"].inputs["ipAllocationPolicy"]["stackType"]

    existing = {
        "network_id": "projects/host-project/global/networks/shared",
        "subnet_id": "projects/host-project/regions/europe-west3/subnetworks/nodes",
        "cidr": "10.60.0.0/20",
        "pod_range": "pods",
        "pod_cidr": "10.61.0.0/16",
        "service_range": "services",
        "service_cidr": "10.62.0.0/20",
    }
    assert stack(cidr="10.20.0.0/16") == stack(existing=existing) == "IPV4"
    assert stack(cidr="10.20.0.0/16", dual_stack=True) == "IPV4_IPV6"
    assert stack(existing={**existing, "dual_stack": True}) == "IPV4_IPV6"


def test_nodes_may_stream_images_where_any_does() -> None:
    ubuntu = {"general": {**STACK["node_groups"]["general"], "image": "ubuntu"}}
    role = ("IAMMember", "cluster-node-streaming")
    assert role in resources()
    assert role not in resources(node_groups=ubuntu)
    assert role in resources(cluster={**STACK["cluster"], "mode": "autopilot"}, node_groups={})


def test_both_layers_make_the_same_classes() -> None:
    whole = by_type_and_name(applied(program(), config=config_of()).resources.values())
    classes = {name: made.inputs for (kind, name), made in whole.items() if kind == "StorageClass"}
    parts = {"layer": "in_cluster", "infrastructure_stack": "organization/infraplatform/dev-infrastructure"}
    layer = by_type_and_name(planned(**parts).resources)
    for name, inputs in classes.items():
        found = layer["StorageClass", name].inputs
        assert found["provisioner"] == inputs["provisioner"]
        assert found["parameters"].keys() == inputs["parameters"].keys()
        assert found["parameters"]["labels"] == inputs["parameters"]["labels"]
    assert not any(made.type.startswith("gcp:") for made in layer.values())


def test_keys_are_granted_before_anything_encrypts_with_them() -> None:
    key = f"{RING}/disks"
    found = resources(
        node_groups={"general": {**STACK["node_groups"]["general"], "gcp": {"disk_key": key}}},
        cluster={**STACK["cluster"], "disk_key": key},
        storage={"block": {"key": key}},
        registry={"key": f"{RING}/images"},
    )
    grants = {made.urn for (kind, name), made in found.items() if kind == "CryptoKeyIAMMember" and "grants" in name}
    assert len(grants) == 2
    assert grants <= set(found["Cluster", "cluster"].dependencies)
    assert grants <= set(found["NodePool", "general"].dependencies)
    assert grants <= set(found["Repository", "registry-images"].dependencies)


def test_without_keys_there_are_no_grants() -> None:
    assert "KeyGrants" not in kinds(resources())


def test_a_tag_that_is_no_label_stops_the_stack_before_its_first_resource() -> None:
    with pytest.raises(ConfigurationError, match=r"tags\.team"):
        planned(tags={"team": "Core"})


def test_an_upstreams_credentials_are_whole_or_refused_without_showing_them() -> None:
    found = {"docker-hub": {"username": "someone", "access_token": ""}}
    assert credential(found, "docker-hub", "username") == "someone"
    with pytest.raises(ConfigurationError, match=r"pull_through_credentials\.docker-hub\.access_token: is missing"):
        credential(found, "docker-hub", "access_token")
    with pytest.raises(ConfigurationError, match="ghcr"):
        credential(found, "ghcr", "username")


def test_credentials_reach_the_cache_as_secrets() -> None:
    parts = {
        "registry": {"pull_through": {"docker-hub": {"upstream": "registry-1.docker.io", "credentials": True}}},
        "pull_through_credentials": {"docker-hub": {"username": "someone", "access_token": "sesame"}},
    }
    config = config_of(**parts)
    secret_key = "infraplatform:pull_through_credentials"
    preview = plan(lambda: build(load(config, {secret_key})), config=config, secret_keys=[secret_key])
    found = sound(preview)
    token = found["SecretVersion", "registry-cache-docker-hub"].inputs["secretData"]
    assert isinstance(token, Secret)
    assert "sesame" in token.value
    config_of_cache = found["Repository", "registry-cache-docker-hub"].inputs["remoteRepositoryConfig"]
    shown = config_of_cache["upstreamCredentials"]["usernamePasswordCredentials"]
    assert isinstance(shown["username"], Secret)
    assert "someone" in shown["username"].value
