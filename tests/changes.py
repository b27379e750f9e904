"""The changes that users make most, each as an edit of a stack file, with the operations that it must cause.

`docs/changes.md` shows this table. The offline preview is held to it by `tests/stacks/test_changes.py`, the engine by
`tests/conformance/`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

Config = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One edit of a stack's configuration.

    Attributes:
        title: what the user does, in a few words.
        edit: changes the configuration in place.
    """

    title: str
    edit: Callable[[Config], None]


def _part(config: Config, name: str) -> Config:
    return config.setdefault(f"infraplatform:{name}", {})


def _tag(config: Config) -> None:
    _part(config, "tags")["cost-center"] = "42"


def _network_zone(config: Config) -> None:
    _part(config, "provider")["zones"].append("c")


def _minor_version(config: Config) -> None:
    cluster = _part(config, "cluster")
    major, minor = cluster["version"].split(".")
    cluster["version"] = f"{major}.{int(minor) + 1}"


def _add_on_version(config: Config) -> None:
    _part(config, "cluster")["add_on_versions"] = {"coredns": "v1.13.9-eksbuild.9"}


def _first_group(config: Config) -> Config:
    return next(iter(_part(config, "node_groups").values()))


def _machine_type(config: Config) -> None:
    _first_group(config)["machine_types"] = ["m8g.large"]


def _disk_size(config: Config) -> None:
    _first_group(config)["disk_gib"] = 100


def _node_group_added(config: Config) -> None:
    _part(config, "node_groups")["extra"] = {"machine_types": ["m7g.large"], "min_nodes": 2, "max_nodes": 4}


def _node_group_renamed(config: Config) -> None:
    groups = _part(config, "node_groups")
    first = next(iter(groups))
    groups["renamed"] = groups.pop(first)


def _node_group_removed(config: Config) -> None:
    groups = _part(config, "node_groups")
    del groups[list(groups)[-1]]


def _repository_added(config: Config) -> None:
    _part(config, "registry").setdefault("repositories", []).append("worker")


def _cluster_renamed(config: Config) -> None:
    _part(config, "cluster")["name"] = "renamed"


CHANGES: Final[Mapping[str, Change]] = {
    "tag": Change("a tag added", _tag),
    "network-zone": Change("a network zone added", _network_zone),
    "minor-version": Change("the Kubernetes minor raised", _minor_version),
    "add-on-version": Change("an add-on's version raised", _add_on_version),
    "machine-type": Change("a node group's machine type changed", _machine_type),
    "disk-size": Change("a node group's disk enlarged", _disk_size),
    "node-group-added": Change("a node group added", _node_group_added),
    "node-group-renamed": Change("a node group renamed", _node_group_renamed),
    "node-group-removed": Change("a node group removed", _node_group_removed),
    "repository-added": Change("a repository added", _repository_added),
    "cluster-renamed": Change("the cluster renamed", _cluster_renamed),
}


def changed(stack_file: Path, change: Change) -> str:
    """The text of a stack file after a change."""
    content = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    edited = copy.deepcopy(content)
    change.edit(edited["config"])
    return yaml.safe_dump(edited, sort_keys=False)
