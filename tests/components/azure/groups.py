"""Node groups of AKS for the tests, in a standard cluster that is a double."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.azure.node_groups import AksNodeGroup, AksNodeGroupArgs
from components.settings import NodeGroupSettings
from preview.plan import Resource
from tests.components.azure.clusters import aks_settings
from tests.components.azure.parts import PROVIDER, azure_cluster, group_name
from tests.components.doubles import TAGS, NetworkDouble, Stand
from tests.components.plans import planned


def group(
    key: str = "general", *, cluster: dict[str, Any] | None = None, tags: Mapping[str, str] = TAGS, **settings: Any
) -> AksNodeGroup:
    """A group of Standard_D4s_v5, two to six, in a standard cluster in zones 1 and 2, unless told otherwise."""
    defaults = {"machine_types": ("Standard_D4s_v5",), "min_nodes": 2, "max_nodes": 6}
    return AksNodeGroup(
        f"node-group-{key}",
        AksNodeGroupArgs(
            key=key,
            settings=NodeGroupSettings.model_validate({**defaults, **settings}),
            provider=PROVIDER,
            cluster_settings=aks_settings(**(cluster or {})),
            cluster=azure_cluster(),
            network=NetworkDouble(zones=("1", "2"), ready=(Stand("subnets"),)),
            tags=tags,
            resource_group_name=group_name(),
        ),
    )


def with_group(**settings: Any) -> Callable[[], AksNodeGroup]:
    """A program of one node group; the same one for the same settings, as plans are kept by their program."""
    return _programs.setdefault(repr(sorted(settings.items())), lambda: group(**settings))


_programs: dict[str, Callable[[], AksNodeGroup]] = {}


def pool(**settings: Any) -> Resource:
    """A group's pool, as a first preview plans it."""
    return planned(with_group(**settings))["AgentPool", settings.get("key", "general")]


def drain(**settings: Any) -> Resource:
    """What makes a group's pods leave before its pool goes."""
    key = settings.get("key", "general")
    return planned(with_group(**settings))["Command", f"{key}-drain"]
