"""The engine's own CLI runs an unmodified program, offline, and leaves the project alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance import build
from tests.conformance.engine import EngineError, Workspace

pytestmark = pytest.mark.conformance

PROGRAM = """
import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block=pulumi.Config().require("cidr"))
aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
pulumi.export("vpc", vpc.id)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    if build.find("pulumi") is None:
        pytest.skip("pulumi: not built here; run `make conformance`")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n", encoding="utf-8")
    (folder / "Pulumi.dev.yaml").write_text("config:\n  small:cidr: 10.0.0.0/16\n", encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return folder


def test_a_program_is_previewed_without_plugins_or_credentials(project: Path, tmp_path: Path) -> None:
    digest = Workspace(project, "dev", tmp_path / "engine").preview()
    assert digest["changeSummary"] == {"create": 3}


def test_an_update_gives_a_state_as_stack_export_writes_it(project: Path, tmp_path: Path) -> None:
    state = json.loads(Workspace(project, "dev", tmp_path / "engine").up().read_text(encoding="utf-8"))
    resources = {item["urn"].rsplit("::", 1)[-1]: item for item in state["deployment"]["resources"]}
    assert resources["subnet"]["inputs"]["vpcId"] == resources["vpc"]["id"]
    assert resources["vpc"]["outputs"]["arn"].startswith("arn:aws:ec2:")


def test_the_project_is_only_read(project: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in project.iterdir() if path.is_file()}
    Workspace(project, "dev", tmp_path / "engine").preview()
    assert {path: path.read_bytes() for path in project.iterdir() if path.is_file()} == before


def test_a_program_that_raises_is_reported_in_its_own_words(project: Path, tmp_path: Path) -> None:
    (project / "__main__.py").write_text("raise ValueError('no such zone: x')\n", encoding="utf-8")
    with pytest.raises(EngineError, match="no such zone: x"):
        Workspace(project, "dev", tmp_path / "engine").preview()
