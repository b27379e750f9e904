"""The tags that everything carries."""

from __future__ import annotations

import pytest

from components.errors import ConfigurationError
from components.tags import labels, named, platform_tags


def test_the_tags_say_whose_a_resource_is() -> None:
    assert platform_tags("infraplatform", "dev", "staging", {}) == {
        "infraplatform-project": "infraplatform",
        "infraplatform-stack": "dev",
        "infraplatform-environment": "staging",
        "managed-by": "pulumi",
    }


def test_the_users_tags_win() -> None:
    tags = platform_tags("infraplatform", "dev", "dev", {"managed-by": "someone", "team": "core"})
    assert tags["managed-by"] == "someone"
    assert tags["team"] == "core"


def test_a_name_is_the_stacks_and_the_resources_own() -> None:
    tags = platform_tags("infraplatform", "dev", "dev", {"team": "core"})
    assert named(tags, "network-vpc") == {"Name": "dev-network-vpc", **tags}


def test_a_name_that_the_user_gives_to_everything_wins() -> None:
    tags = platform_tags("infraplatform", "dev", "dev", {"Name": "ours"})
    assert named(tags, "network-vpc")["Name"] == "ours"


def test_naming_changes_no_tags_of_others() -> None:
    tags = platform_tags("infraplatform", "dev", "dev", {})
    named(tags, "network-vpc")
    assert "Name" not in tags


def test_tags_that_google_cloud_takes_become_labels_unchanged() -> None:
    tags = platform_tags("infraplatform", "dev", "dev", {"team": "core", "cost-center": "4711"})
    assert labels(tags) == tags


@pytest.mark.parametrize(
    ("tag", "key"),
    [
        ({"Team": "core"}, "infraplatform:tags.Team"),
        ({"team": "Core"}, "infraplatform:tags.team"),
        ({"team": "c" * 64}, "infraplatform:tags.team"),
        ({"1team": "core"}, "infraplatform:tags.1team"),
        ({"infraplatform-stack": "dev.1"}, "Pulumi stack"),
    ],
)
def test_a_tag_that_is_no_label_is_a_mistake_and_never_changed(tag: dict[str, str], key: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        labels(tag)
    assert [mistake.key for mistake in raised.value.mistakes] == [key]
