"""The changes that users make most, each as an edit of a stack file, with the operations that it must cause.

`docs/changes.md` shows this table. The offline preview is held to it by `tests/stacks/test_changes.py`, the engine by
`tests/conformance/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from components.versions import AKS_MINORS, EKS_MINORS, GKE_MINORS
from tests import servers_edits

Config = dict[str, Any]


def _everywhere(config: Config) -> bool:  # noqa: ARG001  a condition looks at the configuration, and this one need not
    return True


@dataclass(frozen=True)
class Change:
    """One edit of a stack's configuration.

    Attributes:
        title: what the user does, in a few words.
        edit: changes the configuration in place.
        applies: whether a configuration has what the edit is of; those that have not are named in
            `tests/stacks/test_changes.py`.
    """

    title: str
    edit: Callable[[Config], None]
    applies: Callable[[Config], bool] = _everywhere


def _part(config: Config, name: str) -> Config:
    return config.setdefault(f"infraplatform:{name}", {})


def _cloud(config: Config) -> str:
    kind: str = config["infraplatform:provider"]["kind"]
    return kind


def _tag(config: Config) -> None:
    _part(config, "tags")["added"] = "42"


def _network_zone(config: Config) -> None:
    zones: list[str] = _part(config, "provider")["zones"]
    zone = next(letter for letter in _ZONE_LETTERS if letter not in zones)
    zones.append(zone)
    existing: dict[str, Any] = _part(config, "network").get("existing", {})
    subnets_by_use = [value for key, value in existing.items() if key.endswith("_subnet_ids")]
    for number, subnets in enumerate(subnets_by_use):
        subnets[zone] = f"subnet-0{zone * 15}{number}"  # the letters of zones are hexadecimal digits


def _has_another_zone(config: Config) -> bool:
    if _cloud(config) in ("azure", "gcp", "servers"):
        return False  # a subnet spans its region, and own servers have no zones
    return len(config["infraplatform:provider"]["zones"]) < len(_ZONE_LETTERS)


def _minor_version(config: Config) -> None:
    _part(config, "cluster")["version"] = _next_minor(config)


def _next_minor(config: Config) -> str:
    major, minor = _part(config, "cluster")["version"].split(".")
    return f"{major}.{int(minor) + 1}"


def _has_a_next_minor(config: Config) -> bool:
    return _cloud(config) in _MINORS and _next_minor(config) in _MINORS[_cloud(config)]


def _add_on_version(config: Config) -> None:
    # The one add-on that every cluster gets, with Auto Mode, too.
    _part(config, "cluster").setdefault("add_on_versions", {})["metrics-server"] = "v0.9.9-eksbuild.9"


def _has_add_on_versions(config: Config) -> bool:
    return _cloud(config) == "aws"  # AKS and GKE choose their add-ons' versions themselves


def _has_a_node_group(config: Config) -> bool:
    return len(config.get("infraplatform:node_groups", {})) > 0


def _has_two_node_groups(config: Config) -> bool:
    return len(config.get("infraplatform:node_groups", {})) > 1


def _first_group(config: Config) -> Config:
    return next(iter(_part(config, "node_groups").values()))


def _machine_type(config: Config) -> None:
    group = _first_group(config)
    family = group["machine_types"][0].partition("-")[0]
    other = {"aws": "m8g.large", "azure": "Standard_D16s_v5", "gcp": f"{family}-standard-8"}
    group["machine_types"] = [other[_cloud(config)]]


def _disk_size(config: Config) -> None:
    group = _first_group(config)
    group["disk_gib"] = group.get("disk_gib", _DEFAULT_DISK_GIB) * 2


def _node_group_added(config: Config) -> None:
    machine_types = list(_first_group(config)["machine_types"])
    _part(config, "node_groups")["extra"] = {"machine_types": machine_types, "min_nodes": 2, "max_nodes": 4}


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


def _can_be_renamed(config: Config) -> bool:
    return _cloud(config) != "servers"  # the preview refuses it


_ZONE_LETTERS: Final = "abcd"  # every region may have them
_MINORS: Final = {"aws": EKS_MINORS, "azure": AKS_MINORS, "gcp": GKE_MINORS}
_DEFAULT_DISK_GIB: Final = 50

CHANGES: Final[Mapping[str, Change]] = {
    "tag": Change("a tag added", _tag),
    "network-zone": Change("a network zone added", _network_zone, _has_another_zone),
    "minor-version": Change("the Kubernetes minor raised", _minor_version, _has_a_next_minor),
    "add-on-version": Change("an add-on's version raised", _add_on_version, _has_add_on_versions),
    "machine-type": Change("a node group's machine type changed", _machine_type, _has_a_node_group),
    "disk-size": Change("a node group's disk enlarged", _disk_size, _has_a_node_group),
    "node-group-added": Change("a node group added", _node_group_added, _has_a_node_group),
    "node-group-renamed": Change("a node group renamed", _node_group_renamed, _has_a_node_group),
    "node-group-removed": Change("a node group removed", _node_group_removed, _has_two_node_groups),
    "repository-added": Change("a repository added", _repository_added),
    "cluster-renamed": Change("the cluster renamed", _cluster_renamed, _can_be_renamed),
}
SERVERS_CHANGES: Final[Mapping[str, Change]] = {
    name: Change(title, edit, partial(servers_edits.may, name)) for name, (title, edit) in servers_edits.EDITS.items()
}
"""What is changed on own servers alone."""
ALL_CHANGES: Final[Mapping[str, Change]] = {**CHANGES, **SERVERS_CHANGES}


def applicable(stack_file: Path) -> Mapping[str, Change]:
    """The changes that a stack file has something for, by name."""
    config = _read(stack_file)["config"]
    return {name: change for name, change in ALL_CHANGES.items() if change.applies(config)}


def changed(stack_file: Path, change: Change) -> str:
    """The text of a stack file after a change."""
    content = _read(stack_file)
    change.edit(content["config"])
    return yaml.safe_dump(content, sort_keys=False)


def _read(stack_file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    return content
