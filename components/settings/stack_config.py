"""The stack's configuration, whole, as Pulumi handed it to the program."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi.runtime.config import CONFIG, get_config_env


def stack_config() -> Mapping[str, str]:
    """Every key with its text, also those that no part reads: a misspelt key must be seen.

    `pulumi.Config` answers for named keys only and so cannot list them; the SDK is pinned, and a test holds this use.
    """
    return CONFIG.get() or get_config_env()
