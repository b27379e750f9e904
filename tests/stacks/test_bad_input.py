"""A wrong stack file stops with a clear message, exit code 1, and nothing planned."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stacks.stack_files import STACK_FILES
from tests.support import ROOT

Config = dict[str, Any]


def edited(folder: Path, edit: Callable[[Config], None], stack: str = "dev") -> Path:
    """A stack's file after an edit of its `config`."""
    content = yaml.safe_load(STACK_FILES[stack].read_text(encoding="utf-8"))
    edit(content["config"])
    file = folder / "Pulumi.dev.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return file


def previewed(config_file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `python -m preview` says of a stack file."""
    command = [sys.executable, "-m", "preview", "--stack", "dev", "--config-file", str(config_file), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def _set(part: str, **values: object) -> Callable[[Config], None]:
    return lambda config: config[f"infraplatform:{part}"].update(values)


def _group(name: str = "general", **values: object) -> Callable[[Config], None]:
    return lambda config: config["infraplatform:node_groups"][name].update(values)


def _renamed_group(name: str) -> Callable[[Config], None]:
    def rename(config: Config) -> None:
        groups = config["infraplatform:node_groups"]
        groups[name] = groups.pop("general")

    return rename


WRONG: dict[str, tuple[Callable[[Config], None], str, str]] = {
    "a zone that the region cannot have": (_set("provider", zones=["a", "z"]), "provider.zones", "'z'"),
    "five zones": (_set("provider", zones=["a", "b", "c", "d", "e"]), "provider.zones", "4"),
    "a range that is too small": (_set("network", cidr="10.20.0.0/24"), "network.cidr", "/16 to /20"),
    "ranges that overlap": (_set("cluster", service_cidr="10.20.0.0/20"), "cluster.service_cidr", "overlaps"),
    "min above max": (_group(min_nodes=9), "node_groups.general", "9"),
    "an endpoint open to the world": (
        _set("cluster", api_access=["0.0.0.0/0"]),
        "cluster.api_access",
        "api_open_to_world",
    ),
    "a version that is not supported": (_set("cluster", version="1.29"), "cluster.version", "1.35"),
    "an image that does not fit the machine": (
        _group(machine_types=["inf2.xlarge"], image="bottlerocket"),
        "node_groups.general",
        "inf2.xlarge",
    ),
    "a name that is too long": (_renamed_group("a" * 64), "node_groups", "a" * 64),
    "a repository twice": (_set("registry", repositories=["api", "api"]), "registry.repositories", "api"),
    "an unknown key deep down": (_set("storage", block={"default": True, "iopz": 3}), "storage.block.iopz", "iops"),
    "an unknown part": (lambda config: config.update({"infraplatform:netwrk": {}}), "infraplatform:netwrk", "network"),
}


WRONG_ON_AZURE: dict[str, tuple[Callable[[Config], None], str, str]] = {
    "a region without zones": (_set("provider", region="westus"), "provider.region", "availability zones"),
    "a zone by a letter": (_set("provider", zones=["1", "2", "a"]), "provider.zones[2]", "in quotes"),
    "services in the network": (_set("cluster", service_cidr="10.20.0.0/20"), "cluster.service_cidr", "overlaps"),
    "a pool's name that is too long": (_renamed_group("ninechars"), "node_groups.ninechars", "8 lower-case"),
    "an endpoint open to the world": (
        _set("cluster", api_access=["0.0.0.0/0"]),
        "cluster.api_access",
        "api_open_to_world",
    ),
    "a machine of another cloud": (_group(machine_types=["m7g.large"]), "node_groups.general", "Standard_D4s_v5"),
    "a registry's name that is no host's": (_set("registry", name="My_Registry"), "registry.name", "lower-case"),
}


@pytest.mark.parametrize(
    ("stack", "edit", "key", "said"),
    [
        *(pytest.param("dev", *case, id=name) for name, case in WRONG.items()),
        *(pytest.param("azure-aks", *case, id=f"azure-{name}") for name, case in WRONG_ON_AZURE.items()),
    ],
)
def test_a_wrong_stack_file_stops_before_the_first_resource(
    tmp_path: Path, stack: str, edit: Callable[[Config], None], key: str, said: str
) -> None:
    result = previewed(edited(tmp_path, edit, stack))
    message = result.stdout + result.stderr
    assert result.returncode == 1
    assert key in message
    assert said in message
    assert "Traceback" not in message
    assert "nothing planned" in message
    assert "to create" not in message


def test_four_kinds_of_mistakes_in_one_file_are_reported_together(tmp_path: Path) -> None:
    def four(config: Config) -> None:
        _set("cluster", version=1.35)(config)  # a type
        _set("storage", block={"iopz": 3})(config)  # a key deep down
        _group(min_nodes=9, disk_gib="large")(config)  # two fields against each other, beside a wrong one
        _set("provider", zones=["a"])(config)  # two parts against each other

    message = previewed(edited(tmp_path, four)).stdout
    for key in (
        "cluster.version",
        "storage.block.iopz",
        "node_groups.general.max_nodes",
        "node_groups.general.disk_gib",
    ):
        assert f"infraplatform:{key}" in message
    assert "infraplatform:cluster.zones" in message


def test_a_broken_yaml_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config:\n  infraplatform:network: {cidr: 10.20.0.0/16\n  infraplatform:x: 1\n", encoding="utf-8")
    result = previewed(file)
    assert result.returncode == 1
    assert "Pulumi.dev.yaml:3:" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_secret_that_cannot_be_decrypted_is_previewed_as_unknown_and_never_shown() -> None:
    result = previewed(STACK_FILES["aws-eks-production"], "--json")
    assert result.returncode == 0
    assert "bm90LWRlY3J5cHRhYmxl" not in result.stdout + result.stderr
    assert '"secretString": "[secret]"' in result.stdout
