"""What every row of a suite is built to, so that a suite can tell an empty answer from a right one."""

from __future__ import annotations

from typing import Final

from components.contract import ServiceAccount, Taint
from components.terms import TaintEffect

GROUP: Final = "general"
MIN_NODES: Final = 3
MAX_NODES: Final = 7
LABELS: Final = {"tier": "web"}
TAINTS: Final = (Taint(key="dedicated", value="web", effect=TaintEffect.NO_SCHEDULE),)

REPOSITORIES: Final = ("api", "team/web")
UPSTREAMS: Final = {"kubernetes": "registry.k8s.io", "docker-hub": "registry-1.docker.io"}
UPSTREAMS_WITH_CREDENTIALS: Final = frozenset({"registry-1.docker.io"})

ACCOUNT: Final = ServiceAccount(namespace="shop", name="orders")
