"""ACR: what the registry is like in each tier, who reaches it and may pull, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from components.errors import ConfigurationError
from preview.plan import Operation
from tests.components.azure.parts import GROUP, NODES, role
from tests.components.azure.registries import KEY, images, kinds, planned, registry, standing
from tests.components.plans import by_type_and_name, changed, operations
from tests.support import plan


def test_a_premium_registry_answers_inside_the_network_alone_and_stands_in_zones() -> None:
    made = images(tier="premium").inputs
    assert made["publicNetworkAccess"] == "Disabled"
    assert made["zoneRedundancy"] == "Enabled"
    assert "PrivateEndpoint" in kinds(tier="premium")


@pytest.mark.parametrize("tier", ["basic", "standard", "premium"])
def test_no_tier_has_an_admin_user_or_anonymous_pull(tier: str) -> None:
    made = images(tier=tier).inputs
    assert made["sku"] == {"name": tier.capitalize()}
    assert made["adminUserEnabled"] is False
    assert made["anonymousPullEnabled"] is False


def test_named_networks_reach_a_premium_registrys_public_endpoint_and_nobody_else() -> None:
    made = images(tier="premium", public_access=["203.0.113.0/24"]).inputs
    assert made["publicNetworkAccess"] == "Enabled"
    rules = [{"action": "Allow", "iPAddressOrRange": "203.0.113.0/24"}]
    assert made["networkRuleSet"] == {"defaultAction": "Deny", "ipRules": rules}
    assert "PrivateEndpoint" in kinds(tier="premium", public_access=["203.0.113.0/24"])


def test_a_basic_registry_has_a_public_endpoint_and_none_of_premiums_extras() -> None:
    made = images(tier="basic").inputs
    assert made["publicNetworkAccess"] == "Enabled"
    assert made["zoneRedundancy"] == "Disabled"
    assert not {"policies", "networkRuleSet", "encryption"} & made.keys()
    assert "PrivateEndpoint" not in kinds(tier="basic")


@pytest.mark.parametrize(
    ("settings", "policies"),
    [
        ({"tier": "premium"}, {"retentionPolicy": {"days": 7, "status": "enabled"}}),
        ({"tier": "premium", "keep_untagged_days": 3}, {"retentionPolicy": {"days": 3, "status": "enabled"}}),
        ({"tier": "basic", "keep_deleted_days": 9}, {"softDeletePolicy": {"retentionDays": 9, "status": "enabled"}}),
        ({"tier": "premium", "keep_deleted_days": 9}, {"softDeletePolicy": {"retentionDays": 9, "status": "enabled"}}),
    ],
)
def test_untagged_images_go_or_deleted_ones_can_be_restored(settings: dict[str, Any], policies: dict[str, Any]) -> None:
    assert images(**settings).inputs["policies"] == policies


@pytest.mark.parametrize(("name", "gone_first"), [(None, None), ("exampleplatform", True)])
def test_a_registry_of_a_name_of_ones_own_goes_before_another_of_that_name_comes(
    name: str | None,
    gone_first: bool | None,  # noqa: FBT001  a table of answers
) -> None:
    assert images(tier="premium", name=name).delete_before_replace is gone_first


def test_a_higher_tier_is_the_same_registry_without_zones() -> None:
    preview = changed(lambda: registry(tier="basic"), lambda: registry(tier="premium"))
    assert operations(preview)["Registry", "registry"] is Operation.UPDATE
    made = by_type_and_name(preview.resources)["Registry", "registry"]
    assert made.inputs["zoneRedundancy"] == "Disabled"


@pytest.mark.parametrize("keep_data", [True, False])
def test_images_outlive_the_stack_exactly_where_data_is_kept(*, keep_data: bool) -> None:
    made = images(keep_data=keep_data)
    assert made.retain_on_delete is keep_data
    assert made.protect is keep_data


def urls(**settings: Any) -> dict[str, str]:
    """The addresses that are known at preview."""
    found: dict[str, str] = {}

    def build() -> None:
        made = registry(repositories=("team/api",), pull_through={"k8s": {"upstream": "quay.io"}}, **settings)
        for key, value in {"registry": made.registry_url, **made.repository_urls, **made.mirror_urls}.items():
            value.apply(lambda text, key=key: found.update({key: text}))

    plan(build)
    return found


def test_urls_are_known_at_preview_where_the_name_is() -> None:
    host = "exampleplatform.azurecr.io"
    assert urls(name="exampleplatform") == {"registry": host, "team/api": f"{host}/team/api", "k8s": f"{host}/k8s"}
    assert urls() == {}


def test_nodes_may_pull_and_nothing_else() -> None:
    resources = standing()
    (right,) = [made for (kind, _), made in resources.items() if kind == "RoleAssignment"]
    assert right.inputs["principalId"] == NODES
    assert right.inputs["roleDefinitionId"] == role("7f951dda-4ed3-4680-a7ca-43fe172d538d")
    assert right.inputs["scope"] == resources["Registry", "registry"].id


def test_a_new_tag_updates_what_has_tags_and_replaces_nothing() -> None:
    settings: dict[str, Any] = {
        "tier": "premium",
        "key": KEY,
        "pull_through": {"docker-hub": {"upstream": "docker.io", "credentials": True}},
    }
    preview = changed(lambda: registry(**settings), lambda: registry(**settings, colour="red"))
    found = operations(preview)
    assert set(found.values()) == {Operation.UPDATE}
    assert {kind for kind, _ in found} == {
        "PrivateEndpoint",
        "PrivateZone",
        "Registry",
        "Secret",
        "UserAssignedIdentity",
        "Vault",
        "VirtualNetworkLink",
    }


def test_another_name_of_images_changes_no_resource() -> None:
    preview = changed(lambda: registry(repositories=("api",)), lambda: registry(repositories=("web", "api")))
    assert not any(step.resource.type.startswith("azure-native:") for step in preview.steps if step.changes)


def test_all_mistakes_are_reported_at_once() -> None:
    quay = {"quay": {"upstream": "quay.io", "credentials": True}}
    with pytest.raises(ConfigurationError) as raised:
        plan(lambda: registry(tier="premium", pull_through=quay, place=False, nodes_have_an_identity=False))
    keys = {mistake.key for mistake in raised.value.mistakes}
    assert keys == {
        "infraplatform:registry",
        "infraplatform:registry.pull_through.quay",
        "infraplatform:registry.tier",
    }


def test_all_stands_in_the_platforms_group_and_region() -> None:
    for (kind, _), made in planned(tier="premium", key=KEY).items():
        if made.type.startswith("azure-native:") and kind != "RoleAssignment":
            assert made.inputs["resourceGroupName"] == GROUP
            assert made.inputs.get("location", "westeurope") in ("westeurope", "Global")
