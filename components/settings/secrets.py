"""Secret configuration: values beside the settings, which are read as Outputs and never become settings."""

from __future__ import annotations

from typing import Any, Literal

import pulumi

SecretKey = Literal["pull_through_credentials"]


def secret(key: SecretKey) -> pulumi.Output[Any] | None:
    """The value of a secret key, always a Pulumi secret; None where the configuration does not have it."""
    return pulumi.Config("infraplatform").get_secret_object(key)
