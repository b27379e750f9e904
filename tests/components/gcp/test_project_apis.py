"""The project's APIs: on before anything calls them, and left on."""

from __future__ import annotations

from typing import Any

import pytest

from components.gcp.project_apis import FIRST, needed_apis
from components.settings import ArtifactRegistrySettings, GcpStack
from preview.plan import Resource
from tests.components.gcp.test_platform import STACK, planned, resources
from tests.components.settings.configurations import SOUND_GCP, Changes, loaded

PROVIDER = "pulumi:providers:gcp"


def services(found: dict[tuple[str, str], Resource]) -> dict[str, Resource]:
    return {name.removeprefix("apis-"): made for (kind, name), made in found.items() if kind == "Service"}


def needed(**parts: Any) -> set[str]:
    changed: Changes = {(part, key): value for part, keys in parts.items() for key, value in keys.items()}
    return set(needed_apis(GcpStack(loaded(changed, SOUND_GCP))))


def test_an_api_is_on_before_anything_of_the_platform_is_made() -> None:
    found = resources()
    made_by = found["gcp", "gcp"]
    assert {made.urn for made in services(found).values()} <= set(made_by.dependencies)
    others = [made for made in found.values() if made.type.startswith("gcp:") and "ProjectApis" not in made.urn]
    assert others
    assert all((made.provider or "").startswith(f"{made_by.urn}::") for made in others)


def test_the_api_by_which_the_provider_reads_projects_is_the_first() -> None:
    found = services(resources())
    assert not found[FIRST].dependencies
    assert all(found[FIRST].urn in made.dependencies for name, made in found.items() if name != FIRST)


def test_apis_stay_on_when_the_stack_goes() -> None:
    assert all(made.inputs["disableOnDestroy"] is False for made in services(resources()).values())


def test_a_project_whose_owner_turns_apis_on_is_left_alone() -> None:
    found = resources(provider={**STACK["provider"], "enable_apis": False})
    assert services(found) == {}
    assert [name for kind, name in found if kind == "gcp"] == ["gcp"]


def test_the_in_cluster_layer_turns_nothing_on() -> None:
    parts = {"layer": "in_cluster", "infrastructure_stack": "organization/infraplatform/dev-infrastructure"}
    assert not [made for made in planned(**parts).resources if made.type.startswith("gcp:")]


@pytest.mark.parametrize(
    ("api", "part", "key", "value"),
    [
        ("binaryauthorization", "cluster", "binary_authorization", True),
        ("gkebackup", "storage", "backup", {}),
    ],
)
def test_what_is_chosen_has_its_api(api: str, part: str, key: str, value: object) -> None:
    assert api not in needed()
    assert api in needed(**{part: {key: value}})


def test_an_upstreams_credentials_need_the_api_of_secrets() -> None:
    upstream = {"upstream": "registry-1.docker.io", "credentials": True}
    registry = ArtifactRegistrySettings.model_validate({"pull_through": {"hub": upstream}})
    settings = loaded({}, SOUND_GCP)
    assert "secretmanager" not in needed_apis(GcpStack(settings))
    assert "secretmanager" in needed_apis(GcpStack(settings.model_copy(update={"registry": registry})))


@pytest.mark.parametrize(
    ("api", "part", "key", "value"),
    [
        ("containerfilesystem", "node_groups", "general", {**SOUND_GCP["node_groups"]["general"], "image": "ubuntu"}),
        ("containerscanning", "registry", "scanning", False),
        ("containersecurity", "cluster", "security_posture", "disabled"),
        ("file", "storage", "file", None),
    ],
)
def test_what_is_not_chosen_needs_no_api(api: str, part: str, key: str, value: object) -> None:
    assert api in needed()
    assert api not in needed(**{part: {key: value}})
