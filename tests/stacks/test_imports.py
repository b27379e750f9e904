"""A stack loads its own cloud's SDK and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from preview.runner import preview
from tests.stacks.stack_files import STACK_FILES
from tests.support import ROOT

SDK_OF = {"aws": "pulumi_aws", "azure": "pulumi_azure_native", "gcp": "pulumi_gcp"}
"""The SDK of each cloud."""


@pytest.mark.parametrize(
    ("name", "cloud"),
    [
        ("dev", "aws"),
        ("aws-eks-infrastructure", "aws"),
        ("azure-aks", "azure"),
        ("azure-aks-production", "azure"),
        ("gcp-gke", "gcp"),
        ("gcp-gke-autopilot", "gcp"),
    ],
)
def test_only_the_chosen_clouds_sdk_is_imported(name: str, cloud: str, tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    preview(ROOT, name, config_file=STACK_FILES[name], record_modules=modules)
    loaded = {line.partition(".")[0] for line in modules.read_text(encoding="utf-8").split()}
    assert loaded & set(SDK_OF.values()) == {SDK_OF[cloud]}
