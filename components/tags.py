"""One vocabulary of tags, on everything that can carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PREFIX: Final = "infraplatform"


def platform_tags(project: str, stack: str, environment: str, user_tags: Mapping[str, str]) -> dict[str, str]:
    """The tags of a whole stack: whose it is, and the user's own, which win."""
    return {
        f"{PREFIX}-project": project,
        f"{PREFIX}-stack": stack,
        f"{PREFIX}-environment": environment,
        "managed-by": "pulumi",
        **user_tags,
    }


def named(tags: Mapping[str, str], name: str) -> dict[str, str]:
    """`tags` with the `Name` that AWS consoles show: the stack's name and the resource's logical name."""
    return {"Name": f"{tags[f'{PREFIX}-stack']}-{name}", **tags}
