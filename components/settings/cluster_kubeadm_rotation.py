"""`infraplatform:cluster.rotate` by kubeadm: credentials made anew, each by another value."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Settings
from components.settings.values import EachOnce, matching

FIRST_KEY: Final = "1"
"""The key that was made with the cluster."""

Generation = Annotated[str, Field(min_length=1, max_length=40, examples=["2027-01"])]
KeyName = Annotated[
    str,
    matching(
        r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
        "a key's name: up to 40 lower-case letters, digits and inner hyphens",
        examples=["2027-01"],
    ),
]
KeyNames = Annotated[tuple[KeyName, ...], EachOnce, Field(min_length=1, max_length=8, examples=[["1", "2027-01"]])]


class RotationSettings(Settings):
    """Credentials made anew: another text makes another, one more name adds a key."""

    operator: Generation = FIRST_KEY
    """Another text makes the operators' client certificate anew, which holds for a year."""
    join: Generation = FIRST_KEY
    """Another text makes all nodes' certificates for joining anew, which hold for a week."""
    certificates: Generation = FIRST_KEY
    """Another text renews the control planes' certificates now; a timer does so before they end, and an upgrade."""
    service_account_keys: KeyNames = (FIRST_KEY,)
    """Keys of service accounts' tokens, oldest first: the last signs, all are accepted; 1 was made with the cluster."""
    encryption_keys: KeyNames = (FIRST_KEY,)
    """Keys that secrets are encrypted by, oldest first: the last writes, all read; 1 was made with the cluster."""

    @property
    def has_other_keys(self) -> bool:
        """Whether keys were ever rotated."""
        return (self.service_account_keys, self.encryption_keys) != ((FIRST_KEY,), (FIRST_KEY,))
