"""ECR: what a repository is like, what a cache may do, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.registry import EcrRegistry, EcrRegistryArgs, logical_part, registry_host, retention
from components.errors import ConfigurationError
from components.settings import AwsProviderSettings, EcrRegistrySettings, ProtectionSettings
from preview.plan import Operation, Resource, Secret
from tests.components.doubles import TAGS, ClusterDouble
from tests.components.plans import sound
from tests.support import applied, plan

OPEN = {"k8s": {"upstream": "registry.k8s.io"}}
HUB = {"docker-hub": {"upstream": "registry-1.docker.io", "credentials": True}}
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


def registry(
    *, keep_data: bool = False, region: str = "us-east-1", nodes_have_a_role: bool = True, **settings: Any
) -> EcrRegistry:
    """A registry of the settings given; upstreams that want credentials have some."""
    cluster = ClusterDouble() if nodes_have_a_role else ClusterDouble(node_role=None)
    credentials = {"docker-hub": pulumi.Output.secret('{"username": "u", "accessToken": "sesame"}')}
    return EcrRegistry(
        "registry",
        EcrRegistryArgs(
            settings=EcrRegistrySettings(**settings),
            provider=AwsProviderSettings(account="123456789012", region=region, zones=("a", "b")),
            cluster=cluster,
            protection=ProtectionSettings(keep_data=keep_data, protect=keep_data),
            tags=TAGS,
            pull_through_credentials=credentials,
        ),
    )


def planned(**settings: Any) -> dict[tuple[str, str], Resource]:
    return sound(plan(lambda: registry(**settings)))


def statements(policy: str) -> dict[str, Any]:
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


def test_a_repository_is_immutable_scanned_and_encrypted_and_has_the_users_name() -> None:
    made = planned(repositories=("team/api",), key_arn=KEY)["Repository", "registry-team--api"].inputs
    assert made["name"] == "team/api"
    assert made["imageTagMutability"] == "IMMUTABLE"
    assert made["imageScanningConfiguration"] == {"scanOnPush": True}
    assert made["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": KEY}]
    assert made["tags"]["Name"] == "test-registry-team--api"


@pytest.mark.parametrize("keep_data", [True, False])
def test_images_outlive_the_stack_exactly_where_data_is_kept(*, keep_data: bool) -> None:
    made = planned(repositories=("api",), keep_data=keep_data)["Repository", "registry-api"]
    assert made.retain_on_delete is keep_data
    assert made.protect is keep_data
    assert made.inputs["forceDelete"] is not keep_data


def test_a_repository_keeps_its_newest_images_and_drops_untagged_ones() -> None:
    policy = planned(repositories=("api",), keep_images=9, keep_untagged_days=3)["LifecyclePolicy", "registry-api"]
    untagged, tagged = json.loads(policy.inputs["policy"])["rules"]
    assert (untagged["selection"]["tagStatus"], untagged["selection"]["countNumber"]) == ("untagged", 3)
    assert (tagged["selection"]["tagPatternList"], tagged["selection"]["countNumber"]) == (["*"], 9)
    assert untagged["rulePriority"] < tagged["rulePriority"]


def test_adding_a_repository_touches_no_other() -> None:
    before = applied(lambda: registry(repositories=("api",), pull_through=OPEN))
    after = plan(lambda: registry(repositories=("web", "api"), pull_through=OPEN), record=before)
    changed = {step.resource.name for step in after.steps if step.operation is not Operation.SAME}
    assert changed == {"registry-web"}


NAMES = st.from_regex(r"[a-z0-9]{1,3}(?:[._/-][a-z0-9]{1,3}){0,3}", fullmatch=True)


@given(st.lists(NAMES, min_size=2, max_size=2, unique=True))
def test_no_two_repositories_share_a_logical_name(names: list[str]) -> None:
    first, second = names
    assert logical_part(first) != logical_part(second)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "123456789012.dkr.ecr.us-east-1.amazonaws.com"),
        ("cn-north-1", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com"),
    ],
)
def test_the_registrys_host_is_known_at_preview(region: str, host: str) -> None:
    assert registry_host(AwsProviderSettings(account="123456789012", region=region, zones=("a",))) == host
    outputs: dict[str, Any] = {}

    def build() -> None:
        made = registry(region=region, repositories=("team/api",))
        for key, value in {"host": made.registry_url, **made.repository_urls}.items():
            value.apply(lambda text, key=key: outputs.update({key: text}))

    plan(build)
    assert outputs == {"host": host, "team/api": f"{host}/team/api"}


def test_a_caches_images_are_pulled_by_the_host_and_its_prefix() -> None:
    urls: list[str] = []
    plan(lambda: registry(pull_through=OPEN).mirror_urls["k8s"].apply(urls.append))
    assert urls == ["123456789012.dkr.ecr.us-east-1.amazonaws.com/k8s"]


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_caches_are_refused_with_all_other_mistakes_where_ecr_has_none(region: str) -> None:
    ghcr = {"ghcr": {"upstream": "ghcr.io", "credentials": True}}
    with pytest.raises(ConfigurationError, match=region) as raised:
        plan(lambda: registry(region=region, pull_through=ghcr))
    keys = {mistake.key for mistake in raised.value.mistakes}
    assert keys == {"infraplatform:registry.pull_through", "infraplatform:registry.pull_through.ghcr"}


def test_a_cache_has_a_rule_and_a_template_that_makes_its_repositories_like_the_registrys_own() -> None:
    resources = planned(pull_through=OPEN, key_arn=KEY, keep_images=7)
    rule = resources["PullThroughCacheRule", "registry-cache-k8s"]
    template = resources["RepositoryCreationTemplate", "registry-cache-k8s"]
    assert rule.inputs["upstreamRegistryUrl"] == "registry.k8s.io"
    assert template.urn in rule.dependencies
    assert template.inputs["prefix"] == rule.inputs["ecrRepositoryPrefix"] == "k8s"
    assert template.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": KEY}]
    assert template.inputs["lifecyclePolicy"] == retention(EcrRegistrySettings(keep_images=7))
    assert template.inputs["resourceTags"] == TAGS


def test_nodes_may_fill_the_caches_and_nothing_else() -> None:
    policy = planned(pull_through={**OPEN, **HUB})["RolePolicy", "registry-cache-fill"].inputs
    assert policy["role"] == "nodes-1a2b3c4"
    (statement,) = statements(policy["policy"]).values()
    assert set(statement["Action"]) == {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:TagResource"}
    arn = "arn:aws:ecr:us-east-1:123456789012:repository"
    assert statement["Resource"] == [f"{arn}/k8s/*", f"{arn}/docker-hub/*"]


@pytest.mark.parametrize(("key_arn", "resource"), [(KEY, KEY), (None, "arn:aws:kms:us-east-1:123456789012:key/*")])
def test_ecr_may_use_only_the_registrys_key_for_a_caches_repositories(key_arn: str | None, resource: str) -> None:
    policy = planned(pull_through=OPEN, key_arn=key_arn)["RolePolicy", "registry-cache-create"].inputs["policy"]
    statement = statements(policy)["EncryptThem"]
    assert statement["Resource"] == resource
    assert ("Condition" in statement) is (key_arn is None)


def test_ecr_itself_and_no_other_service_acts_as_the_role_that_makes_repositories() -> None:
    resources = planned(pull_through=OPEN)
    (statement,) = json.loads(resources["Role", "registry-cache"].inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "ecr.amazonaws.com"}
    assert "Condition" not in statement
    template = resources["RepositoryCreationTemplate", "registry-cache-k8s"].inputs
    assert template["appliedFors"] == ["PULL_THROUGH_CACHE"]


def test_credentials_of_an_upstream_are_a_secret_where_ecr_looks_for_it() -> None:
    resources = planned(pull_through={**OPEN, **HUB})
    secret = resources["Secret", "registry-cache-docker-hub"]
    assert secret.inputs["namePrefix"].startswith("ecr-pullthroughcache/")
    value = resources["SecretVersion", "registry-cache-docker-hub"].inputs["secretString"]
    assert isinstance(value, Secret)
    assert "sesame" in value.value
    assert secret.urn in resources["PullThroughCacheRule", "registry-cache-docker-hub"].dependencies
    assert "credentialArn" not in resources["PullThroughCacheRule", "registry-cache-k8s"].inputs


def test_a_registry_without_caches_gives_nodes_no_right_of_its_own() -> None:
    assert not any(kind == "RolePolicy" for kind, _ in planned(repositories=("api",)))


def test_all_missing_credentials_are_reported_at_once() -> None:
    caches = {
        "ghcr": {"upstream": "ghcr.io", "credentials": True},
        "gitlab": {"upstream": "registry.gitlab.com", "credentials": True},
    }
    with pytest.raises(ConfigurationError) as raised:
        plan(lambda: registry(pull_through={**OPEN, **HUB, **caches}))
    keys = [mistake.key for mistake in raised.value.mistakes]
    assert keys == [f"infraplatform:registry.pull_through.{prefix}" for prefix in ("ghcr", "gitlab")]


def test_caches_are_refused_where_nodes_have_no_role() -> None:
    with pytest.raises(ConfigurationError, match="no role"):
        plan(lambda: registry(pull_through=OPEN, nodes_have_a_role=False))
