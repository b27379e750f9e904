"""Configuration becomes settings, or one message with all its mistakes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from components.errors import ConfigurationError
from components.settings import AwsStack, Egress, Environment, Settings, load
from components.settings.base import environment_defaults
from components.settings.json_schema import models_of
from components.settings.stack import StackSettings
from components.settings.storage import ReclaimPolicy
from tests.components.settings.configurations import REMOVED, SOUND, Changes, loaded, mistakes, texts


def test_four_kinds_of_mistakes_in_one_file_are_reported_together() -> None:
    found = mistakes(
        {
            ("provider", "account"): 123456789012,  # another type
            ("node_groups", "general", "labels"): {"team": "a"},
            ("node_groups", "general", "lables"): {},  # an unknown key deep down
            ("node_groups", "general", "min_nodes"): 9,  # against another field, in the group with the unknown key
            ("cluster", "zones"): ["a", "c"],  # against another part, which has a mistake too
        }
    )
    assert found == [
        "cluster.zones[1]: zone 'c' is not one of the provider's; write zones from a, b",
        "node_groups.general.lables: is not a key here; write labels",
        "node_groups.general.max_nodes: min_nodes 9 is above max_nodes 6; write max_nodes: 9 or more",
        'provider.account: 123456789012 is a number where text is wanted; write it in quotes: "123456789012"',
    ]


@pytest.mark.parametrize(
    ("environment", "egress", "retention", "reclaim", "keep_days", "protect"),
    [
        ("dev", Egress.SINGLE_NAT, 7, ReclaimPolicy.DELETE, 7, False),
        ("staging", Egress.SINGLE_NAT, 30, ReclaimPolicy.DELETE, 14, False),
        ("prod", Egress.NAT_PER_ZONE, 365, ReclaimPolicy.RETAIN, 35, True),
    ],
)
def test_the_environment_chooses_defaults_at_every_depth(
    environment: str, egress: Egress, retention: int, reclaim: ReclaimPolicy, keep_days: int, *, protect: bool
) -> None:
    changes: Changes = {("environment",): environment, ("network", "egress"): REMOVED, ("storage", "backup"): {}}
    stack = AwsStack(loaded(changes))
    assert stack.network.egress is egress
    assert stack.cluster.log_retention_days == retention
    assert stack.storage.block.reclaim_policy is reclaim
    assert stack.storage.backup is not None
    assert stack.storage.backup.keep_days == keep_days
    assert stack.protection.protect is protect


def test_what_is_written_wins_over_the_environment() -> None:
    stack = AwsStack(
        loaded({("environment",): "prod", ("cluster", "log_retention_days"): 7, ("protection",): {"protect": False}})
    )
    assert stack.cluster.log_retention_days == 7
    assert stack.protection.protect is False
    assert stack.protection.keep_data is True
    assert stack.network.egress is Egress.SINGLE_NAT


def test_a_wrong_environment_is_one_mistake() -> None:
    assert mistakes({("environment",): "production"}) == [
        "environment: 'production' is not a choice; write one of dev, staging, prod"
    ]


def _environment_tables() -> list[tuple[type[Settings], str, Environment, Any]]:
    return [
        (model, name, environment, environment_defaults(field)[environment.value])
        for model in models_of(StackSettings)
        for name, field in model.model_fields.items()
        if environment_defaults(field)
        for environment in Environment
    ]


@pytest.mark.parametrize(("model", "name", "environment", "default"), _environment_tables(), ids=str)
def test_each_environment_s_default_is_a_value_that_the_field_takes(
    model: type[Settings], name: str, environment: Environment, default: Any
) -> None:
    field = model.model_fields[name]
    assert TypeAdapter(field.rebuild_annotation()).validate_python(default) == default, environment
    assert field.default == environment_defaults(field)["dev"], "a model built by hand has dev's"


def test_a_whole_configuration_that_is_missing_names_the_parts_it_needs() -> None:
    with pytest.raises(ConfigurationError) as raised:
        load({"aws:region": "us-east-1"})
    assert [str(mistake) for mistake in raised.value.mistakes] == [
        "infraplatform:cluster: is missing; write its keys below it: kind, version",
        "infraplatform:network: is missing; write its keys below it; docs/settings.md has those of each kind",
        "infraplatform:provider: is missing; write its keys below it; docs/settings.md has those of each kind",
    ]


def test_the_longest_name_of_a_group_leaves_room_for_what_is_added_to_it() -> None:
    longest = "a" * 40
    assert loaded({("node_groups", longest): SOUND["node_groups"]["general"]})
    eks_limit, suffix = 63, "-1234567"
    assert len(f"node-group-{longest}-a{suffix}") <= eks_limit


def test_keys_of_other_providers_are_theirs() -> None:
    assert load({**texts({}), "aws:region": "us-east-1", "kubernetes:context": "x"})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(loaded({}).cluster, "name", "other")  # noqa: B010  a type checker refuses the assignment itself


def test_a_cache_with_credentials_needs_the_secret() -> None:
    hub: Changes = {("registry", "pull_through", "hub"): {"upstream": "registry-1.docker.io", "credentials": True}}
    (found,) = mistakes(hub)
    assert found == (
        "pull_through_credentials: is missing, and registry.pull_through.hub wants it;"
        " write hub: {username: ..., access_token: {secure: ...}} below it"
    )
    assert loaded({**hub, ("pull_through_credentials",): {"hub": {}}})


def _places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    below = value.items() if isinstance(value, dict) else ()
    return [*([path] if path else []), *(place for key, item in below for place in _places(item, (*path, key)))]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 70000)
    | st.floats(0, 3)
    | st.text(max_size=8)
    | st.sampled_from(
        ["10.0.0.0/8", "a", "1.35", "none", "ipv6", "auto-mode", "karpenter", "m7i.large", "arn:aws:kms:x:1:key/2"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(_places(SOUND)), JSON, min_size=1, max_size=4))
def test_whatever_is_written_loads_or_is_explained(changes: Changes) -> None:
    config = copy.deepcopy(SOUND)
    for path, value in sorted(changes.items(), key=lambda change: len(change[0])):
        place: Any = config
        for step in path[:-1]:
            place = place.get(step) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place[path[-1]] = value
    try:
        load(
            {
                f"infraplatform:{key}": value if isinstance(value, str) else json.dumps(value)
                for key, value in config.items()
            }
        )
    except ConfigurationError as error:
        for mistake in error.mistakes:
            assert mistake.problem
            assert mistake.remedy
            assert "does not fit" not in mistake.problem, f"no words for this kind of mistake: {mistake}"
