"""The tags that everything carries."""

from __future__ import annotations

from components.tags import named, platform_tags


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
