"""The stack's configuration, whole, as Pulumi handed it to the program."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env, is_config_secret


def stack_config() -> Mapping[str, str]:
    """Every key with its text, also those that no part reads: a misspelt key must be seen.

    `pulumi.Config` answers for named keys only and so cannot list them; the SDK is pinned, and a test holds this use.
    """
    return CONFIG.get() or get_config_env()


def secret_keys() -> frozenset[str]:
    """The keys whose values came encrypted, so that no message shows them."""
    return frozenset(get_config_secret_keys_env()) | {key for key in stack_config() if is_config_secret(key)}
