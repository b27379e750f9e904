"""When a changed Kubernetes provider replaces all objects that it serves: `DiffConfig` of pulumi-kubernetes, in Python.

Source: pulumi-kubernetes 94977969 provider/pkg/provider/provider.go `DiffConfig` and util.go
`getActiveClusterFromConfig`, read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from preview.changes import is_mapping, is_sequence, reveal
from preview.paths import Path
from preview.plan import UNKNOWN

TYPE: Final = "pulumi:providers:kubernetes"
_CLUSTER_SETTINGS: Final = ("kubeconfig", "context", "cluster")  # the settings that choose a cluster


def replacing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Path]:
    """Return the paths whose change replaces the provider: none while `clusterIdentifier` stays what it is."""
    old_id, new_id = reveal(old.get("clusterIdentifier")), reveal(new.get("clusterIdentifier"))
    if new_id is not None and old_id == new_id:
        return []
    paths: list[Path] = []
    if old_id is not None and new_id is not None:  # coming or going does not replace, so that it can be introduced
        paths.append(("clusterIdentifier",))
    for key in _CLUSTER_SETTINGS:
        if reveal(new.get(key)) is UNKNOWN:  # the provider cannot tell either, and replaces to be safe
            return [*paths, (key,)] if reveal(old.get(key)) is not UNKNOWN else paths
    changed = [key for key in _CLUSTER_SETTINGS if reveal(old.get(key)) != reveal(new.get(key))]
    old_cluster, new_cluster = _active_cluster(old), _active_cluster(new)
    if old_cluster is not None and new_cluster is not None and old_cluster != new_cluster:
        paths += [(key,) for key in changed]
    if old.get("renderYamlToDirectory") != new.get("renderYamlToDirectory"):
        paths.append(("renderYamlToDirectory",))
    return paths


def _active_cluster(inputs: Mapping[str, Any]) -> object:
    """Return the cluster entry that the settings choose, or None where they choose none."""
    kubeconfig = reveal(inputs.get("kubeconfig"))
    if isinstance(kubeconfig, str):
        try:
            kubeconfig = yaml.safe_load(kubeconfig)
        except yaml.YAMLError:
            return None
    if not is_mapping(kubeconfig):
        return None
    context_name = reveal(inputs.get("context")) or kubeconfig.get("current-context")
    context = _named(kubeconfig, "contexts", context_name, "context")
    if not is_mapping(context):
        return None
    return _named(kubeconfig, "clusters", reveal(inputs.get("cluster")) or context.get("cluster"), "cluster")


def _named(kubeconfig: Mapping[str, Any], section: str, name: object, key: str) -> object:
    """Return the `key` of the entry called `name` in one of a kubeconfig's lists."""
    entries = kubeconfig.get(section)
    for entry in entries if is_sequence(entries) else ():
        if is_mapping(entry) and entry.get("name") == name:
            return entry.get(key)
    return None
