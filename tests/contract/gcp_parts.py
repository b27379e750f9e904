"""The node groups, registry and storage on Google Cloud that the suites look at, each to what `wanted.py` asks for.

They stand on doubles of network and cluster: `gcp.py` has the real ones.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi

from components.gcp.node_groups import GkeNodeGroup, GkeNodeGroupArgs
from components.gcp.registry import ArtifactRegistry, ArtifactRegistryArgs
from components.gcp.registry_cache import UpstreamCredentials
from components.gcp.storage import GcpStorage, GcpStorageArgs
from components.settings import (
    ArtifactRegistrySettings,
    GcpProviderSettings,
    GcpStorageSettings,
    GkeClusterSettings,
    NodeGroupSettings,
    ProtectionSettings,
)
from components.tags import platform_tags
from tests.components.doubles import ClusterDouble, NetworkDouble, Stand
from tests.contract import wanted

PROVIDER: Final = GcpProviderSettings(project="my-project", region="europe-west3", zones=("a", "b"))
PROTECTION: Final = ProtectionSettings(keep_data=True)
TAGS: Final = platform_tags("infraplatform", "test", "dev", {})
_CLUSTER_ID: Final = "projects/my-project/locations/europe-west3/clusters/dev-1a2b3c4"


def _cluster() -> ClusterDouble:
    return ClusterDouble(node_role=pulumi.Output.from_input("nodes@my-project.iam.gserviceaccount.com"))


def gke_node_group(machine_type: str) -> GkeNodeGroup:
    """A node pool with the nodes that every row has."""
    settings = NodeGroupSettings.model_validate(
        {
            "machine_types": [machine_type],
            "min_nodes": wanted.MIN_NODES,
            "max_nodes": wanted.MAX_NODES,
            "labels": wanted.LABELS,
            "taints": {taint.key: {"value": taint.value, "effect": taint.effect} for taint in wanted.TAINTS},
        }
    )
    cluster = {"version": "1.35", "release_channel": "regular", "zones": ["a", "b"], "deployers": ["user:a@b.example"]}
    args = GkeNodeGroupArgs(
        key=wanted.GROUP,
        settings=settings,
        provider=PROVIDER,
        cluster_settings=GkeClusterSettings.model_validate(cluster),
        cluster=_cluster(),
        network=NetworkDouble(),
        tags=TAGS,
    )
    return GkeNodeGroup(f"node-group-{wanted.GROUP}", args)


def artifact_registry() -> ArtifactRegistry:
    """A repository, and caches of which one wants credentials."""
    upstreams = {
        name: {"upstream": upstream, "credentials": upstream in wanted.UPSTREAMS_WITH_CREDENTIALS}
        for name, upstream in wanted.UPSTREAMS.items()
    }
    settings = ArtifactRegistrySettings.model_validate(
        {"repositories": list(wanted.REPOSITORIES), "pull_through": upstreams}
    )
    secret = pulumi.Output.secret("made-up")
    args = ArtifactRegistryArgs(
        settings=settings,
        provider=PROVIDER,
        cluster=_cluster(),
        protection=PROTECTION,
        tags=TAGS,
        pull_through_credentials={
            name: UpstreamCredentials(username=secret, access_token=secret)
            for name, upstream in upstreams.items()
            if upstream["credentials"]
        },
    )
    return ArtifactRegistry("registry", args)


def gcp_storage(**settings: Any) -> GcpStorage:
    """Disks, and what `settings` adds."""
    args = GcpStorageArgs(
        settings=GcpStorageSettings.model_validate(settings),
        provider=PROVIDER,
        network=NetworkDouble(),
        cluster_id=pulumi.Output.from_input(_CLUSTER_ID),
        protection=PROTECTION,
        tags=TAGS,
        after=(Stand("key-grant"),),
    )
    return GcpStorage("storage", args)
