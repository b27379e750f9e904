"""`infraplatform:cluster` by kubeadm: etcd that somebody else runs, in place of the control planes' own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.settings.base import Settings
from components.settings.values import EachOnce, matching

EtcdEndpoint = Annotated[
    str,
    matching(
        r"^https://[A-Za-z0-9.-]+:\d{1,5}$",
        "an address with https:// and a port",
        examples=["https://etcd-1.example:2379"],
    ),
]


class ExternalEtcdSettings(Settings):
    """etcd that somebody else runs, backs up and upgrades; its certificates are the secret `external_etcd`."""

    endpoints: Annotated[
        tuple[EtcdEndpoint, ...],
        EachOnce,
        Field(min_length=1, max_length=9, examples=[["https://10.0.0.31:2379", "https://10.0.0.32:2379"]]),
    ]
    """Where its members answer clients."""
