"""Artifact Registry: what the repository is like, what caches may read, and what is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.errors import ConfigurationError
from components.gcp.registry import ArtifactRegistry, ArtifactRegistryArgs
from components.gcp.registry_cache import UpstreamCredentials
from components.settings import ArtifactRegistrySettings, GcpProviderSettings, ProtectionSettings
from preview.plan import Operation, Resource, Secret
from tests.components.doubles import TAGS, ClusterDouble
from tests.components.plans import by_type_and_name, sound
from tests.support import applied, plan

OPEN = {"k8s": {"upstream": "registry.k8s.io"}}
HUB = {"docker-hub": {"upstream": "registry-1.docker.io", "credentials": True}}
KEY = "projects/my-project/locations/europe-west3/keyRings/platform/cryptoKeys/images"
NODES = "nodes@my-project.iam.gserviceaccount.com"
HOST = "europe-west3-docker.pkg.dev/my-project"


def registry(
    *, keep_data: bool = False, nodes_have_an_account: bool = True, stack: str = "test", **settings: Any
) -> ArtifactRegistry:
    """A registry of the settings given; upstreams that want credentials have some."""
    role = pulumi.Output.from_input(NODES) if nodes_have_an_account else None
    credentials = UpstreamCredentials(
        username=pulumi.Output.from_input("someone"), access_token=pulumi.Output.from_input("sesame")
    )
    return ArtifactRegistry(
        "registry",
        ArtifactRegistryArgs(
            settings=ArtifactRegistrySettings.model_validate(settings),
            provider=GcpProviderSettings(project="my-project", region="europe-west3", zones=("a", "b")),
            cluster=ClusterDouble(node_role=role),
            protection=ProtectionSettings(keep_data=keep_data, protect=keep_data),
            tags={**TAGS, "infraplatform-stack": stack},
            pull_through_credentials={"docker-hub": credentials},
        ),
    )


def planned(**settings: Any) -> dict[tuple[str, str], Resource]:
    return sound(plan(lambda: registry(**settings)))


def standing(**settings: Any) -> dict[tuple[str, str], Resource]:
    return by_type_and_name(applied(lambda: registry(**settings)).resources.values())


def images(**settings: Any) -> Resource:
    return planned(**settings)["Repository", "registry-images"]


def test_one_docker_repository_has_immutable_tags_and_is_scanned_and_encrypted() -> None:
    made = images(key=KEY).inputs
    assert (made["format"], made["mode"]) == ("DOCKER", "STANDARD_REPOSITORY")
    assert made["dockerConfig"] == {"immutableTags": True}
    assert made["vulnerabilityScanningConfig"] == {"enablementConfig": "INHERITED"}
    assert made["kmsKeyName"] == KEY
    assert made["labels"]["team"] == "core"


def test_scanning_can_be_turned_off() -> None:
    assert images(scanning=False).inputs["vulnerabilityScanningConfig"] == {"enablementConfig": "DISABLED"}


def test_untagged_images_go_and_the_newest_stay() -> None:
    delete, keep = images(keep_images=9, keep_untagged_days=3).inputs["cleanupPolicies"]
    assert delete["action"] == "DELETE"
    assert delete["condition"] == {"tagState": "UNTAGGED", "olderThan": "259200s"}
    assert keep["action"] == "KEEP"
    assert keep["mostRecentVersions"] == {"keepCount": 9}


@pytest.mark.parametrize("keep_data", [True, False])
def test_images_outlive_the_stack_exactly_where_data_is_kept(*, keep_data: bool) -> None:
    made = images(keep_data=keep_data)
    assert made.retain_on_delete is keep_data
    assert made.protect is keep_data


@pytest.mark.parametrize(("name", "expected"), [(None, "infraplatform-test"), ("images", "images")])
def test_the_repository_is_called_as_the_settings_say_or_after_the_stack(name: str | None, expected: str) -> None:
    assert images(name=name).inputs["repositoryId"] == expected


def test_urls_are_known_at_preview() -> None:
    outputs: dict[str, str] = {}

    def build() -> None:
        made = registry(repositories=("team/api",), pull_through=OPEN)
        for key, value in {"registry": made.registry_url, **made.repository_urls, **made.mirror_urls}.items():
            value.apply(lambda text, key=key: outputs.update({key: text}))

    plan(build)
    assert outputs == {
        "registry": f"{HOST}/infraplatform-test",
        "team/api": f"{HOST}/infraplatform-test/team/api",
        "k8s": f"{HOST}/infraplatform-test-k8s",
    }


def test_another_name_of_images_changes_no_resource() -> None:
    before = applied(lambda: registry(repositories=("api",)))
    after = plan(lambda: registry(repositories=("web", "api")), record=before)
    changed = {step.resource.type for step in after.steps if step.operation is not Operation.SAME}
    assert not any(kind.startswith("gcp:") for kind in changed)


def test_nodes_may_read_every_repository_and_nothing_else_is_granted() -> None:
    resources = standing(pull_through=OPEN)
    rights = {name: made.inputs for (kind, name), made in resources.items() if kind == "RepositoryIamMember"}
    assert {made["role"] for made in rights.values()} == {"roles/artifactregistry.reader"}
    assert {made["member"] for made in rights.values()} == {f"serviceAccount:{NODES}"}
    assert {made["repository"] for made in rights.values()} == {"infraplatform-test", "infraplatform-test-k8s"}


def test_a_cache_is_a_remote_repository_whose_tags_may_move() -> None:
    cache = planned(pull_through=OPEN, key=KEY)["Repository", "registry-cache-k8s"]
    assert cache.inputs["mode"] == "REMOTE_REPOSITORY"
    assert cache.inputs["remoteRepositoryConfig"]["commonRepository"] == {"uri": "https://registry.k8s.io"}
    assert "dockerConfig" not in cache.inputs
    assert cache.inputs["kmsKeyName"] == KEY


def test_a_caches_new_upstream_takes_the_old_caches_place() -> None:
    before = applied(lambda: registry(pull_through=OPEN))
    after = plan(lambda: registry(pull_through={"k8s": {"upstream": "quay.io"}}), record=before)
    replaced = [step.resource for step in after.steps if step.operation is Operation.REPLACE]
    caches = [resource for resource in replaced if resource.type.endswith(":Repository")]
    assert [cache.name for cache in caches] == ["registry-cache-k8s"]
    assert caches[0].delete_before_replace is True


def test_credentials_are_a_secret_in_the_region_that_artifact_registry_alone_may_read() -> None:
    resources = planned(pull_through={**OPEN, **HUB})
    secret = resources["Secret", "registry-cache-docker-hub"]
    assert secret.inputs["replication"] == {"userManaged": {"replicas": [{"location": "europe-west3"}]}}
    value = resources["SecretVersion", "registry-cache-docker-hub"].inputs["secretData"]
    assert isinstance(value, Secret)
    assert "sesame" in value.value
    right = resources["SecretIamMember", "registry-cache-docker-hub"]
    assert right.inputs["role"] == "roles/secretmanager.secretAccessor"
    cache = resources["Repository", "registry-cache-docker-hub"]
    assert right.urn in cache.dependencies
    assert "upstreamCredentials" not in resources["Repository", "registry-cache-k8s"].inputs["remoteRepositoryConfig"]


def test_a_repository_shows_credentials_by_the_secrets_version_and_never_the_token() -> None:
    resources = standing(pull_through=HUB)
    config = resources["Repository", "registry-cache-docker-hub"].inputs["remoteRepositoryConfig"]
    shown = config["upstreamCredentials"]["usernamePasswordCredentials"]
    version = resources["SecretVersion", "registry-cache-docker-hub"].outputs["name"]
    assert shown["passwordSecretVersion"] == version
    assert isinstance(shown["username"], Secret)
    assert "sesame" not in str(config)


def test_without_credentials_there_is_no_secret_and_no_agent() -> None:
    kinds = {kind for kind, _ in planned(pull_through=OPEN)}
    assert not kinds & {"Secret", "SecretVersion", "ServiceIdentity"}


def test_all_mistakes_are_reported_at_once() -> None:
    ghcr = {"ghcr": {"upstream": "ghcr.io", "credentials": True}}
    with pytest.raises(ConfigurationError) as raised:
        plan(lambda: registry(pull_through=ghcr, stack="under_score", nodes_have_an_account=False))
    keys = {mistake.key for mistake in raised.value.mistakes}
    assert keys == {
        "infraplatform:registry",
        "infraplatform:registry.name",
        "infraplatform:registry.pull_through.ghcr",
    }


def test_an_id_that_is_too_long_with_its_caches_name_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"infraplatform:registry\.name"):
        plan(lambda: registry(name="a" * 40, pull_through={"b" * 24: {"upstream": "quay.io"}}))
