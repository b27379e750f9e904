"""One vocabulary of tags, on everything that can carry them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from components.errors import ConfigurationError, Mistake

PREFIX: Final = "infraplatform"
_LABEL_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_LABEL_VALUE: Final = re.compile(r"[a-z0-9_-]{0,63}")
"""What Google Cloud takes as labels. Source: pulumi-gcp 10.2.0, `artifactregistry.Repository` labels, read 2026-11."""


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


def labels(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags as Google Cloud's labels, unchanged: what does not fit is a mistake, as a changed tag finds nothing.

    Raises:
        ConfigurationError: keys or values that are no labels, all of them.
    """
    mistakes = [
        _no_label(key, value)
        for key, value in tags.items()
        if not (_LABEL_KEY.fullmatch(key) and _LABEL_VALUE.fullmatch(value))
    ]
    if mistakes:
        raise ConfigurationError(mistakes)
    return dict(tags)


def _no_label(key: str, value: str) -> Mistake:
    own = {f"{PREFIX}-project": "project", f"{PREFIX}-stack": "stack"}
    form = "up to 63 lower-case letters, digits, _ and -"
    if key in own:
        problem = f"the {own[key]}'s name {value!r} becomes a label, and Google Cloud takes no such value"
        return Mistake(f"Pulumi {own[key]}", problem, f"name the {own[key]} with {form}")
    problem = f"{key}: {value!r} is no label of Google Cloud"
    return Mistake(f"{PREFIX}:tags.{key}", problem, f"write {form}; the key starts with a letter")
