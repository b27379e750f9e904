"""What every row of a suite is built to, so that a suite can tell an empty answer from a right one."""

from __future__ import annotations

from typing import Final

from components.contract import Permissions, ServiceAccount, Taint
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

ON_AWS: Final = Permissions(roles={"read": "arn:aws:iam::aws:policy/ReadOnlyAccess"})
_SUBSCRIPTION: Final = "/subscriptions/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
_READER: Final = "providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
ON_AZURE: Final = Permissions(
    roles={"read": f"{_SUBSCRIPTION}/{_READER}"}, scope=f"{_SUBSCRIPTION}/resourceGroups/shared"
)
ON_GCP: Final = Permissions(roles={"read": "roles/storage.objectViewer"}, scope="projects/my-project")
