"""ACR's cache rules, and the credentials that some of them pull with."""

from __future__ import annotations

from preview.plan import Operation, Secret
from tests.components.azure.parts import TENANT, role
from tests.components.azure.registries import planned, registry, standing
from tests.components.plans import changed, operations

OPEN = {"k8s": {"upstream": "registry.k8s.io"}}
HUB = {"docker-hub": {"upstream": "registry-1.docker.io", "credentials": True}}


def test_a_cache_has_all_of_an_upstream_under_its_prefix() -> None:
    rule = planned(pull_through=OPEN)["CacheRule", "registry-cache-k8s"].inputs
    assert rule["sourceRepository"] == "registry.k8s.io/*"
    assert rule["targetRepository"] == "k8s/*"
    assert rule["cacheRuleName"] == "cache-k8s"
    assert "credentialSetResourceId" not in rule


def test_docker_hub_is_called_as_its_images_are() -> None:
    resources = planned(pull_through=HUB)
    assert resources["CacheRule", "registry-cache-docker-hub"].inputs["sourceRepository"] == "docker.io/*"
    assert resources["CredentialSet", "registry-cache-docker-hub"].inputs["loginServer"] == "docker.io"


def test_another_upstream_takes_the_old_rules_place() -> None:
    preview = changed(
        lambda: registry(pull_through=OPEN), lambda: registry(pull_through={"k8s": {"upstream": "quay.io"}})
    )
    assert operations(preview) == {("CacheRule", "registry-cache-k8s"): Operation.REPLACE}
    (rule,) = [made for made in preview.resources if made.name == "registry-cache-k8s"]
    assert rule.delete_before_replace is True


def test_credentials_are_secrets_in_a_vault_that_their_own_identity_alone_may_read() -> None:
    resources = standing(pull_through={**OPEN, **HUB})
    vault = resources["Vault", "registry-cache"]
    properties = vault.inputs["properties"]
    assert properties["tenantId"] == TENANT
    assert properties["enableRbacAuthorization"] is True
    for part, value in (("username", "someone"), ("access-token", "sesame")):
        secret = resources["Secret", f"registry-cache-docker-hub-{part}"]
        assert secret.inputs["secretName"] == f"docker-hub-{part}"
        held = secret.inputs["properties"]["value"]
        assert isinstance(held, Secret)
        assert held.value == value
    right = resources["RoleAssignment", "registry-cache-docker-hub"]
    assert right.inputs["roleDefinitionId"] == role("4633458b-17de-408a-874b-0445c86b69e6")
    assert right.inputs["scope"] == vault.id
    assert right.inputs["principalId"]


def test_a_rule_shows_credentials_by_their_address_and_never_by_their_value() -> None:
    resources = standing(pull_through=HUB)
    set_ = resources["CredentialSet", "registry-cache-docker-hub"]
    vault = resources["Vault", "registry-cache"].outputs["name"]
    (credential,) = set_.inputs["authCredentials"]
    assert credential == {
        "name": "Credential1",
        "usernameSecretIdentifier": f"https://{vault}.vault.azure.net/secrets/docker-hub-username",
        "passwordSecretIdentifier": f"https://{vault}.vault.azure.net/secrets/docker-hub-access-token",
    }
    assert "sesame" not in str(set_.inputs)
    rule = resources["CacheRule", "registry-cache-docker-hub"]
    assert rule.inputs["credentialSetResourceId"] == set_.id
    assert resources["RoleAssignment", "registry-cache-docker-hub"].urn in rule.dependencies


def test_without_credentials_there_is_no_vault() -> None:
    assert not {"Vault", "Secret", "CredentialSet"} & {kind for kind, _ in planned(pull_through=OPEN)}
