"""The examples lie where there are prices: each control plane and each group's machines have one, with its source."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from preview.cost.tables import load
from tests.support import ROOT

STACK_FILES = sorted([*(ROOT / "examples").glob("Pulumi.*.yaml"), *ROOT.glob("Pulumi.*.yaml")])
_CONTROL_PLANES = {"eks": "aws/eks/standard", "gke": "gcp/gke", "aks": "azure/aks/Standard"}


def _settings(name: str) -> dict[str, Any]:
    (path,) = [path for path in STACK_FILES if path.name == name]
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["config"]
    return {key.partition(":")[2]: value for key, value in config.items()}


@pytest.mark.parametrize("name", [path.name for path in STACK_FILES])
def test_the_machines_of_an_example_have_a_price_where_it_lies(name: str) -> None:
    settings, book = _settings(name), load()
    cloud, region = settings["provider"]["kind"], settings["provider"].get("region")
    for group in (settings.get("node_groups") or {}).values():
        machine = group["machine_types"][0]  # the one that is priced: clouds try them in this order
        assert book.price(f"{cloud}/machine/{machine}", region), f"{machine} in {region}"
    control_plane = _CONTROL_PLANES.get(settings.get("cluster", {}).get("kind"))
    assert control_plane is None or book.price(control_plane, region)
