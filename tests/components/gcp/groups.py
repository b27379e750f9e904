"""Node pools for the tests, in a Standard cluster that is a double."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from components.gcp.node_groups import GkeNodeGroup, GkeNodeGroupArgs
from components.settings import GcpProviderSettings, GkeClusterSettings, NodeGroupSettings
from preview.plan import Resource
from tests.components.doubles import TAGS, ClusterDouble, NetworkDouble, Stand
from tests.components.plans import planned

NODES = "nodes@my-project.iam.gserviceaccount.com"
KEY = "projects/my-project/locations/europe-west3/keyRings/platform/cryptoKeys/disks"


def group(key: str = "general", *, cluster: dict[str, Any] | None = None, **settings: Any) -> GkeNodeGroup:
    """A group of n4-standard-4, two to six, in a Standard cluster in zones a and b, unless told otherwise."""
    defaults = {"machine_types": ("n4-standard-4",), "min_nodes": 2, "max_nodes": 6}
    required = {
        "version": "1.35",
        "release_channel": "regular",
        "zones": ("a", "b"),
        "deployers": ("user:a@b.example",),
    }
    return GkeNodeGroup(
        f"node-group-{key}",
        GkeNodeGroupArgs(
            key=key,
            settings=NodeGroupSettings.model_validate({**defaults, **settings}),
            provider=GcpProviderSettings(project="my-project", region="europe-west3", zones=("a", "b", "c")),
            cluster_settings=GkeClusterSettings.model_validate({**required, **(cluster or {})}),
            cluster=ClusterDouble(
                node_role=pulumi.Output.from_input(NODES), node_prerequisites=(Stand("rights-of-nodes"),)
            ),
            network=NetworkDouble(ready=(Stand("nat"),)),
            tags=TAGS,
            after=(Stand("key-grant"),),
        ),
    )


def with_group(**settings: Any) -> Callable[[], GkeNodeGroup]:
    """A program of one node group."""
    return lambda: group(**settings)


def pool(**settings: Any) -> Resource:
    return planned(with_group(**settings))["NodePool", settings.get("key", "general")]


def machine(**settings: Any) -> Any:
    """How the machines of a group start."""
    return pool(**settings).inputs["nodeConfig"]
